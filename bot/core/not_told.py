"""Say that somebody who may hold a copy was not told to delete it after all: what was on its way to them was stopped (R25)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain import rooms
from bot.domain.breach import with_step
from bot.domain.identifiers import Address, BreachId, CopyId
from bot.words import about_incidents as words
from bot.words.phrases import many

from .breaches import tell_managers
from .transaction import Transaction
from .uses.who_asked import tell_who_asked


async def tell_not_told(tx: Transaction, address: Address, copy_ids: Iterable[CopyId]) -> None:
    """Note it in the assessment, where there is one; tell the managers, and whoever asked for the use."""
    posts = await tx.rows.copies.among([copy_id for copy_id in copy_ids if copy_id])
    if not posts or not rooms.is_own(address):
        return
    name = (await tx.person(rooms.person_at(address))).name
    carried = [await tx.rows.choices.carried_by(post.id, "recall-answer") for post in posts]
    choice = next((choice for choice in carried if choice is not None), None)
    if choice is None:
        images = await tx.rows.images.among([post.image_id for post in posts])
        await tell_managers(tx, words.not_told(many([image.ref for image in images]), name), posts[0].image_id)
        return
    breach = await tx.rows.breaches.get(BreachId(choice.subject))
    await tx.rows.breaches.save(with_step(breach, "consentry", words.NOT_TOLD.format(name=name), tx.now))
    await tx.audit("bot", "breach.not-told", breach.id)
    text = words.not_told(breach.ref, name)
    await tell_managers(tx, text, breach.image_id)
    use = await tx.rows.uses.known(breach.use_id) if breach.use_id else None
    if use is not None and use.asked_by not in {manager.id for manager in await tx.managers()}:
        await tell_who_asked(use, text, tx)
