"""`!list`: what waits, by reference and reason, without names."""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.intents import Listing
from bot.domain.staff_deeds import SeeList

from .ask_list import ask_list


async def list_images(deed: SeeList, request: Request, tx: Transaction) -> None:
    await ask_list(Listing.WAITING, request, tx, more=deed.more)
