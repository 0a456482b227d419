"""For handlers that still read a line themselves: the deed's line is the request's argument."""

from __future__ import annotations

from dataclasses import replace

from bot.core.dispatch import Do, Handle, Request
from bot.core.transaction import Transaction
from bot.domain.staff_deeds import AskAdvice, AskUse, Enrol, LinkAccount

OfALine = AskAdvice | AskUse | Enrol | LinkAccount


def by_line(handle: Handle) -> Do:
    """Return what does a deed by a handler that knows only its line."""

    async def do(deed: OfALine, request: Request, tx: Transaction) -> str | None:
        return await handle(replace(request, argument=_line_of(deed)), tx)

    return do


def _line_of(deed: OfALine) -> str:
    match deed:
        case AskAdvice():
            return f"{deed.ref} {deed.line}"
        case AskUse() | Enrol() | LinkAccount():
            return deed.line
