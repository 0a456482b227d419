"""Destroy: what the journal forgot when it was decided leaves the record and the vault, and the register notes it is done (R23).

Twice is safe: gone already is success. The key goes before the file; without it the file says nothing.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain import rooms, wording_retention
from bot.domain.image import State
from bot.domain.intents import DestroyImage
from bot.transaction import Transaction

from .world import World


async def perform(world: World, intent: DestroyImage) -> None:
    async with world.journal.reading() as rows:
        forms = await rows.images.find(form_of=intent.image_id, state=State.DESTROYED)
        images = [intent.image_id, *(form.id for form in forms)]
        documents = await rows.documents.find(image_id=images)
    await world.record.destroy([*images, *(one.id for one in documents)])
    for object_id in images:  # a death between the row and the file would leave the file
        await world.vault.destroy(object_id)


async def settle(tx: Transaction, intent: DestroyImage, _nothing: None) -> None:
    image = await tx.rows.images.get(intent.image_id)
    forms = await tx.rows.images.find(form_of=image.id, state=State.DESTROYED)
    for line in await tx.rows.destructions.find(image_id=[image.id, *(form.id for form in forms)], done_at=None):
        await tx.rows.destructions.save(replace(line, done_at=tx.now))
        await tx.audit("bot", "destruction.done", line.image_id, register=line.id)
    await tx.say(rooms.own(intent.by), wording_retention.destroyed(image.ref), private=True)
