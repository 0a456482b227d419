"""Erase one copy: ask, then observe. Media goes first and is seen to be 404; then its event is redacted (R17).
A recall turns that round: the message is redacted first, so that nobody sees it any more, then its media is deleted (R25).

Twice is safe: what is gone already is success. What can't be erased is named, with the reason, and never called gone.
"""

from __future__ import annotations

from bot.documents import write_receipt
from bot.domain.copies import SETTLED, Copy, ErasureBegun, Event, OutOfReach, Redacted, SeenGone, after, media_before
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.intents import EraseCopy, Planned
from bot.transaction import Transaction

from .world import World


async def perform(world: World, intent: EraseCopy, planned: Planned) -> Event | None:
    async with world.journal.reading() as rows:
        copy = await rows.copies.get(intent.copy_id)
        if copy.state in SETTLED:
            return None
        related = await rows.copies.find(event_id=copy.event_id) if copy.event_id else []
        related += await rows.copies.find(post_key=copy.post_key) if copy.post_key else []
    if copy.is_media:
        return await _erase_media(world, copy)
    if not copy.event_id:
        return OutOfReach(world.clock.now(), "never-sent")
    if not intent.hide_first and media_before(copy, related):
        raise OutsideFailure("its media comes first")
    return await _redact(world, copy, planned)


async def _erase_media(world: World, copy: Copy) -> Event:
    erased = await world.purger.erase_media(copy.mxc, copy.owner)
    if not erased.gone:
        if erased.reason == "rate-capped":
            raise OutsideFailure("rate-capped")
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


async def settle(tx: Transaction, intent: EraseCopy, event: Event | None) -> None:
    if event is None:
        return
    copy = await tx.rows.copies.get(intent.copy_id)
    settled = await tx.rows.copies.save(after(after(copy, ErasureBegun()), event))
    await tx.audit("bot", f"copy.{settled.state.value}", copy.id, image=copy.image_id, what=copy.what.value)
    if copy.image_id:
        await write_receipt(tx, await tx.rows.images.get(copy.image_id))


async def fail(tx: Transaction, intent: EraseCopy, why: Permanent) -> None:
    await settle(tx, intent, OutOfReach(tx.now, why.code))
