"""A use begins with a request in steps, on hold while somebody is asked whether to take one of its images back (R34).

One that nobody finishes within a day is dropped, in one sentence to the requester.

Nothing of it stays asked for ever: it would count as under way, and its questions would stand in the chat (R13, R17).
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.core.wishes import open_wishes
from bot.domain.identifiers import UseId
from bot.domain.use import DoubtRaised, Use, UseState, decide
from bot.words import about_uses

from .end import run_out

FINISHED_WITHIN = timedelta(days=1)


async def begin(use: Use, request: Request, tx: Transaction) -> Use:
    """Begin the use, and return it as it is kept."""
    if await open_wishes(use.image_ids, tx):
        use = decide(use, DoubtRaised())
    await tx.rows.uses.add(use)
    asked = {"images": list(use.image_ids), "purpose": use.purpose.value, "to": list(use.recipients)}
    await tx.audit(use.asked_by, "use.asked", use.id, **asked)
    await tx.ledger_message(request.arrival, image_id=use.image_ids[0])
    await tx.remind("use-unfinished", use.id, FINISHED_WITHIN)
    return use


def time_left(use: Use, tx: Transaction) -> timedelta:
    """Return the time left for every step: each ends with the whole. Nothing is left where the clock was set forward."""
    return max(use.asked_at + FINISHED_WITHIN - tx.now, timedelta())


async def let_go(tx: Transaction, use_id: UseId) -> None:
    use = await tx.rows.uses.get(use_id)
    await run_out(use_id, UseState.ASKED, lambda images: about_uses.not_finished(use, images), tx)
