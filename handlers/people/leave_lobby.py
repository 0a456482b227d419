"""Going from a lobby: the bot's own words with somebody's details are taken back, and the room is left."""

from __future__ import annotations

from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.identifiers import RoomId
from bot.domain.intents import EraseCopy, LeaveRoom
from bot.domain.invitations import Invitation
from bot.domain.marks import Mark
from bot.domain.message import Message


async def leave_after(said: Message, mark: Mark, room_id: RoomId, tx: Transaction) -> None:
    """Say a last sentence about nobody, and leave."""
    address = rooms.lobby(room_id)
    await tx.say(address, said, open=True, mark=mark)
    await tx.plan(LeaveRoom(room_id), lane=address)


async def take_back(invitation: Invitation, room_id: RoomId, tx: Transaction) -> None:
    """Redact what the bot said privately in the lobby, and the invitation itself: its code opens nothing any more."""
    for key in (f"lobby:{invitation.id}", f"invitation:{invitation.id}"):
        for copy in await tx.rows.copies.of_post(key):
            await tx.plan(EraseCopy(copy.id), lane=rooms.lobby(room_id) if key.startswith("lobby") else "")
