"""The end of the audit log is noted elsewhere: at the start, at the end, and in between by time and number of entries (R27).

A directory that is away or full never stops the bot: the practice is told once, and told again when it works.
"""

from __future__ import annotations

import asyncio
import logging

from bot.core.dispatch import Dispatch
from bot.domain.errors import OutsideFailure
from bot.ports import Clock, Journal, Witness
from bot.words import about_retention

LOOK_EVERY = 30.0  # seconds
log = logging.getLogger("consentry.checkpoints")


class CheckpointWatch:
    """Notes the end of the log elsewhere. `run_for_ever` calls `look` every now and then."""

    def __init__(self, witness: Witness, journal: Journal, dispatch: Dispatch, clock: Clock) -> None:
        self._witness = witness
        self._journal = journal
        self._dispatch = dispatch
        self._clock = clock
        self._failing = False

    async def run_for_ever(self) -> None:
        try:
            await self.look(at_once=True)
            while True:
                await asyncio.sleep(LOOK_EVERY)
                await self.look()
        finally:
            await self.look(at_once=True)

    async def look(self, *, at_once: bool = False) -> None:
        try:
            made = await self._witness.note(self._clock.now(), at_once=at_once)
        except OutsideFailure as trouble:
            log.warning("no checkpoint: %s", trouble)
            await self._say(failing=True)
        else:
            if made:
                await self._say(failing=False)

    async def _say(self, *, failing: bool) -> None:
        if failing == self._failing:
            return
        try:
            async with self._journal.transaction() as rows:
                tx = self._dispatch.transaction(rows)
                await tx.audit("bot", "checkpoint.failed" if failing else "checkpoint.works-again", "audit")
                words = about_retention.NO_CHECKPOINT if failing else about_retention.CHECKPOINTS_AGAIN
                await tx.tell_practice(words)
        except OutsideFailure:
            return  # the journal's disk is in trouble too: said at the next look
        self._failing = failing
