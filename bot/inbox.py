"""The inbox: what arrives is stored with the sync token in one commit, then decided one by one, in order.

Nothing is acted upon before it is stored, and the token never runs ahead of what is stored, so a crash loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from .dispatch import Dispatch
from .domain import rooms, wording
from .domain.errors import OutsideFailure, Permanent
from .ports import Clock, Conflict, Feed, Journal

log = logging.getLogger("consentry.inbox")

LONG_POLL = timedelta(seconds=30)
PATIENCE_FOR_KEYS = timedelta(seconds=60)
AT_ONCE = 50
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds


class Inbox:
    def __init__(self, journal: Journal, feed: Feed, dispatch: Dispatch, clock: Clock) -> None:
        self._journal = journal
        self._feed = feed
        self._dispatch = dispatch
        self._clock = clock

    async def pull_for_ever(self) -> None:
        """Sync, store, again; back off while the homeserver is away. Ends only with `Permanent` (signed out)."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self.pull(LONG_POLL)
                pause = FIRST_PAUSE
            except Permanent:
                raise
            except OutsideFailure as trouble:
                wait = trouble.retry_after or pause
                log.warning("homeserver out of reach, next try in %.0f s", wait)
                await asyncio.sleep(wait)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def pull(self, timeout: timedelta) -> None:
        batch = await self._feed.next_batch(await self._journal.token(), timeout)
        await self._journal.receive(batch, self._clock.now())
        if batch.new_room_keys:
            await self.retry_undecrypted()
        if batch.withheld_by:
            async with self._journal.transaction() as rows:
                tx = self._dispatch.transaction(rows)
                for account in batch.withheld_by:
                    await tx.audit("bot", "room-key.withheld", account)
                await tx.tell_practice(
                    wording.stuck("reading somebody's messages", "their app refuses the bot's device")
                )

    async def retry_undecrypted(self) -> None:
        """Room keys that came late: what they open takes its place in the queue."""
        for inbox_id, arrival in await self._journal.undecrypted():
            opened = await self._feed.retry(arrival)
            if opened is not None:
                await self._journal.decrypted(inbox_id, opened)

    async def drain_for_ever(self) -> None:
        """Decide what is stored, as it comes."""
        while True:
            try:
                await self.drain()
                await self.tell_unreadable()
                await self._journal.news("inbox", timedelta(seconds=15))
            except (OutsideFailure, Conflict) as trouble:
                if isinstance(trouble, Permanent):
                    raise
                log.warning("can't decide at the moment: %s", type(trouble).__name__)
                await asyncio.sleep(FIRST_PAUSE)

    async def drain(self) -> None:
        while arrivals := await self._journal.next_arrivals(AT_ONCE):
            for inbox_id, arrival in arrivals:
                await self._dispatch.handle(inbox_id, arrival)

    async def tell_unreadable(self) -> None:
        """Messages whose key has not come in good time: their senders are asked, once, to send again."""
        overdue = await self._journal.overdue_for_key(self._clock.now() - PATIENCE_FOR_KEYS)
        for inbox_id, arrival in overdue:
            async with self._journal.transaction() as rows:
                tx = self._dispatch.transaction(rows)
                person = await rows.people.first(account=arrival.sender)
                if person is not None:
                    await tx.say(rooms.own(person.id), wording.UNREADABLE, open=True)
                await tx.audit("stranger", "arrival.unreadable", arrival.event_id, sender=arrival.sender)
                await rows.told_unreadable(inbox_id)
