"""The real bot, which kills itself with SIGKILL at one chosen moment: `python -m tests.doomed_bot CONFIG MOMENT [ONLY]`.

Moments: `sync:answered` (nothing stored yet), `sync:stored`, `arrival:decided`, and for every kind of intent `KIND:begun` (the
world untouched), `KIND:performed` (the world changed, nothing committed) and `KIND:committed`. ONLY is a piece of what the
intent says, to tell two of one kind apart. One intent at a time is carried out, so that a moment means the same each time.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from bot.config import load
from bot.core import worker
from bot.core.dispatch import Dispatch
from bot.core.effects import EFFECTS, World
from bot.core.transaction import Transaction
from bot.domain.arrivals import Arrival, Batch
from bot.domain.planned import Planned
from bot.operate import app
from storage.journal.encrypted_journal import EncryptedJournal
from tests.one_by_one import next_due


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit("still alive")


def doom(moment: str, only: str) -> None:
    subject, _, phase = moment.partition(":")
    if subject == "sync":
        _doom_sync(phase)
    elif subject == "arrival":
        _doom_arrival()
    else:
        _doom_intent(subject, phase, only)


def _doom_sync(phase: str) -> None:
    store = EncryptedJournal.receive

    async def receive(self: EncryptedJournal, batch: Batch, at: datetime) -> None:
        if batch.arrivals and phase == "answered":
            die()
        await store(self, batch, at)
        if batch.arrivals:
            die()

    EncryptedJournal.receive = receive


def _doom_arrival() -> None:
    handle = Dispatch.handle

    async def handled(self: Dispatch, inbox_id: int, arrival: Arrival) -> None:
        await handle(self, inbox_id, arrival)
        die()

    Dispatch.handle = handled


def _doom_intent(kind: str, phase: str, only: str) -> None:
    [(intent_type, effect)] = [(each, effect) for each, effect in EFFECTS.items() if each.kind == kind]
    settle = worker.Worker._settle

    async def perform(world: World, intent: Any, planned: Planned) -> Any:
        if phase == "begun" and only in str(intent):
            die()
        outcome = await effect.perform(world, intent, planned)
        if phase == "performed" and only in str(intent):
            die()
        return outcome

    async def settled(self: worker.Worker, planned: Planned, act: Callable[[Transaction], Awaitable[None]]) -> None:
        await settle(self, planned, act)
        if phase == "committed" and planned.intent.kind == kind and only in str(planned.intent):
            die()

    EFFECTS[intent_type] = replace(effect, perform=perform)
    worker.Worker._settle = settled


async def one_by_one(self: worker.Worker) -> None:
    while True:
        planned = await next_due(self)
        if planned is not None:
            await self.carry_out(planned)
        else:
            await self._wait({}, self._world.clock.now(), None)


if __name__ == "__main__":
    doom(sys.argv[2], "".join(sys.argv[3:]))
    worker.Worker.run_for_ever = one_by_one
    asyncio.run(app.run(load(Path(sys.argv[1]))))
