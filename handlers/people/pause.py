"""Pausing somebody: not heard, and given no room key, until a fresh code or an emoji check pins an identity.

Nothing of theirs is dropped.
"""

from __future__ import annotations

from collections.abc import Set

from bot.core.consequences import apply
from bot.core.transaction import Transaction
from bot.core.uses.not_shown import tell_not_shown
from bot.core.wishes import wanted_back
from bot.domain import rooms
from bot.domain.copies import CopyState
from bot.domain.identifiers import CopyId
from bot.domain.image import HeldFor, IdentityChanged, KeepAsked, State
from bot.domain.people import Person
from bot.domain.taking_part import IdentityDiffers, PhoneReportedLost, person_after

OPEN_STATES = (State.RECEIVED, State.CAPTURED, State.READY)


async def pause(person: Person, why: IdentityDiffers | PhoneReportedLost, tx: Transaction) -> Person:
    """Pause them: from this commit on every message is encrypted under a new session, whose key their devices don't get.

    What was on its way to them is not delivered, because somebody else may hold the phone (R28a); who asked for it hears so.
    """
    await tell_not_shown(await tx.cancel(rooms.own(person.id)), tx)
    paused = await tx.rows.people.save(person_after(person, why))
    for image in await tx.rows.images.sent_by(person.id, OPEN_STATES):
        await apply(tx, image, IdentityChanged(), by="bot")
    return paused


async def resume(person: Person, tx: Transaction) -> None:
    """Let go on what was held for a changed identity, which a fresh code or an emoji check has settled."""
    held = (State.RECEIVED, State.HELD)
    for image in await tx.rows.images.sent_by(person.id, held, HeldFor.IDENTITY_CHANGED):
        await apply(tx, image, KeepAsked(await wanted_back(image, tx)), by=person.id)


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
