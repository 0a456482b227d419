"""`!status`: what waits and what needs a person, in a few lines."""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.intents import Listing
from bot.domain.staff_deeds import SeeStatus

from .ask_list import ask_list


async def status(deed: SeeStatus, request: Request, tx: Transaction) -> None:
    await ask_list(Listing.STATUS, request, tx)
