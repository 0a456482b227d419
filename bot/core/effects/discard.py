"""Discard: the wrapped key is destroyed with the image's row in the commit; the unreadable blob is removed after it."""

from __future__ import annotations

from bot.core.consequences import finish_withdrawal
from bot.core.transaction import Transaction
from bot.domain.intents import DestroySealed, DiscardImage

from .world import World


async def perform(world: World, intent: DiscardImage) -> None:
    """Do nothing in the world: the intent's place in the image's lane is what matters."""


async def settle(tx: Transaction, intent: DiscardImage, _nothing: None) -> None:
    await finish_withdrawal(tx, await tx.rows.images.get(intent.image_id))


async def destroy(world: World, intent: DestroySealed) -> None:
    await world.vault.destroy(intent.object_id)


async def destroyed(tx: Transaction, intent: DestroySealed, _nothing: None) -> None:
    await tx.audit("bot", "object.destroyed", intent.object_id)
