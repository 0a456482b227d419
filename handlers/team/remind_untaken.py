"""An image that nobody has taken or seen: it is announced again, and after that the person on duty is told."""

from __future__ import annotations

from bot.core.on_duty import instead_of_duty_for, on_duty_for
from bot.core.telling import announcement
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.identifiers import ImageId
from bot.domain.image import Image
from bot.words import about_reading, to_the_team


async def say_again(tx: Transaction, image_id: ImageId) -> None:
    image = await _unread(tx, image_id)
    if image is not None:
        await tx.tell_practice(await announcement(tx, image, again=True), image_id=image.id)


async def tell_duty(tx: Transaction, image_id: ImageId) -> None:
    image = await _unread(tx, image_id)
    if image is None:
        return
    person = await on_duty_for(image, tx)
    if person is not None:
        await tx.say(rooms.own(person.id), to_the_team.on_duty(image), image_id=image.id)
        await tx.audit("bot", "image.escalated", image.id, to=person.id)
    for manager in await instead_of_duty_for(image, tx):
        text = to_the_team.on_duty(image, about_reading.NOBODY_ON_DUTY)
        await tx.say(rooms.own(manager.id), text, image_id=image.id)
        await tx.audit("bot", "image.escalated", image.id, to=manager.id)


async def _unread(tx: Transaction, image_id: ImageId) -> Image | None:
    image = await tx.rows.images.get(image_id)
    unread = not image.taken_by and image.seen_at is None
    return image if unread and image.in_reach else None
