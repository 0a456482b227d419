"""Pausing somebody: not heard, and given no room key, until a fresh code or an emoji check pins an identity.

Nothing of theirs is dropped.
"""

from __future__ import annotations

from collections.abc import Set

from bot.core.consequences import apply
from bot.core.memberships import let_into, put_out_of
from bot.core.transaction import Transaction
from bot.core.uses.not_shown import tell_not_shown
from bot.core.uses.settle_requests import ask_again_what_was_taken_back
from bot.core.wishes import wanted_back
from bot.domain import rooms
from bot.domain.copies import CopyState
from bot.domain.identifiers import CopyId
from bot.domain.image import HeldFor, IdentityChanged, KeepAsked, State
from bot.domain.people import Person
from bot.domain.taking_part import IdentityDiffers, PhoneReportedLost, person_after
from bot.domain.use import Use, UseState
from bot.words import about_leaving

OPEN_STATES = (State.RECEIVED, State.CAPTURED, State.READY)


async def pause(person: Person, why: IdentityDiffers | PhoneReportedLost, tx: Transaction) -> Person:
    """Pause them: from this commit on every message is encrypted under a new session, whose key their devices don't get.

    What was on its way to them is not delivered, because somebody else may hold the phone (R28a); who asked for it hears so.
    They are put out of the practice's room and of every case, where others write in apps of their own; in cases that are not
    over those hear it.
    """
    await tell_not_shown(await tx.cancel(rooms.own(person.id)), tx)
    paused = await tx.rows.people.save(person_after(person, why))
    for image in await tx.rows.images.sent_by(person.id, OPEN_STATES):
        await apply(tx, image, IdentityChanged(), by="bot")
    if person.is_staff and await tx.rows.rooms.at(rooms.PRACTICE) is not None:
        await put_out_of(rooms.PRACTICE, person, tx)
    for use in await _cases(person, tx):
        address = rooms.case(use.id)
        await put_out_of(address, person, tx)
        if _is_needed_in(use, person):
            await tx.say(address, about_leaving.not_in_this_case(person.name), image_id=use.image_ids[0])
    return paused


async def _cases(person: Person, tx: Transaction) -> list[Use]:
    """Return the cases with a room, also those that are over: members read what the others write there, as long as they stay."""
    cases = [use for use in await tx.rows.uses_with(person.id) if use.is_advice]
    there = await tx.rows.rooms.at_any([rooms.case(use.id) for use in cases])
    addresses = {room.address for room in there}
    return [use for use in cases if rooms.case(use.id) in addresses]


def _is_needed_in(use: Use, person: Person) -> bool:
    """Return whether advice is still asked or given there, or they have still to file what was discussed."""
    return use.state is UseState.RELEASED or (use.lacks_summary and use.asked_by == person.id)


async def resume(person: Person, tx: Transaction) -> None:
    """Let go on what was held for a changed identity, once a fresh code or an emoji check has settled it for somebody who was
    paused; invite them into the practice's room again, and into the cases that are not over.
    """
    held = (State.RECEIVED, State.HELD)
    for image in await tx.rows.images.sent_by(person.id, held, HeldFor.IDENTITY_CHANGED):
        await apply(tx, image, KeepAsked(await wanted_back(image, tx)), by=person.id)
    await ask_again_what_was_taken_back(person, tx)
    if person.is_staff:
        await let_into(rooms.PRACTICE, person, tx)
    for use in await _cases(person, tx):
        if _is_needed_in(use, person):
            await let_into(rooms.case(use.id), person, tx)
            await tx.say(rooms.case(use.id), about_leaving.back_in_this_case(person.name), image_id=use.image_ids[0])


async def take_back_what_was_said(person: Person, tx: Transaction, *, but: Set[CopyId] = frozenset()) -> None:
    """Take back all the bot said and showed in this person's own room, messages first: a lost phone may hold it. `but` stays."""
    room = await tx.rows.rooms.at(rooms.own(person.id))
    if room is None:
        return
    said = [copy for copy in await tx.rows.copies.in_room(room.id) if copy.id not in but]
    keys = [copy.post_key for copy in said if copy.post_key]
    shown = await tx.rows.copies.of_posts(keys, state=CopyState.KNOWN)
    media = [copy for copy in shown if copy.is_media and copy not in said]
    await tx.hide_now(*said, *media)
