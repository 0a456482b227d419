"""`my images`: what is held, for what, every consent and every disclosure, read out in plain words (R24)."""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.deeds import SeeImages
from bot.domain.intents import Listing
from handlers.team.ask_list import ask_list


async def my_images(deed: SeeImages, request: Request, tx: Transaction) -> None:
    await ask_list(Listing.OWN_IMAGES, request, tx, more=deed.more)
