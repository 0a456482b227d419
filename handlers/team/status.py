"""`!status`: what waits and what needs a person, in a few lines. `!status IMG-7F3K`: where it is, and how sure that is."""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.core.where_copies_are import where_it_is
from bot.domain.intents import Listing
from bot.domain.message import Message
from bot.domain.staff_deeds import SeeStatus
from bot.words import about_further_copies

from .ask_list import ask_list


async def status(deed: SeeStatus, request: Request, tx: Transaction) -> Message | None:
    if deed.ref is None:
        await ask_list(Listing.STATUS, request, tx)
        return None
    image = await tx.image_named(deed.ref)
    places = await where_it_is(tx.rows, image, tx.policy.waits_for)
    return about_further_copies.where_photo_is(image.ref, places, image.state)
