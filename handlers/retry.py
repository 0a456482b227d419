"""`!retry`: try again what was given up, after a person has mended the cause."""

from __future__ import annotations

from dataclasses import replace

from bot.dispatch import Request
from bot.domain.intents import Progress
from bot.transaction import Transaction


async def retry(request: Request, tx: Transaction) -> str | None:
    held = await tx.rows.waiting(Progress.HELD)
    for one in held:
        await tx.rows.settle(replace(one, progress=Progress.DUE, attempts=0, due_at=tx.now, trouble=""))
        await tx.audit(request.person.id, "intent.retried", one.id, kind=one.intent.kind)
    return f"Trying {len(held)} again." if held else "Nothing was given up."
