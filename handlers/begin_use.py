"""A use begins with a request in steps. What nobody finishes within a day is let go, in one sentence to who began it.

Nothing of it stays asked for ever: it would count as under way, and its questions would stand in the chat (R13, R17).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.dispatch import Request
from bot.domain import wording_uses
from bot.domain.people import Standing
from bot.domain.use import Use, UseState
from bot.transaction import Transaction

from .end_use import run_out

FINISHED_WITHIN = timedelta(days=1)


async def begin(named: Use, request: Request, tx: Transaction) -> Use:
    use = await with_people(named, tx)
    await tx.rows.uses.add(use)
    asked = {"images": list(use.image_ids), "purpose": use.purpose.value, "to": list(use.recipients)}
    await tx.audit(use.asked_by, "use.asked", use.id, **asked)
    await tx.ledger_message(request.arrival, image_id=use.image_ids[0])
    await tx.remind("use-unfinished", use.id, FINISHED_WITHIN)
    return use


async def with_people(use: Use, tx: Transaction) -> Use:
    """For the people who have these accounts now, and for nobody who has one of them later (R31)."""
    people = [await tx.holder(account) for account in use.recipients]
    here = [person.id for person in people if person is not None and person.standing is not Standing.LEFT]
    return replace(use, recipient_ids=tuple(here))


def time_left(use: Use, tx: Transaction) -> timedelta:
    """Every step ends with the whole. Nothing is left where the clock was set forward."""
    return max(use.asked_at + FINISHED_WITHIN - tx.now, timedelta())


async def let_go(tx: Transaction, use_id: str) -> None:
    use = await tx.rows.uses.get(use_id)
    await run_out(use_id, UseState.ASKED, lambda images: wording_uses.not_finished(use, images), tx)
