"""Who is not heard, and why: strangers, messages in clear, devices that nobody vouches for, a changed identity.

It is decided before anything is fetched (R6). What is said here is a fixed sentence about nobody, so any device may read it;
what a stranger sent is not kept, and its copies are accounted for. Nothing that an unproved sender says ever changes anything.
"""

from __future__ import annotations

from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.arrivals import Arrival
from bot.domain.deeds import SayNo
from bot.domain.intents import SayInClear
from bot.domain.people import Standing
from bot.domain.rooms import Room, RoomKind
from bot.domain.taking_part import IdentityDiffers
from bot.words import about_requests, greetings, phrases, to_the_team
from bot.words.about_lost_phones import LOST
from handlers.photos.media_named import ledger_attachments, media_of
from handlers.uses.hold_uses import hold_on_a_no

from .pause import pause


async def stranger(no: SayNo | None, arrival: Arrival, tx: Transaction) -> None:
    """Refuse somebody in a room that is not theirs: keep nothing, say whom to ask, purge, audit (R6)."""
    room = await tx.rows.rooms.get(arrival.room_id)
    await tx.audit("stranger", "stranger.refused", arrival.event_id, sender=arrival.sender)
    await ledger_attachments(tx, arrival)
    person = await tx.holder(arrival.sender)
    if person is not None and person.standing is Standing.LEFT:
        await hold_on_a_no(no, arrival, person, tx)
    await tx.say(room.address, phrases.STRANGER.format(practice=tx.policy.practice), open=True)


async def in_clear(arrival: Arrival, tx: Transaction) -> None:
    """Refuse what was sent without encryption; erase media that came with it."""
    room = await tx.rows.rooms.known(arrival.room_id)
    await tx.audit("stranger", "in-clear.refused", arrival.event_id, sender=arrival.sender)
    if room is None:
        return
    if room.kind is RoomKind.LOBBY:
        await tx.plan(SayInClear(room.id), lane=room.address)
        return
    if arrival.type == "m.reaction":
        await _react(room, tx)
        return
    if any(media_of(arrival.content or {})):
        await ledger_attachments(tx, arrival)
        await tx.tell_practice(to_the_team.CAME_IN_CLEAR)
    await tx.say(room.address, phrases.SENT_IN_CLEAR, open=True)


async def _react(room: Room, tx: Transaction) -> None:
    """Say that a reaction is no answer (R13), where an answer is waited for; elsewhere a reaction means nothing."""
    open_choices = await tx.rows.choices.open_of_person(room.person_id) if room.person_id else []
    if any(choice.needs_number and tx.now < choice.expires_at for choice in open_choices):
        await tx.say(room.address, about_requests.REACTION_IS_NO_ANSWER, open=True)


async def malformed(arrival: Arrival, tx: Transaction) -> None:
    """Tell its sender, once a day, that it could not be read at all; of strangers in no room of ours tell the practice."""
    await tx.audit("stranger", "arrival.malformed", arrival.event_id, sender=arrival.sender)
    person = await tx.holder(arrival.sender)
    if person is not None and person.standing is not Standing.LEFT:
        await tx.say_daily(rooms.own(person.id), phrases.MALFORMED, f"malformed:{person.id}", open=True)
        return
    room = await tx.rows.rooms.known(arrival.room_id)
    if room is not None and room.kind is not RoomKind.LOBBY:
        await tx.say_daily(room.address, phrases.MALFORMED_HERE, f"malformed:{arrival.sender}", open=True)
    else:
        await tx.say_daily(rooms.PRACTICE, to_the_team.MALFORMED, "malformed")


async def unproved(arrival: Arrival, tx: Transaction) -> None:
    """Say what to do and change nothing: nobody vouches for the device, or the keys are not the sender's."""
    room = await tx.rows.rooms.get(arrival.room_id)
    standing = arrival.verdict.standing.value
    await tx.audit("stranger", f"unproved.{standing}", arrival.event_id, sender=arrival.sender)
    text = greetings.UNSIGNED_LOBBY if room.kind is RoomKind.LOBBY else phrases.UNSIGNED
    await tx.say(room.address, text, open=True)


async def identity_changed(no: SayNo | None, arrival: Arrival, tx: Transaction) -> None:
    """Pause a person whose identity is not the pinned one; hold their images, drop none, and tell the practice.

    A fresh code, written in a new chat with the bot, or an emoji check pins the new identity.
    """
    person = await tx.holder(arrival.sender)
    room = await tx.rows.rooms.get(arrival.room_id)
    if person is None:
        return
    if person.standing is Standing.ACTIVE:
        await pause(person, IdentityDiffers(), tx)
        await tx.audit("bot", "person.paused", person.id, identity=arrival.verdict.identity)
        await tx.tell_practice(to_the_team.SOMEBODY_PAUSED)
    await hold_on_a_no(no, arrival, person, tx)
    lost = arrival.verdict.identity in person.revoked
    text = LOST if lost else phrases.IDENTITY_CHANGED
    await tx.say(room.address, text.format(practice=tx.policy.practice), open=True)
