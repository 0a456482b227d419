"""Erase one copy: request it, then observe. Media goes first and is seen to be 404; then its event is redacted (R17).
A recall or a lost phone turns that round: the message is redacted first, so that nobody sees it any more, then its media is
deleted (R25).

Where the practice keeps a second copy of the record, the media people sent stays until that has been read back too; so do their
messages, except where they must be hidden at once.

Whoever requests it: media stays while a photo or an event may need it (`needed`). Its message is hidden meanwhile, unless the
photo is not safe yet. What must wait, for the purger's cap too, is planned anew for later: it was not tried, and nothing failed.

Doing it twice is safe: what is gone already is success. What can't be erased is named, with the reason, and never called gone.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.documents import write_receipt
from bot.core.transaction import Transaction
from bot.domain.copies import (
    NEVER_SENT,
    Copy,
    CopyState,
    ErasureBegun,
    Event,
    OutOfReach,
    Redacted,
    SeenGone,
    What,
    after,
    media_before,
)
from bot.domain.delivery import lane_until_secured
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.intents import EraseCopy
from bot.domain.planned import Planned, Progress
from bot.ports import Commit

from .media_needed import A_KEY_IS_LATE, A_PHOTO_WAITS, NotYet, needed_by_a_photo, needed_by_an_event
from .world import World

NO_SECOND_COPY = timedelta(minutes=1)
ITS_MEDIA_COMES_FIRST = timedelta(minutes=1)


async def perform(world: World, intent: EraseCopy, planned: Planned) -> Event | NotYet | None:
    async with world.journal.reading() as rows:
        copy = await rows.copies.get(intent.copy_id)
        if not copy.may_be_erased:
            return None
        siblings = [] if copy.is_media else await _siblings(copy, rows)
        first = [] if intent.hide_first else media_before(copy, siblings)
        media = [copy] if copy.is_media else first
        if await needed_by_a_photo(media, rows):
            return NotYet(A_PHOTO_WAITS)
        waiting = [medium for medium in media if await needed_by_an_event(medium, rows, world.clock.now())]
    hides = intent.hide_first and not copy.is_media
    if not (hides or await _is_secured(world, copy)):
        return NotYet(NO_SECOND_COPY, lane_until_secured(copy.document_id or copy.image_id))
    if copy.is_media:
        return NotYet(A_KEY_IS_LATE) if waiting else await _erase_media(world, copy)
    if not copy.event_id:
        return OutOfReach(world.clock.now(), NEVER_SENT)
    if len(waiting) < len(first):
        return NotYet(ITS_MEDIA_COMES_FIRST)
    for other in siblings:
        if other.event_id == copy.event_id and other.state is CopyState.HIDDEN and other.settled_at is not None:
            return Redacted(other.settled_at, world.policy.redaction_retention)
    return await _redact(world, copy, planned)


async def _is_secured(world: World, copy: Copy) -> bool:
    """Return whether all copies of the record that the practice keeps have what this is a copy of.

    The bot's own posts and pictures are not copies of what people sent: their time is not extended.
    """
    if copy.what in {What.POST, What.RENDITION}:
        return True
    return all([await world.further.secured(entry_id) for entry_id in (copy.image_id, copy.document_id) if entry_id])


async def _siblings(event: Copy, rows: Commit) -> list[Copy]:
    """Return the other copies of the same message, or of the bot's own post."""
    same = await rows.copies.of_event(event.event_id) if event.event_id else []
    return same + (await rows.copies.of_post(event.post_key) if event.post_key else [])


async def _erase_media(world: World, copy: Copy) -> Event | NotYet:
    erased = await world.purger.erase_media(copy.mxc, copy.owner)
    if erased.ask_again is not None:
        return NotYet(erased.ask_again)
    if not erased.gone:
        return OutOfReach(world.clock.now(), erased.reason)
    if not await world.chat.media_is_gone(copy.mxc):
        raise OutsideFailure("still-served")
    return SeenGone(world.clock.now())


async def _redact(world: World, copy: Copy, planned: Planned) -> Event:
    try:
        await world.chat.redact(copy.room_id, copy.event_id, transaction_id=planned.id)
    except Permanent as why:
        return OutOfReach(world.clock.now(), why.code)
    return Redacted(world.clock.now(), world.policy.redaction_retention)


async def settle(tx: Transaction, intent: EraseCopy, event: Event | NotYet | None) -> None:
    if event is None:
        return
    copy = await tx.rows.copies.get(intent.copy_id)
    if isinstance(event, NotYet):
        lane = event.lane or ("" if copy.is_media else _waiting(copy))
        await tx.plan(intent, lane=lane, due=tx.now + event.look_again, crowd=copy.crowd)
        return
    settled = after(after(copy, ErasureBegun()), event)
    if settled == copy:
        return  # it was tried again, and is out of reach as before
    settled = await tx.rows.copies.save(settled)
    if settled.is_media:
        await tx.rows.hurry(_waiting(settled), tx.now)
    await tx.audit("bot", f"copy.{settled.state.value}", copy.id, image=copy.image_id, what=copy.what.value)
    if copy.image_id:
        await write_receipt(tx, await tx.rows.images.get(copy.image_id))


def _waiting(copy: Copy) -> str:
    """Return the lane of a message that waits for its media: the message goes as soon as that has gone."""
    return f"waits:{copy.post_key or copy.event_id}"


async def fail(tx: Transaction, intent: EraseCopy, why: Permanent) -> None:
    await settle(tx, intent, OutOfReach(tx.now, why.code))


async def ask_again(tx: Transaction) -> None:
    """Try once more, at a start, to erase media that was out of reach only because of the purger; if
    it goes, a receipt says so.
    """
    planned = {
        waiting.intent.copy_id
        for waiting in await tx.rows.waiting(Progress.DUE, Progress.HELD)
        if isinstance(waiting.intent, EraseCopy)
    }
    for copy in await tx.rows.copies.in_state(CopyState.BEYOND_REACH):
        if copy.may_be_erased and copy.id not in planned:
            await tx.erase(copy)
