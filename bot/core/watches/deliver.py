"""The further copies are made and looked after, and a person is told once when a place fails, and once when it is well again.

Filing goes on meanwhile; what waits for a place waits as long as that takes.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.core.dispatch import Dispatch
from bot.core.further_copies import FurtherCopies
from bot.domain.delivery import pause_after
from bot.domain.errors import OutsideFailure
from bot.ports import CopyPlace, Journal, PatientRecord
from bot.words import about_further_copies


class DeliveryWatch:
    """Looks after one destination. `run_for_ever` calls `look` as soon as something is due there.

    While nothing is, the place is asked whether it is there, ever less often: trouble is to be known before it is needed.
    """

    def __init__(
        self, journal: Journal, dispatch: Dispatch, record: PatientRecord, copies: FurtherCopies, place: CopyPlace
    ) -> None:
        self._journal = journal
        self._dispatch = dispatch
        self._record = record
        self._copies = copies
        self._place = place
        self._trouble = ""
        self._alike = 0  # looks in a row at which nothing was due, or the place failed
        self._filled = not place.destination.sealed  # others get what was filed before when somebody asks for it

    @property
    def pause(self) -> timedelta:
        """Return how long to leave the place alone unless something falls due: the more looks brought nothing new, the longer."""
        return pause_after(max(self._alike, 1))

    async def run_for_ever(self) -> None:
        while True:
            try:
                if await self.look():
                    await self._until_due()
                    continue
            except OutsideFailure:  # the journal's own disk: reported elsewhere, and looked at again
                pass
            await asyncio.sleep(self.pause.total_seconds())

    async def look(self) -> bool:
        """Deliver what is due; return whether the place is well."""
        if not self._filled:
            await self._record.fill(self._place.destination)
            await self._copies.try_refused(self._place)  # the doctor may have put back what could not be read
            self._filled = True
        trouble, was_due = "", False
        try:
            was_due = await self._copies.deliver_due(self._place)
            if await self._copies.account.has_failed(self._place.destination.name):
                trouble = self._trouble  # what failed before has its turn later
        except OutsideFailure as why:
            trouble = str(why).partition(":")[0]
        changed = trouble != self._trouble
        self._alike = 0 if changed or (was_due and not trouble) else self._alike + 1
        if changed:
            await self._tell(trouble)
        return not trouble

    async def _until_due(self) -> None:
        """Wait until something is due, or until it is time to ask whether the place is there."""
        clock, listener = asyncio.get_running_loop(), f"copies:{self._place.destination.name}"
        end = clock.time() + self.pause.total_seconds()
        while (left := timedelta(seconds=end - clock.time())) > timedelta():
            due_in = await self._copies.account.due_in(self._place.destination.name)
            if due_in == timedelta():
                return
            await self._journal.news(listener, left if due_in is None else min(left, due_in))

    async def _tell(self, trouble: str) -> None:
        to = self._place.destination
        async with self._journal.transaction() as rows:
            tx = self._dispatch.transaction(rows)
            action = "destination.trouble" if trouble else "destination.well"
            await tx.audit("bot", action, to.name, why=trouble)
            told = about_further_copies.trouble(to, trouble) if trouble else about_further_copies.well_again(to)
            await tx.tell_practice(told)
        self._trouble = trouble
