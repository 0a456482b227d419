"""Somebody edited what they had sent: nothing that was decided changes. The edit is a copy like any other, and goes with it.

What it edits may not be readable yet, because its key is late: then the edit waits for it, so that both are decided in their
order.
"""

from __future__ import annotations

from bot.core.dispatch import ChatRequest, Request
from bot.core.inbox import MOST_WAITING
from bot.core.transaction import Transaction
from bot.domain.arrivals import KEY_MAY_COME
from bot.domain.identifiers import NO_IMAGE, EventId
from bot.domain.image import Image, State, what_is_missing
from bot.domain.message import Message
from bot.domain.people import Role
from bot.domain.rooms import RoomKind
from bot.domain.statement import Missing
from bot.words import phrases, to_colleagues, to_patients

from .media_named import expected, ledger_attachments, media_of


async def edited(request: ChatRequest, tx: Transaction) -> Message | None:
    """Account for the edit, and say that edits are not followed, and what to write instead.

    Which event it replaces is only believed to tell when the edit may go: not before the photo is safely filed.
    """
    arrival, target = request.arrival, request.content["m.relates_to"]["event_id"]
    if await tx.rows.wait_for_key(arrival.event_id, target, tx.now - KEY_MAY_COME, MOST_WAITING):
        return None
    images = await tx.rows.images.of_event(target, request.room.id, request.person.id)
    image = next((image for image in images if image.in_reach), images[0] if images else None)
    if not any(media_of(request.content)):
        if request.room.kind is not RoomKind.PRACTICE:  # there colleagues talk to one another
            await tx.ledger_message(arrival, image_id=image.id if image else NO_IMAGE)
    elif image is not None:
        shown = await tx.rows.copies.of_event(target, request.room.id)
        whose = {copy.mxc: copy.image_id for copy in shown if copy.is_media}
        await ledger_attachments(tx, arrival, image.id, whose=whose)
    else:  # it may have overtaken its photo
        await ledger_attachments(tx, arrival, keep_until=expected(arrival.sent_at))
    return await _what_to_write(image or await _written_about(target, request, tx), request, tx)


async def _written_about(target: str, request: Request, tx: Transaction) -> Image | None:
    """Return the photo that the edited words were about, if the person sent it."""
    for copy in await tx.rows.copies.of_event(EventId(target), request.room.id):
        image = await tx.rows.images.known(copy.image_id) if copy.image_id else None
        if image is not None and image.sender_id == request.person.id:
            return image
    return None


async def _what_to_write(image: Image | None, request: Request, tx: Transaction) -> Message:
    if image is None or not image.in_reach:
        return phrases.edited()
    if image.from_colleague:
        waits = image.state in {State.RECEIVED, State.CAPTURED}
        return to_colleagues.edited(image.ref, waits=waits, may_note=request.person.may_act_as(Role.CLINICIAN))
    return to_patients.edited(image.ref, says_why=Missing.PURPOSE not in what_is_missing(image))
