"""Which of their photos somebody's words are about: the one they name, or the one they reply to (R15, R29).

Words about one child must not be filed under another because somebody answers for both. A homeserver could change what a
message replies to, so it is only ever one of their own photos, and they are told which.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.dispatch import Request, event_replied_to
from bot.core.transaction import Transaction
from bot.domain.errors import Refused
from bot.domain.image import Image
from bot.domain.references import references_in
from bot.words import about_reading

from .own_image import images_as_a_patient


async def photo_meant(request: Request, tx: Transaction) -> Image | None:
    """Return the photo that the words name or reply to; None when they do neither. `Refused` when it can't be one of theirs."""
    found = await photos_meant(request, tx)
    named = references_in(request.text)
    unknown = sorted(named - {image.ref for image in found})
    if unknown:
        raise Refused(about_reading.unknown_not_passed_on(unknown[0]), "R15")
    of_one = len({image.patient_id for image in found}) == 1
    if named and not of_one:
        raise Refused(about_reading.one_at_a_time(), "R15")
    return found[-1] if of_one else None


async def photos_meant(request: Request, tx: Transaction) -> list[Image]:
    """Return those of their photos that the words name, or else reply to."""
    theirs = await images_as_a_patient(request.person, tx)
    if named := references_in(request.text):
        return [image for image in theirs if image.ref in named]
    return await _replied_to(request, theirs, tx)


async def _replied_to(request: Request, theirs: Sequence[Image], tx: Transaction) -> list[Image]:
    """Return those of their photos that the message replied to shows or is about."""
    event_id = event_replied_to(request.content)
    if event_id is None:
        return []
    copies = await tx.rows.copies.of_event(event_id, request.room.id)
    about = {copy.image_id for copy in copies}
    return [
        image for image in theirs if image.id in about or (image.event_id, image.room_id) == (event_id, request.room.id)
    ]
