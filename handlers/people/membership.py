"""Somebody joined or left a room of the bot's. Who may read is checked at every send; here it is written down.

What waited for somebody to come in is said now. Somebody who left their own chat is invited back once; people who wait for an
answer of theirs, or for their advice, hear that none may come.
"""

from __future__ import annotations

from bot.core.memberships import let_into
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.arrivals import Arrival
from bot.domain.identifiers import Account
from bot.domain.people import Person, Standing
from bot.domain.rooms import Room, RoomKind
from bot.domain.use import UseState
from bot.words import about_requests, to_the_team
from handlers.uses.purge_case import copy_unanswered


async def member(arrival: Arrival, tx: Transaction) -> None:
    room = await tx.rows.rooms.known(arrival.room_id)
    if room is None:
        return
    now = str((arrival.content or {}).get("membership", ""))
    await tx.audit("stranger", f"member.{now}", room.address, account=arrival.target, by=arrival.sender)
    if now == "join":
        await tx.rows.hurry(room.address, tx.now)
    if arrival.target == tx.policy.bot_account:
        if now in {"leave", "ban"} and room.kind is not RoomKind.LOBBY:
            await tx.tell_practice(to_the_team.bot_was_removed())
        return
    person = await tx.holder(Account(arrival.target))
    by_themselves = arrival.sender == arrival.target
    if person is None or person.standing is not Standing.ACTIVE:
        return
    if room.kind is RoomKind.OWN and room.person_id == person.id:
        if now == "join" and room.deserted:
            await tx.rows.rooms.save(rooms.come_back_to(room))
        elif now == "leave" and by_themselves and not room.deserted:
            await _left_own_chat(person, room, tx)
    elif room.kind is RoomKind.CASE and now == "leave" and by_themselves:
        await _left_case(person, room, tx)


async def _left_own_chat(person: Person, room: Room, tx: Transaction) -> None:
    """Invite them back once; somebody who declines that invitation too is left in peace."""
    await tx.rows.rooms.save(rooms.deserted(room))
    await let_into(room.address, person, tx)
    await tx.tell_practice(to_the_team.SOMEBODY_LEFT_CHAT)
    for use in await tx.rows.uses.in_states((UseState.AWAITING_CONSENT,)):
        images = await tx.rows.images.among(use.image_ids)
        able = await tx.answerers(images[0].patient_id)
        if person.id in able and not await tx.reached(able):
            await tx.say(rooms.own(use.asked_by), about_requests.asked_have_left(images), image_id=images[0].id)


async def _left_case(person: Person, room: Room, tx: Transaction) -> None:
    """Tell the person who asked for advice. Somebody who leaves instead of answering about a copy of their own gave no answer."""
    use = await tx.rows.uses.get(rooms.use_at(room.address))
    if use.state is not UseState.RELEASED or person.id not in use.recipient_ids:
        return
    if use.summarised_at is not None:
        await copy_unanswered(tx, use.id)
        return
    image = await tx.rows.images.get(use.image_ids[0])
    await tx.say(rooms.own(use.asked_by), about_requests.adviser_left(person.name, image), image_id=image.id)
