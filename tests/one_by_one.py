"""A worker that carries out one intent at a time, so that a test knows what comes when."""

from __future__ import annotations

from bot.core.schedule import queue_of
from bot.core.worker import Worker
from bot.domain.planned import Hands, Planned, Queue


async def next_due(worker: Worker) -> Planned | None:
    """Return what goes first of all that is due now."""
    due = await worker._journal.due(worker._world.clock.now(), dict.fromkeys(Hands, 1), frozenset())
    return min(due, key=lambda planned: (urgency(queue_of(planned.intent)), planned.seq), default=None)


def urgency(queue: Queue) -> int:
    """Return the rank of a queue among the queues of all hands: the smallest goes first."""
    return queue % 10


async def run_what_is_due(worker: Worker, most: int = 10_000) -> int:
    """Carry out everything due now and what that makes due; return how many were carried out."""
    for count in range(most):
        planned = await next_due(worker)
        if planned is None:
            return count
        await worker.carry_out(planned)
    raise RuntimeError("intents go on without end")
