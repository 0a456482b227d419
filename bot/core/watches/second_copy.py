"""The second copy of the record is kept up to date, and a person is told when it can't be: filing goes on, purging waits."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.core.dispatch import Dispatch
from bot.domain.errors import OutsideFailure
from bot.ports import Journal, SecondCopy
from bot.words import about_the_second_copy

LOOK_EVERY = 5.0  # seconds


class MirrorWatch:
    """Copies what the mirror lacks. `run_for_ever` calls `look` every few seconds."""

    def __init__(self, journal: Journal, dispatch: Dispatch, record: SecondCopy) -> None:
        self._journal = journal
        self._dispatch = dispatch
        self._record = record
        self._trouble = ""

    async def run_for_ever(self) -> None:
        while True:
            with suppress(OutsideFailure):  # the journal's own disk: reported elsewhere, and looked at again
                await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        trouble = ""
        try:
            while await self._record.mirror_next():
                pass
        except OutsideFailure as why:
            trouble = str(why).partition(":")[0]
        if trouble == self._trouble:
            return
        async with self._journal.transaction() as rows:
            tx = self._dispatch.transaction(rows)
            await tx.audit("bot", "mirror.trouble" if trouble else "mirror.well", "mirror", why=trouble)
            await tx.tell_practice(
                about_the_second_copy.trouble(trouble) if trouble else about_the_second_copy.WELL_AGAIN
            )
        self._trouble = trouble
