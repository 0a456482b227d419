"""Rooms: make, join, leave, invite. A room is made once however often it is asked for; its key names the wish."""

from __future__ import annotations

from bot.core.memberships import put_out_of
from bot.core.transaction import Transaction
from bot.core.uses.not_shown import stop_showing
from bot.core.uses.still_allowed import still_allowed
from bot.domain import rooms
from bot.domain.copies import SETTLED
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, Address, RoomId
from bot.domain.intents import EraseCopy, Invite, JoinRoom, LeaveRoom, OpenRoom, RemoveMember
from bot.domain.people import Standing
from bot.domain.planned import Progress
from bot.domain.rooms import Room, RoomKind
from bot.domain.use import UseState
from bot.ports import Commit, NewRoom
from bot.words import about_uses

from .world import World, people_of


async def open_room(world: World, intent: OpenRoom) -> str:
    """Return the id of the room made; "" for a case that may not be opened any more (R31)."""
    now = world.clock.now()
    async with world.journal.reading() as rows:
        if rooms.is_case(intent.address):
            use = await rows.uses.get(rooms.use_at(intent.address))
            images = await rows.images.among(use.image_ids)
            today = now.astimezone(world.policy.timezone).date()
            if not await still_allowed(rows, use, images, use.recipient_ids, now, today):
                return ""
        here = await _may_come(intent.address, rows)
    invite = tuple(account for account in intent.invite if account in here)
    return await world.chat.create_room(NewRoom(intent.key, intent.name, invite))


async def opened(tx: Transaction, intent: OpenRoom, room_id: RoomId) -> None:
    if not room_id:
        use = await tx.rows.uses.get(rooms.use_at(intent.address))
        await stop_showing(intent.address, tx)
        if use.state is UseState.RELEASED:
            image = await tx.rows.images.get(use.image_ids[0])
            await tx.say(rooms.own(use.asked_by), about_uses.not_shared([image.ref]), image_id=image.id)
        return
    if await tx.rows.rooms.at(intent.address):
        return
    await tx.rows.rooms.add(_room(room_id, intent.address))
    if rooms.is_case(intent.address):
        for person in await tx.rows.people.standing(Standing.PAUSED):
            if person.account in intent.invite:  # paused while they were being invited
                await put_out_of(intent.address, person, tx)
    await tx.audit("bot", "room.opened", intent.address, room=room_id)


def _room(room_id: RoomId, address: Address) -> Room:
    if address == rooms.PRACTICE:
        return Room(room_id, RoomKind.PRACTICE, address)
    if rooms.is_case(address):
        return Room(room_id, RoomKind.CASE, address)
    return Room(room_id, RoomKind.OWN, address, rooms.person_at(address))


async def _may_come(address: Address, rows: Commit) -> set[Account]:
    """Return who may be invited: nobody who has left, and nobody who is paused where others write in apps of their own (R28a)."""
    here = await people_of(address, rows)
    return {person.account for person in here if rooms.is_own(address) or person.standing is Standing.ACTIVE}


async def invite(world: World, intent: Invite) -> bool:
    """Return whether they were invited: somebody who left or was paused since it was planned is not (R28a)."""
    async with world.journal.reading() as rows:
        room, _ = await world.room_in(rows, intent.address)
        here = await _may_come(intent.address, rows)
    if intent.account not in here:
        return False
    await world.chat.invite(room.id, intent.account)
    return True


async def remove(world: World, intent: RemoveMember) -> None:
    """Put somebody out of a room, after what is called back there is redacted (R25).

    Outside the room they would never see the redaction, and their app would keep the message.
    """
    async with world.journal.reading() as rows:
        room, _ = await world.room_in(rows, intent.address)
        due = [planned.intent for planned in await rows.waiting(Progress.DUE)]
        hidden = [erasure.copy_id for erasure in due if isinstance(erasure, EraseCopy) and erasure.hide_first]
        shown = await rows.copies.among_in_room(hidden, room.id)
    if any(copy.event_id and copy.state not in SETTLED for copy in shown):
        raise OutsideFailure("what is called back there goes first")
    await world.chat.remove(room.id, intent.account)


async def join(world: World, intent: JoinRoom) -> None:
    await world.chat.join(intent.room_id)


async def joined(tx: Transaction, intent: JoinRoom, _nothing: None) -> None:
    await tx.audit("bot", "room.joined", intent.room_id, invited_by=intent.invited_by)


async def leave(world: World, intent: LeaveRoom) -> None:
    await world.chat.leave(intent.room_id)


async def left(tx: Transaction, intent: LeaveRoom, _nothing: None) -> None:
    await tx.audit("bot", "room.left", intent.room_id)


async def settled(tx: Transaction, intent: Invite, invited: bool) -> None:
    await tx.audit("bot", "room.invited" if invited else "room.not-invited", intent.address, account=intent.account)


async def removed(tx: Transaction, intent: RemoveMember, _nothing: None) -> None:
    await tx.audit("bot", "room.removed", intent.address, account=intent.account)


async def fail(tx: Transaction, intent: OpenRoom | Invite | JoinRoom | LeaveRoom, why: Permanent) -> None:
    """Note the failure. A room that is gone or closed to the bot needs nobody's attention; one it could not make does."""
    await tx.audit(
        "bot", f"{intent.kind}.failed", getattr(intent, "room_id", "") or getattr(intent, "address", ""), why=why.code
    )
