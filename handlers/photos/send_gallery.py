"""Several pictures in one message (MSC4274): each is taken as if it came alone, whatever else is in it.

Of one message ten pictures are taken, as many as one question may be about. What is left of it is accounted for and erased; its
sender hears so, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.dispatch import ChatRequest, is_picture
from bot.core.transaction import Transaction
from bot.domain.message import Message, together
from bot.words import to_patients

from .media_named import encrypted_file, erase_what_is_left
from .refuse_photo import refuse_photo
from .send_image import take_pictures
from .send_something_else import note_refused, refuse_kind

MOST_TOGETHER = 10  # pictures of one message
_IN_CLEAR, _NO_KIND = "unencrypted-file", "unknown"


async def send_gallery(items: Sequence[ChatRequest], request: ChatRequest, tx: Transaction) -> Message | None:
    refused = [why for item in items if (why := _why_not(item.content))]
    pictures = [item for item in items if not _why_not(item.content)]
    if not pictures and _IN_CLEAR in refused:
        return await refuse_photo(request, "image.not-encrypted", to_patients.unsupported(_IN_CLEAR), tx)
    if not pictures:
        return await refuse_kind(refused[0] if refused else _NO_KIND, request, tx)
    answer = await take_pictures(pictures[:MOST_TOGETHER], request, tx)
    if not await tx.rows.images.of_event(request.arrival.event_id, request.room.id):
        return answer
    await erase_what_is_left(tx, request.arrival)
    said = await _refused(refused[0], request, tx) if refused else None
    left = None
    late = len(pictures) - MOST_TOGETHER
    if late > 0:
        await tx.audit(request.person.id, "gallery.too-many", request.arrival.event_id, left=late)
        left = to_patients.too_many_together(MOST_TOGETHER, late)
    return together([said, left, answer])


async def _refused(what: str, request: ChatRequest, tx: Transaction) -> Message:
    if what == _IN_CLEAR:
        await tx.audit(request.person.id, "image.not-encrypted", request.arrival.event_id)
    else:
        await note_refused(what, request, tx)
    return to_patients.not_in_a_gallery(what)


def _why_not(part: Mapping[str, Any]) -> str:
    """Return what the item is, where that can't be taken; "" for a picture."""
    if not is_picture(part):
        return str(part.get("msgtype") or _NO_KIND)
    return "" if encrypted_file(part) else _IN_CLEAR
