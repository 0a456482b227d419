"""When the clock is set, waiting goes on for as long as it was meant to.

The wall clock may be put right or wrong while the bot runs (a dead battery, an operator, a time server). Deadlines are kept by
it, so a jump would make reminders, questions and retries due at once, or never. What is waiting is therefore moved by as
much as the clock was; the practice is told and it is audited, because what was recorded before and after does not fit together.

A clock that was put back while the bot was stopped shows by its last record, which is in the future then. One put forward
looks like a longer stop, and is taken for one. Time in which the machine slept is no jump. A day that was agreed and a birthday
stay where they are. Invitations, answers and permissions that carry a date of their own are not moved: after a jump forward they
are refused, which is the safe way to be wrong.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from bot.core.dispatch import Dispatch
from bot.domain.errors import OutsideFailure
from bot.ports import Clock, Journal
from bot.words import to_the_team

LOOK_EVERY = 10.0  # seconds
JUMPED = "clock.jumped"  # in the audit log
JUMP = timedelta(seconds=30)  # a time server's small corrections are no jumps


def elapsed() -> timedelta:
    """Return a time that nobody can set, and that runs on while the machine sleeps."""
    return timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))


class ClockWatch:
    """Compares the wall clock with elapsed time. `run_for_ever` calls `look` every few seconds."""

    def __init__(self, journal: Journal, dispatch: Dispatch, clock: Clock) -> None:
        self._journal = journal
        self._dispatch = dispatch
        self._clock = clock
        self._offset = clock.now() - elapsed()

    async def run_for_ever(self) -> None:
        begun = False
        while True:
            try:
                if not begun:
                    await self.begin()
                    begun = True
                await self.look()
            except OutsideFailure:
                pass  # trouble with the disk: the jump is still there at the next look
            await asyncio.sleep(LOOK_EVERY)

    async def begin(self) -> None:
        """Take the latest record as the time when the bot was stopped: a clock that shows less was put back, by that at least.

        Not the very last one: the bot, or a command, may have written some by the new clock already.
        """
        async with self._journal.reading() as rows:
            stopped = await rows.latest_audited(since=JUMPED)
        if stopped is not None:
            self._offset += max(stopped - self._clock.now(), timedelta())

    async def look(self) -> None:
        offset = self._clock.now() - elapsed()
        jump = offset - self._offset
        if abs(jump) < JUMP:
            return
        async with self._journal.transaction() as rows:
            tx = self._dispatch.transaction(rows)
            await rows.postpone(jump)
            await tx.audit("bot", JUMPED, "clock", seconds=int(jump.total_seconds()))
            await tx.tell_practice(to_the_team.clock_jumped(jump))
        self._offset = offset
