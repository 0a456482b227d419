"""Capture: fetch the ciphertext under a cap, check its hash, decrypt in memory, seal in the vault.

Doing it twice is safe: the hash of the ciphertext is checked each time, and the vault keeps one blob per id. It happens first,
for anybody who is known, because chat copies can vanish. Nothing is decoded here.

What the homeserver does not serve, or serves wrongly, is requested again for some minutes; then it is given up, and sender and
practice hear so. Its chat copies stay until the sender withdraws it or the practice decides: a wrong answer destroys nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core.consequences import apply, close_questions
from bot.core.held_as_body import held_as_body
from bot.core.sent_before import sent_before
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.errors import OutsideFailure, Permanent, SignedOut
from bot.domain.formats import MediaType, holds_several, is_film, media_type
from bot.domain.identifiers import MediaId
from bot.domain.image import (
    Captured,
    CaptureFailed,
    Described,
    Discarded,
    DuplicateFound,
    Event,
    HeldFor,
    Image,
    SomebodyElse,
    State,
)
from bot.domain.intents import SCREENING, CaptureImage, Hearing, ScreenImage
from bot.domain.sealed import SealedObject
from bot.domain.use_rules import Kind
from bot.ports import Commit
from bot.words import to_patients, to_the_team
from bot.words.about_somebody_else import held_for_somebody_else

from .world import World

# What is wrong with the photo or its message, which asking again would not change. All else is what the homeserver said.
FINAL = frozenset({"too-large", "empty", "not-kept", "film", "several-pictures", "bad-attachment"})
WITHDRAWN = "withdrawn"
TRIES = 8  # four minutes


@dataclass(frozen=True, slots=True)
class SealedPhoto:
    sealed: SealedObject
    media_type: str


async def perform(world: World, intent: CaptureImage) -> SealedPhoto | None:
    image = await world.image(intent.image_id)
    if image.state is not State.RECEIVED:
        return None
    if image.held_for is HeldFor.WITHDRAWAL:
        raise Permanent(WITHDRAWN)  # then it need not be fetched
    try:
        return await _fetched(world, image)
    except SignedOut:
        raise
    except Permanent as why:
        if why.code in FINAL or (why.code == "gone" and (image.deleted_by_sender or await _is_again(world, image))):
            raise
        raise OutsideFailure(why.code, tries=TRIES) from None


async def _is_again(world: World, image: Image) -> bool:
    async with world.journal.reading() as rows:
        return await _sent_before(rows, image) is not None


async def _fetched(world: World, image: Image) -> SealedPhoto:
    largest = world.policy.largest_image
    claimed = min(image.size, largest) or largest
    try:
        return await _kept(world, image, claimed)
    except Permanent as why:
        if why.code != "too-large" or claimed == largest:
            raise
    return await _kept(world, image, largest)  # more was sent than the sender's app said


async def _kept(world: World, image: Image, limit: int) -> SealedPhoto:
    async with world.in_flight.room_for(2 * limit):  # what was sent, and what it decrypts to
        return await _sealed(world, image, await world.chat.fetch(image.attachment, limit))


async def _sealed(world: World, image: Image, data: bytes) -> SealedPhoto:
    if not data:
        raise Permanent("empty")
    kind = media_type(data)
    if kind is None:
        raise Permanent("film" if is_film(data) else "not-kept")
    if kind is MediaType.TIFF and holds_several(data):
        raise Permanent("several-pictures")
    return SealedPhoto(await world.vault.seal(image.id, image.patient_id, data), kind.value)


async def settle(tx: Transaction, intent: CaptureImage, kept: SealedPhoto | None) -> None:
    if kept is None:
        return
    image = await tx.rows.images.get(intent.image_id)
    same = await tx.rows.images.with_digest(kept.sealed.sha256, image.sender_id)
    others = [
        other
        for other in same
        if other.id != image.id and other.form_of == image.form_of and _for_the_same(other, image)
    ]
    earlier = [other for other in others if other.stands_for_repeats]
    image = await _no_document(image, kept.sealed.sha256, tx)
    if not earlier and any(other.held_for is HeldFor.SOMEBODY_ELSE and other.in_reach for other in others):
        image = await _doubted_too(image, tx)
    event: Event = DuplicateFound(earlier[0].id) if earlier else Captured(kept.sealed, kept.media_type)
    after = await apply(tx, image, event, by="bot")
    if after.in_reach:
        await tx.plan(ScreenImage(image.id), lane=SCREENING)


async def _no_document(image: Image, sha256: str, tx: Transaction) -> Image:
    """Take as a body what is held as one here, or was shown from here as one: its sender is asked for the consent (R3)."""
    said = image.statement
    if (
        image.form_of
        or said is None
        or said.kind is not Kind.DOCUMENT
        or not await held_as_body(tx.rows, sha256, image.id)
    ):
        return image
    await tx.remind("held-as-body", image.id, timedelta(0))
    return await apply(tx, image, Described(replace(said, kind=Kind.BODY)), by="bot")


def _for_the_same(earlier: Image, image: Image) -> bool:
    """Return whether both were sent for one patient: sent again for another child it is another image, with its own words (R15).

    For a colleague's image it is not known yet whom it shows.
    """
    return image.from_colleague or (earlier.sent_for or earlier.patient_id) == image.patient_id


async def _doubted_too(image: Image, tx: Transaction) -> Image:
    """Doubt this photo too: its sender said that the same photo shows somebody else, and silence doesn't make it theirs (R15)."""
    if image.from_colleague or image.held_for is not None:
        return image
    doubted = await apply(tx, image, SomebodyElse(), by="bot")
    await close_questions(tx, doubted)
    text = held_for_somebody_else([image.ref], tx.policy.practice)
    await tx.say(rooms.own(image.sender_id), text, image_id=image.id, hearing=Hearing.SENDING)
    return doubted


async def fail(tx: Transaction, intent: CaptureImage, why: Permanent) -> None:
    image = await tx.rows.images.get(intent.image_id)
    event: Event = Discarded(WITHDRAWN) if why.code == WITHDRAWN else CaptureFailed(why.code)
    filed = await _sent_before(tx.rows, image) if why.code == "gone" else None
    if filed is not None:
        event = DuplicateFound(filed.id)
    await apply(tx, image, event, by="bot")


async def _sent_before(rows: Commit, image: Image) -> Image | None:
    """Return the photo that this is again, for the same patient: an app that forwards one names the same media, which went once
    the photo was filed.
    """
    account = (await rows.people.get(image.sender_id)).account
    filed = await sent_before(rows, MediaId(str(image.attachment.get("url", ""))), account, image.sender_id)
    again = filed is not None and filed.form_of == image.form_of and _for_the_same(filed, image)
    return filed if again else None


async def give_up(tx: Transaction, intent: CaptureImage, trouble: str) -> None:
    """Tell its sender and the practice. This decides nothing: what is known of the photo stays as it is."""
    image = await tx.rows.images.get(intent.image_id)
    if image.state is not State.RECEIVED:
        return
    if not image.deleted_by_sender:
        text = to_patients.not_fetched(image.ref, trouble, "leave" if image.from_colleague else "withdraw")
        await tx.say(rooms.own(image.sender_id), text, image_id=image.id, hearing=Hearing.SENDING)
    await tx.tell_practice(to_the_team.not_fetched(image.ref, trouble), image_id=image.id)
