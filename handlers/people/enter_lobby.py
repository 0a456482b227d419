"""An invitation from somebody's app: the bot joins, and serves only the code there."""

from __future__ import annotations

from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.arrivals import Arrival
from bot.domain.intents import JoinRoom
from bot.domain.marks import Mark, Meaning
from bot.domain.rooms import Room, RoomKind
from bot.words import greetings


async def invited(arrival: Arrival, tx: Transaction) -> None:
    known = await tx.rows.rooms.known(arrival.room_id)
    if known is not None and known.kind is not RoomKind.LOBBY:
        return
    address = rooms.lobby(arrival.room_id)
    if known is None:
        await tx.rows.rooms.add(Room(arrival.room_id, RoomKind.LOBBY, address))
    await tx.audit("stranger", "lobby.entered", arrival.room_id, invited_by=arrival.sender)
    await tx.plan(JoinRoom(arrival.room_id, arrival.sender), lane=address)
    await tx.say(address, greetings.GREETING.format(practice=tx.policy.practice), mark=Mark(Meaning.ASKS_CODE))
