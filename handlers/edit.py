"""Somebody edited what they had sent: nothing that was decided changes. The edit is a copy like any other, and goes with it."""

from __future__ import annotations

from bot.dispatch import Request
from bot.domain.rooms import RoomKind
from bot.transaction import Transaction

from .attachments import ledger_attachments, media_of

EDITED = "I don't follow edits: what I have recorded stays. To change it, please write a new message."


async def edited(request: Request, tx: Transaction) -> str:
    """Which event it replaces is only believed to tell when the edit may go: not before the photo is safely filed."""
    target = request.content["m.relates_to"].get("event_id")
    image = None
    if isinstance(target, str):
        image = await tx.rows.images.first(event_id=target, room_id=request.room.id, sender_id=request.person.id)
    about = image.id if image else ""
    if any(media_of(request.content)):
        await ledger_attachments(tx, request.arrival, about)
    elif request.room.kind is not RoomKind.PRACTICE:  # there colleagues talk to one another
        await tx.ledger_message(request.arrival, image_id=about)
    return EDITED
