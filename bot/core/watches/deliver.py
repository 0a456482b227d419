"""The further copies are made and looked after, and a person is told once when a place fails, and once when it is well again.

Filing goes on meanwhile; what waits for a place waits as long as that takes.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.core.dispatch import Dispatch
from bot.core.further_copies import FurtherCopies
from bot.domain.delivery import FIRST_PAUSE, pause_after
from bot.domain.errors import OutsideFailure
from bot.ports import CopyPlace, Journal, PatientRecord
from bot.words import about_further_copies


class DeliveryWatch:
    """Looks after one destination. `run_for_ever` calls `look` every few seconds, less often while it fails."""

    def __init__(
        self, journal: Journal, dispatch: Dispatch, record: PatientRecord, copies: FurtherCopies, place: CopyPlace
    ) -> None:
        self._journal = journal
        self._dispatch = dispatch
        self._record = record
        self._copies = copies
        self._place = place
        self._trouble = ""
        self._filled = not place.destination.sealed  # others get what was filed before when somebody asks for it

    async def run_for_ever(self) -> None:
        failures = 0
        while True:
            with suppress(OutsideFailure):  # the journal's own disk: reported elsewhere, and looked at again
                failures = 0 if await self.look() else failures + 1
            await asyncio.sleep((pause_after(failures) if failures else FIRST_PAUSE).total_seconds())

    async def look(self) -> bool:
        """Deliver what is due; return whether the place is well."""
        if not self._filled:
            await self._record.fill(self._place.destination)
            await self._copies.try_refused(self._place)  # the doctor may have put back what could not be read
            self._filled = True
        trouble = ""
        try:
            if not await self._copies.deliver_due(self._place):
                trouble = self._trouble  # what failed before has its turn later
        except OutsideFailure as why:
            trouble = str(why).partition(":")[0]
        if trouble != self._trouble:
            await self._tell(trouble)
        return not trouble

    async def _tell(self, trouble: str) -> None:
        to = self._place.destination
        async with self._journal.transaction() as rows:
            tx = self._dispatch.transaction(rows)
            action = "destination.trouble" if trouble else "destination.well"
            await tx.audit("bot", action, to.name, why=trouble)
            told = about_further_copies.trouble(to, trouble) if trouble else about_further_copies.well_again(to)
            await tx.tell_practice(told)
        self._trouble = trouble
