"""The inbox: what arrives is stored with the sync token in one commit, then decided one by one.

Nothing is acted upon before it is stored, and the token never runs ahead of what is stored, so a crash loses nothing. Each
sender's words are decided in order; senders take turns, and none is heard faster than the pace, so a flood of one delays
nobody else. Nothing but being signed out ends it: whatever a homeserver answers, it is asked again later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.domain import rooms
from bot.domain.arrivals import KEY_MAY_COME, Arrival
from bot.domain.errors import OutsideFailure, Permanent, SignedOut
from bot.domain.identifiers import Account
from bot.domain.people import Person, Standing
from bot.ports import Clock, Conflict, Feed, Journal
from bot.words import phrases, to_the_team

from .dispatch import Dispatch
from .schedule import EVERY, Pace

log = logging.getLogger("consentry.inbox")

LONG_POLL = timedelta(seconds=30)
LOOK_AGAIN = timedelta(seconds=15)
PATIENCE_FOR_KEYS = timedelta(seconds=60)
KEYS_WAITED_FOR = timedelta(days=7)
MOST_WAITING = 500  # messages of one sender that are tried again when keys arrive
WITHHELD_TOLD_EVERY = timedelta(days=1)
AT_ONCE = 50
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds


class Inbox:
    def __init__(self, journal: Journal, feed: Feed, dispatch: Dispatch, clock: Clock) -> None:
        self._journal = journal
        self._feed = feed
        self._dispatch = dispatch
        self._clock = clock
        self._pace = Pace()
        self._withheld: dict[Account, datetime] = {}

    async def pull_for_ever(self) -> None:
        """Sync and store, again and again; back off while the homeserver is away. This ends only with `SignedOut`."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self.pull(LONG_POLL)
                pause = FIRST_PAUSE
            except SignedOut:
                raise
            except OutsideFailure as trouble:
                wait = trouble.retry_after or pause
                log.warning("nothing can be received at the moment (%s), next try in %.0f s", trouble, wait)
                await asyncio.sleep(wait)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def pull(self, timeout: timedelta) -> None:
        batch = await self._feed.next_batch(await self._journal.token(), timeout)
        await self._journal.receive(batch, self._clock.now())
        if batch.new_room_keys:
            await self.retry_undecrypted()
        if batch.withheld_by:
            await self._withheld_by(batch.withheld_by)

    async def _withheld_by(self, accounts: tuple[Account, ...]) -> None:
        """Tell the practice whose apps refuse the bot's device: only of people it knows, and once a day for each."""
        now = self._clock.now()
        self._withheld = {who: at for who, at in self._withheld.items() if abs(now - at) < WITHHELD_TOLD_EVERY}
        fresh = [account for account in accounts if account not in self._withheld]
        async with self._journal.transaction() as rows:
            tx = self._dispatch.transaction(rows)
            known = [who for who in fresh if _is_here(await tx.holder(who))]
            for account in known:
                await tx.audit("bot", "room-key.withheld", account)
            if known:
                await tx.tell_practice(to_the_team.app_refuses(known))
        self._withheld |= dict.fromkeys(known, now)

    async def retry_undecrypted(self) -> None:
        """Try late room keys: what they open takes its place in the queue."""
        for inbox_id, arrival in await self._journal.undecrypted():
            opened = await self._feed.decrypt_again(arrival)
            if opened is not None:
                await self._journal.decrypted(inbox_id, opened)

    async def drain_for_ever(self) -> None:
        """Decide what is stored, as it arrives."""
        time = asyncio.get_running_loop().time
        look_at = time()
        while True:
            try:
                await self.drain()
                if time() >= look_at:
                    await self.tell_unreadable()
                    look_at = time() + LOOK_AGAIN.total_seconds()
                rest = EVERY if self._pace.resting(self._clock.now()) else LOOK_AGAIN
                await self._journal.arrived(rest)
            except (OutsideFailure, Conflict) as trouble:
                if isinstance(trouble, Permanent):
                    raise
                log.warning("can't decide at the moment: %s", type(trouble).__name__)
                await asyncio.sleep(FIRST_PAUSE)

    async def drain(self) -> None:
        """Decide until nobody who may be heard has anything left to say.

        People who write meanwhile have the next turn: they do not wait for all that was read of somebody else.
        """
        while arrivals := await self._journal.next_arrivals(AT_ONCE, self._pace.resting(self._clock.now())):
            silent: set[str] = (
                set()
            )  # until they are heard again: what comes later must not overtake what was not heard
            for turn in _turns(arrivals):
                now = self._clock.now()
                silent |= {
                    arrival.sender
                    for _, arrival in turn
                    if arrival.sender not in silent and not self._pace.take(arrival.sender, now)
                }
                await self._decide([(inbox_id, arrival) for inbox_id, arrival in turn if arrival.sender not in silent])
                if self._journal.has_arrived():
                    break

    async def _decide(self, arrivals: list[tuple[int, Arrival]]) -> None:
        """Decide one after the other, but let nobody wait for the disk alone: all of one turn share the commit."""
        ended = await asyncio.gather(
            *(self._dispatch.handle(inbox_id, arrival) for inbox_id, arrival in arrivals), return_exceptions=True
        )
        await asyncio.sleep(0)  # what was decided is begun before the bot looks for more
        for trouble in ended:
            if trouble is not None:
                raise trouble

    async def tell_unreadable(self) -> None:
        """Ask the senders of messages whose key has not come in good time to send again, once for all of them."""
        now = self._clock.now()
        await self._journal.stop_waiting(now - KEYS_WAITED_FOR, MOST_WAITING)
        await self._journal.decide_anyway(now - KEY_MAY_COME)
        overdue: dict[Account, list[tuple[int, Arrival]]] = {}
        for inbox_id, arrival in await self._journal.overdue_for_key(now - PATIENCE_FOR_KEYS):
            overdue.setdefault(arrival.sender, []).append((inbox_id, arrival))
        for sender, waiting in overdue.items():
            async with self._journal.transaction() as rows:
                tx = self._dispatch.transaction(rows)
                person = await tx.holder(sender)
                if person is not None and _is_here(person):
                    await tx.say(rooms.own(person.id), phrases.UNREADABLE, open=True)
                first = waiting[0][1]
                await tx.audit("stranger", "arrival.unreadable", first.event_id, sender=sender, messages=len(waiting))
                await rows.told_unreadable([inbox_id for inbox_id, _ in waiting])


def _is_here(person: Person | None) -> bool:
    return person is not None and person.standing is not Standing.LEFT


def _turns(arrivals: Sequence[tuple[int, Arrival]]) -> Iterator[list[tuple[int, Arrival]]]:
    """Yield them in their order, cut where a sender comes again: what one person says is decided in order."""
    turn: list[tuple[int, Arrival]] = []
    senders: set[Account] = set()
    for inbox_id, arrival in arrivals:
        if arrival.sender in senders:
            yield turn
            turn, senders = [], set()
        turn.append((inbox_id, arrival))
        senders.add(arrival.sender)
    if turn:
        yield turn
