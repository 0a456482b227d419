"""The worker: carries intents out, several at a time, those of one lane in order, and commits what came of each.

Some hands fetch, some keep and some speak, so that photos are sealed and filed while the homeserver is slow, and people answered
while many photos arrive. While photos are fetched, answers said or further copies made, what nobody waits for stands back for a
moment.
What depends on servers of one person, or of strangers, takes one hand at a time, so that no slow one keeps all hands busy.

An intent that fails for the moment waits and is tried again, at ever longer intervals; one that goes on failing is *held* and a
person is told. Starting up is simply running: what was in flight when the bot died is due again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import OutsideFailure, Permanent, Refused, SignedOut
from bot.domain.intents import Remind
from bot.domain.planned import Hands, Planned, Queue, after_last_try
from bot.domain.reminders import Reminder
from bot.ports import WORKER, Commit, Conflict
from bot.words import to_the_team

from .dispatch import Deadline
from .effects import EFFECTS, World
from .schedule import BACK_OFF, STANDS_BACK_FOR, hands_for, queue_of, stands_back, stands_back_from_copies
from .transaction import Transaction

log = logging.getLogger("consentry.worker")

OF_EACH = 4  # hands that fetch, as many that keep, and as many that speak
OF_A_BUG = 5  # tries after an error nobody foresaw
IDLE = timedelta(seconds=30)
LOOK_AGAIN = timedelta(seconds=1)  # while something is under way


class Worker:
    def __init__(
        self, world: World, transaction: Callable[[Commit], Transaction], deadlines: Mapping[Reminder, Deadline]
    ) -> None:
        self._world = world
        self._journal = world.journal
        self._transaction = transaction
        self._deadlines = deadlines

    async def run_for_ever(self) -> None:
        """Carry intents out; end only with a fault of the database that a person must mend."""
        running: dict[asyncio.Task[None], Planned] = {}
        try:
            while True:
                now = self._world.clock.now()
                await self._wait(running, now, await self._start_due(running, now))
                for task in [task for task in running if task.done()]:
                    del running[task]
                    await self._look_at(task)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _look_at(self, task: asyncio.Task[None]) -> None:
        """Wait where even writing down that something went wrong went wrong, as on a full disk: the intent is still due."""
        try:
            task.result()
        except SignedOut:
            raise
        except (OutsideFailure, Conflict) as trouble:
            log.warning("the journal can't be written at the moment: %s", type(trouble).__name__)
            await asyncio.sleep(1)

    async def _start_due(self, running: dict[asyncio.Task[None], Planned], now: datetime) -> datetime | None:
        """Start what is due; return when to look again at what stands back, None where nothing does."""
        again: datetime | None = None
        passed_over = True
        while passed_over and any((free := _free(running.values())).values()):
            passed_over = False
            for planned in await self._journal.due(now, free, _busy(running.values())):
                until = _waits_until(planned, running.values(), now, is_copying=self._world.further.is_copying)
                if until > now:
                    again = min(again or until, until)
                    continue
                if {planned.lane, planned.crowd} & _busy(running.values()):
                    passed_over = True  # one that stands behind it may go first
                    continue
                running[asyncio.create_task(self.carry_out(planned))] = planned
                await asyncio.sleep(0)  # so that it waits for the disk or the network before the next one is begun
        return again

    async def _wait(self, running: dict[asyncio.Task[None], Planned], now: datetime, again: datetime | None) -> None:
        """Wait until something ends, is committed or falls due. What was due by `now` and is not begun
        waits for a hand or its lane, or until `again`.
        """
        due_at = now + LOOK_AGAIN if running else await self._journal.next_due_at(now)
        idle = min([IDLE, *(at - now for at in (due_at, again) if at is not None)])
        news = asyncio.create_task(self._journal.news(WORKER, idle))
        try:
            await asyncio.wait({news, *running}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()

    async def carry_out(self, planned: Planned) -> None:
        try:
            await self._perform_and_settle(planned)
        except SignedOut:
            raise
        except Permanent as why:
            await self._fail(planned, why)
        except OutsideFailure as trouble:
            await self._try_later(planned, str(trouble), trouble.tries or len(BACK_OFF), trouble.retry_after)
        except Conflict:
            await self._try_later(planned, "conflict", len(BACK_OFF))
        except Exception as bug:  # an error nobody foresaw must not stop the others
            log.exception("intent %s %s: %s", planned.intent.kind, planned.id, type(bug).__name__, exc_info=False)
            await self._try_later(planned, type(bug).__name__, OF_A_BUG)

    async def _perform_and_settle(self, planned: Planned) -> None:
        if isinstance(planned.intent, Remind):
            what, subject = planned.intent.what, planned.intent.subject
            await self._settle(planned, lambda tx: self._deadlines[what](tx, subject))
            return
        effect = EFFECTS[type(planned.intent)]
        outcome = await effect.perform(self._world, planned.intent, planned)

        async def settle(tx: Transaction) -> None:
            await effect.settle(tx, planned.intent, outcome)

        await self._settle(planned, settle)

    async def _settle(self, planned: Planned, act: Callable[[Transaction], Awaitable[None]]) -> None:
        async with self._journal.transaction() as rows:
            tx = self._transaction(rows)
            await act(tx)
            await rows.finish(planned)

    async def _fail(self, planned: Planned, why: Permanent) -> None:
        fail = EFFECTS[type(planned.intent)].fail if type(planned.intent) in EFFECTS else None
        try:
            if fail is None:
                await self._hold(planned, why.code)
                return
            await self._settle(planned, lambda tx: fail(tx, planned.intent, why))
        except Refused:
            await self._hold(planned, why.code)

    async def _try_later(self, planned: Planned, trouble: str, tries: int, retry_after: float | None = None) -> None:
        if planned.attempts >= min(tries, len(BACK_OFF)):
            await self._hold(planned, trouble)
            return
        wait = max(BACK_OFF[planned.attempts], retry_after or 0)
        later = replace(
            planned,
            attempts=planned.attempts + 1,
            due_at=self._world.clock.now() + timedelta(seconds=wait),
            trouble=trouble,
        )
        async with self._journal.transaction() as rows:
            await rows.settle(later)

    async def _hold(self, planned: Planned, trouble: str) -> None:
        log.error("intent %s %s held: %s", planned.intent.kind, planned.id, trouble)
        async with self._journal.transaction() as rows:
            tx = self._transaction(rows)
            await rows.settle(after_last_try(planned, trouble))
            await tx.audit("bot", "intent.held", planned.id, kind=planned.intent.kind, trouble=trouble)
            effect = EFFECTS.get(type(planned.intent))
            if effect is not None and effect.give_up is not None:
                await effect.give_up(tx, planned.intent, trouble)
            elif planned.lane != "practice":
                await tx.tell_practice(to_the_team.stuck(to_the_team.DOING[planned.intent.kind], trouble))


def _busy(running: Iterable[Planned]) -> frozenset[str]:
    """Return what nothing else may be started of: these intents, their lanes and their crowds."""
    return frozenset(name for planned in running for name in (planned.id, planned.lane, planned.crowd) if name)


def _waits_until(planned: Planned, running: Collection[Planned], now: datetime, *, is_copying: bool) -> datetime:
    """Return until when it stands back for what comes first; `now`, or a time before it, where it does not."""
    if queue_of(planned.intent) is Queue.LOOK and running:
        return now + LOOK_AGAIN
    comes_first = any(stands_back(planned.intent, queue_of(other.intent)) for other in running)
    comes_first = comes_first or (is_copying and stands_back_from_copies(planned.intent))
    return planned.due_at + STANDS_BACK_FOR if comes_first else now


def _free(running: Iterable[Planned]) -> dict[Hands, int]:
    """Return how many hands of each kind have nothing to do."""
    at_work = Counter(hands_for(planned.intent) for planned in running)
    return {hands: OF_EACH - at_work[hands] for hands in Hands}
