"""Somebody joined or left a room of the bot's. Who may read is checked at every send; here it is written down.

What waited for somebody to come in is said now.
"""

from __future__ import annotations

from bot.domain.arrivals import Arrival
from bot.domain.rooms import RoomKind
from bot.transaction import Transaction


async def member(arrival: Arrival, tx: Transaction) -> None:
    room = await tx.rows.rooms.first(id=arrival.room_id)
    if room is None:
        return
    now = str((arrival.content or {}).get("membership", ""))
    await tx.audit("stranger", f"member.{now}", room.address, account=arrival.target, by=arrival.sender)
    if now == "join":
        await tx.rows.hurry(room.address, tx.now)
    bot_is_out = arrival.target == tx.policy.bot_account and now in {"leave", "ban"}
    if bot_is_out and room.kind is not RoomKind.LOBBY:
        await tx.tell_practice("I was removed from one of my rooms. Nothing is lost; !status shows what waits.")
