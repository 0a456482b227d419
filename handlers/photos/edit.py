"""Somebody edited what they had sent: nothing that was decided changes. The edit is a copy like any other, and goes with it.

What it edits may not be readable yet, because its key is late: then the edit waits for it, so that both are decided in their
order.
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.inbox import MOST_WAITING
from bot.core.transaction import Transaction
from bot.domain.arrivals import KEY_MAY_COME
from bot.domain.identifiers import NO_IMAGE
from bot.domain.rooms import RoomKind

from .media_named import expected, ledger_attachments, media_of

EDITED = "I don't follow edits: what I have recorded stays. To change it, please write a new message."


async def edited(request: Request, tx: Transaction) -> str | None:
    """Account for the edit, and say that edits are not followed.

    Which event it replaces is only believed to tell when the edit may go: not before the photo is safely filed.
    """
    arrival, target = request.arrival, request.content["m.relates_to"]["event_id"]
    if await tx.rows.wait_for_key(arrival.event_id, target, tx.now - KEY_MAY_COME, MOST_WAITING):
        return None
    image = await tx.rows.images.of_event(target, request.room.id, request.person.id)
    if not any(media_of(request.content)):
        if request.room.kind is not RoomKind.PRACTICE:  # there colleagues talk to one another
            await tx.ledger_message(arrival, image_id=image.id if image else NO_IMAGE)
    elif image is not None:
        await ledger_attachments(tx, arrival, image.id)
    else:  # it may have overtaken its photo
        await ledger_attachments(tx, arrival, keep_until=expected(arrival.sent_at))
    return EDITED
