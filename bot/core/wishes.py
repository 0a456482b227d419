"""Wishes to have an image back that are not answered yet: until they are, nothing of it is filed or leaves (R13, R34)."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.conversation import About, Question
from bot.domain.identifiers import Actor, ImageId
from bot.domain.image import Image
from bot.domain.use import DoubtRaised, DoubtSettled, Use, decide

from .transaction import Transaction
from .who_may_hear import may_write


async def open_wishes(image_ids: Collection[ImageId], tx: Transaction) -> list[Question]:
    """Return what was asked about one of these images, of whomever, and is not answered."""
    asked = await tx.rows.questions.open_about(About.WITHDRAW)
    return [question for question in asked if not set(image_ids).isdisjoint(question.image_ids)]


async def wanted_back(image: Image, tx: Transaction) -> bool:
    """Return whether somebody who may answer for its patient was asked whether to withdraw it, and has not said (R29a)."""
    for wish in await open_wishes([image.id], tx):
        if await may_write(tx.rows, wish.person_id, image, tx.today):
            return True
    return False


async def doubt_use(use: Use, by: Actor, tx: Transaction) -> None:
    """Let nothing of it leave until it is answered."""
    if not use.doubted:
        await tx.rows.uses.save(decide(use, DoubtRaised()))
        await tx.audit(by, "use.doubted", use.id)


async def settle_use(use: Use, by: Actor, tx: Transaction) -> None:
    """Let it go on, as far as this doubt goes."""
    if use.doubted:
        await tx.rows.uses.save(decide(use, DoubtSettled()))
        await tx.audit(by, "use.doubt-settled", use.id)
