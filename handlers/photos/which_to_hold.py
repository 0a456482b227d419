"""Which photos somebody wants back, or says show another, where the words alone do not say (R15, R29, R34)."""

from __future__ import annotations

from collections.abc import Sequence, Set

from bot.domain.deeds import HoldPhoto
from bot.domain.identifiers import ImageId, PatientId
from bot.domain.image import HeldFor, Image

from .around import Surroundings
from .written_about import asked_about_last, last_talked_of


async def photos_to_hold(around: Surroundings) -> list[Image]:
    """Return the photos meant, of those not held for a withdrawal already (R15).

    A reference says which; else the purpose that they name, or the yes that they take back (R13); else a reply. Else, where they
    name children, it is the latest of each of these; of those that are nobody's yet it may be one where they name nobody of whom
    there is a photo.
    """
    able = [image for image in around.theirs if image.held_for is not HeldFor.WITHDRAWAL]
    spared = around.family.left_out_in(around.request.said.words)
    by_reference = {image.id for image in around.meant if image.ref in spared.refs}
    left_out = (
        {image.id for image in around.meant} if spared.replied_to and not around.request.said.refs else by_reference
    )
    if spared.whose or left_out:
        return _all_but(able, spared.whose, left_out, around)
    if used := await _in_use(able, around):
        return used
    if around.meant or around.request.said.refs:
        return await _meant(able, around)
    found: list[Image] = []
    for patient_id in sorted(around.family.whom_they_name(around.request.said.words)):
        found += await _meant([image for image in able if image.patient_id == patient_id], around)
    return found or await _meant(around.of_whom_they_name(able) or able, around)


async def _in_use(able: Sequence[Image], around: Surroundings) -> list[Image]:
    deed, said = around.heard.deed, around.request.said
    just_agreed = isinstance(deed, HoldPhoto) and deed.just_agreed
    used = {image.id for image in around.of_these(around.in_use.meant_by_itself(said, just_agreed=just_agreed))}
    replied_to = {image.id for image in around.meant} if used else set()
    return [image for image in able if image.id in used | replied_to]


def _all_but(
    able: Sequence[Image], whose: frozenset[PatientId], left_out: Set[ImageId], around: Surroundings
) -> list[Image]:
    """Return those that are not left out: of the photos named beside, or of whoever is named beside, or else all.

    Whose is not known yet may be left out.
    """
    named = around.family.whom_they_name(around.request.said.words) - whose
    beside = {image.id for image in around.photos_meant() if around.request.said.refs} - left_out
    others = [
        image for image in able if image.patient_id and image.patient_id not in whose and image.id not in left_out
    ]
    return [
        image for image in others if (not named or image.patient_id in named) and (not beside or image.id in beside)
    ]


async def photos_of_somebody_else(around: Surroundings) -> list[Image]:
    """Return the photos meant, named or of those they sent; none of whom the words say that it is theirs."""
    whose, meant = around.whose_said, await photos_they_speak_of(around)
    return [image for image in meant if image.patient_id not in whose]


async def photos_they_speak_of(around: Surroundings) -> list[Image]:
    """Return the photos that they name, or reply to; else those they chose somebody for last, where they take that back."""
    sent = [image for image in around.theirs if image.sender_id == around.request.person.id]
    if meant := around.photos_meant():
        return meant
    last = around.last_choice.image_ids if around.heard.again and around.last_choice else ()
    return [image for image in sent if image.id in last] or await _meant(sent, around)


async def _meant(able: Sequence[Image], around: Surroundings) -> list[Image]:
    """Return the photos named or replied to; else those of what was asked last, unless they sent another since.

    Else those last written about or sent. All photos of one message are meant together.
    """
    if meant := around.photos_meant():
        kept = {image.id for image in able}
        return [image for image in meant if image.id in kept]
    sent = [image for image in able if image.sender_id == around.request.person.id]
    asked, asked_at = await asked_about_last(able, around)
    if asked and (not sent or sent[-1] in asked or sent[-1].received_at <= asked_at):
        return asked
    latest = await last_talked_of(able, around)
    if latest is None:
        return []
    together = [image for image in sent if (image.event_id, image.room_id) == (latest.event_id, latest.room_id)]
    return together if sent and latest == sent[-1] else [latest]
