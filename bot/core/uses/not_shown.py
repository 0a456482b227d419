"""Telling whoever asked for a use that a picture of it was not shown after all: they have heard that it is on its way."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.intents import Intent, ReservePicture, ShowPicture
from bot.domain.use import UseState
from bot.words import about_uses


async def tell_not_shown(dropped: Iterable[Intent], tx: Transaction) -> None:
    """Tell who asked, for each of these pictures, where its use goes on; if it ended they have heard that already."""
    for intent in dropped:
        if not isinstance(intent, ReservePicture | ShowPicture) or not intent.use_id:
            continue
        use = await tx.rows.uses.known(intent.use_id)
        if use is not None and use.state is UseState.RELEASED:
            image = await tx.rows.images.get(intent.image_id)
            await tx.say(rooms.own(use.asked_by), about_uses.not_shared([image.ref]), image_id=image.id)
