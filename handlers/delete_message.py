"""Somebody deleted a message in their app. A deletion is not authenticated, so it is asked about, never obeyed."""

from __future__ import annotations

from bot.consequences import apply
from bot.domain.arrivals import Arrival
from bot.domain.image import SenderDeleted
from bot.transaction import Transaction


async def deleted(arrival: Arrival, tx: Transaction) -> None:
    image = await tx.rows.images.first(event_id=arrival.target, room_id=arrival.room_id)
    if image is None:
        return
    sender = await tx.person(image.sender_id)
    if arrival.sender != sender.account:
        await tx.audit("stranger", "deletion.by-another", image.id, sender=arrival.sender)
        return
    await apply(tx, image, SenderDeleted(), by=sender.id)
