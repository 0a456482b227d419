"""Say that somebody who may hold a copy was not told to delete it after all: what was on its way to them was stopped (R25)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain import rooms
from bot.domain.breach import Breach, with_step
from bot.domain.copies import Copy
from bot.domain.identifiers import Address, BreachId, CopyId
from bot.domain.people import Person
from bot.words import about_incidents as words
from bot.words.phrases import many

from .breaches import tell_managers, tell_of_breach
from .transaction import Transaction
from .uses.who_asked import tell_who_asked


async def tell_not_told(tx: Transaction, address: Address, copy_ids: Iterable[CopyId]) -> None:
    """Note it in the assessment, where there is one; tell the managers, and whoever asked for the use."""
    posts = await tx.rows.copies.among([copy_id for copy_id in copy_ids if copy_id])
    if not posts or not rooms.is_own(address):
        return
    person = await tx.person(rooms.person_at(address))
    found = await _breach(tx, person, posts)
    if found is None:
        images = await tx.rows.images.among([post.image_id for post in posts])
        text = words.not_told(many([image.ref for image in images]), person.name)
        named = () if person.is_professional else (person.id,)
        await tell_managers(tx, text, posts[0].image_id, named, words.SOMEBODY_NOT_TOLD)
        return
    breach = await tx.rows.breaches.save(with_step(found, "consentry", words.NOT_TOLD.format(name=person.name), tx.now))
    await tx.audit("bot", "breach.not-told", breach.id)
    text = words.not_told(breach.ref, person.name)
    await tell_of_breach(tx, breach, text)
    use = await tx.rows.uses.known(breach.use_id) if breach.use_id else None
    if use is not None and use.asked_by not in {manager.id for manager in await tx.managers()}:
        await tell_who_asked(use, text, tx)


async def _breach(tx: Transaction, person: Person, posts: Sequence[Copy]) -> Breach | None:
    """Return the assessment these words were about: the one their question names, or else the last about this person."""
    carried = [await tx.rows.choices.carried_by(post.id, "recall-answer") for post in posts]
    asked = next((choice for choice in carried if choice is not None), None)
    if asked is not None:
        return await tx.rows.breaches.get(BreachId(asked.subject))
    about = await tx.rows.breaches.of_images([post.image_id for post in posts if post.image_id])
    theirs = [breach for breach in about if person.id in breach.reader_ids and breach.closed_at is None]
    return max(theirs, key=lambda breach: breach.opened_at, default=None)
