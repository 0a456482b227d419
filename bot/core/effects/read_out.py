"""Read a list out: look at one moment of the journal, then commit what was found there as words to be said (R24, R28).

The writer is not held up meanwhile, and much may be decided. So before anything is said, whoever asked must still be somebody it
may be read to, and what it names must be as it was read; else it is read again. Reading twice is safe: only the commit says it.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.lists import LISTS
from bot.core.lists.pages import ListPage, View
from bot.core.polls import free_number
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.authority import may_be_read_to
from bot.domain.choices import Choice
from bot.domain.copies import OWN_LIST
from bot.domain.identifiers import NO_IMAGE, ChoiceId, PersonId, PollId
from bot.domain.intents import Listing, ReadOut
from bot.domain.marks import Mark, Meaning
from bot.domain.people import Person
from bot.ports import Conflict
from bot.words import about_lists

from .world import World

MORE_LASTS = timedelta(days=1)


async def perform(world: World, intent: ReadOut) -> ListPage | None:
    listed = LISTS[intent.listing]
    async with world.journal.reading() as rows:
        person = await rows.people.get(intent.person_id)
        if not may_be_read_to(person, listed.roles):
            return None
        return await listed.read(View(rows, world.clock.now(), world.policy), person, intent)


async def settle(tx: Transaction, intent: ReadOut, page: ListPage | None) -> None:
    """Say the page; raise `Conflict` where something it names was changed since it was read."""
    listed, person = LISTS[intent.listing], await tx.person(intent.person_id)
    verdict = may_be_read_to(person, listed.roles)
    if page is None or not verdict:
        await tx.audit("bot", "list.not-said", person.id, list=intent.listing, rule=verdict.rule)
        return
    read = {image.id: image.version for image in page.about}
    if {image.id: image.version for image in await tx.rows.images.among(read)} != read:
        raise Conflict("an image changed after it was read for a list")
    await drop_offers(person.id, tx)
    more = await _offer_more(person, intent, page, tx) if page.after else ""
    text = f"{page.text}\n\n{more}" if more else page.text
    if listed.told_as is not None and page.about:
        first, *others = read
        key, mark = f"{OWN_LIST}{tx.ids.new()}", _listed(page)
        await tx.say(intent.address, text, image_id=first, others=others, hearing=listed.told_as, mark=mark, key=key)
    else:
        await tx.say(intent.address, text, image_id=NO_IMAGE, private=page.names_somebody)
    if listed.audited and page.lines:
        await tx.audit(person.id, listed.audited, person.id, count=page.lines)


def _listed(page: ListPage) -> Mark:
    return Mark(Meaning.PHOTOS_LISTED, refs=tuple(image.ref for image in page.about), more=bool(page.after))


async def _offer_more(person: Person, intent: ReadOut, page: ListPage, tx: Transaction) -> str:
    """Note where the next page begins; return how to ask for it. A bare “more” is enough in somebody's own chat."""
    offer = Choice(
        ChoiceId(tx.ids.new()),
        PollId(tx.ids.new()),
        await free_number(tx, person),
        person.id,
        "list-more",
        offers_to(person.id),
        f"{intent.listing} {page.after}",
        "More",
        tx.now + MORE_LASTS,
    )
    await tx.rows.choices.add(offer)
    return about_lists.THERE_IS_MORE if rooms.is_own(intent.address) else about_lists.THERE_IS_MORE_HERE


async def drop_offers(person_id: PersonId, tx: Transaction) -> None:
    """Forget what “more” went on with before: it goes on with what was read last, and nothing of it is anybody's record."""
    for offer in await tx.rows.choices.about(offers_to(person_id)):
        await tx.rows.choices.remove(offer)


def goes_on(offer: Choice) -> tuple[Listing, str]:
    """Return the list that an offer goes on with, and after what."""
    listing, _, after = offer.value.partition(" ")
    return Listing(listing), after


def offers_to(person_id: PersonId) -> str:
    return f"more:{person_id}"
