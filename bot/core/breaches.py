"""Breaches: each is opened in the commit that finds it, recorded, its clock started and the managers told (R25)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from zoneinfo import ZoneInfo

from bot.domain import rooms
from bot.domain.breach import ASSESSMENT, REMINDERS, Breach
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_USE, Actor, BreachId, ImageId, PersonId, UseId
from bot.domain.people import Person
from bot.domain.use import Use
from bot.ports import Commit
from bot.words import about_incidents as words
from bot.words import to_the_team

from .transaction import Transaction
from .who_may_hear import unheard_of


async def new_breach(
    tx: Transaction, image_id: ImageId, what: str, readers: Iterable[Person], use_id: UseId = NO_USE
) -> Breach:
    """Return a new breach that is not kept yet: add steps to it, then call `open_breach`. `readers` are the people it names."""
    reader_ids = tuple(person.id for person in readers)
    for _ in range(50):
        ref = f"BR-{tx.ids.reference()}"
        if await tx.rows.breaches.with_ref(ref) is None:
            return Breach(
                BreachId(tx.ids.new()),
                ref,
                image_id,
                use_id,
                what,
                (),
                tx.now,
                tx.now + ASSESSMENT,
                reader_ids=reader_ids,
            )
    raise Refused(to_the_team.stuck("a recall", "no reference is left"))


async def open_breach(tx: Transaction, breach: Breach, by: Actor) -> None:
    await tx.rows.breaches.add(breach)
    await tx.audit(by, "breach.opened", breach.id, ref=breach.ref, use=breach.use_id, image=breach.image_id)
    await tell_of_breach(tx, breach, words.breach_opened(breach, tx.policy.timezone))
    for after in REMINDERS:
        await tx.remind("breach-clock", breach.id, after)


async def breaches_about(rows: Commit, image_id: ImageId, uses: Sequence[Use]) -> list[Breach]:
    """Return every breach about this image: its own, and those of its uses, each of which is about all images of the use."""
    own = [breach for breach in await rows.breaches.of_image(image_id) if not breach.use_id]
    return [*own, *await rows.breaches.of_uses([use.id for use in uses])]


async def breaches_in_words(rows: Commit, zone: ZoneInfo) -> list[str]:
    """Return every breach that is being assessed, whole, for whoever reads at the computer."""
    return [words.breach_line(breach, zone) for breach in await rows.breaches.open()]


async def tell_of_breach(tx: Transaction, breach: Breach, text: str) -> None:
    """Tell each manager what happens with this breach; whoever may not know of somebody it names, only that it is there."""
    await tell_managers(
        tx, text, breach.image_id, breach.reader_ids, words.breach_held_back(breach, tx.policy.timezone)
    )


async def tell_managers(
    tx: Transaction, text: str, image_id: ImageId, named: Collection[PersonId], instead: str
) -> None:
    """Tell each manager in their own room; where there is none here, tell the practice's room, which hears no patient's name.

    `named` are the people in the text who are no colleagues: a manager who may not know of one of them hears `instead` (R33a).
    Where no manager may, the practice's room hears that too: else only those would know of it from whom it is held back.
    """
    active = await tx.managers()
    reached = await tx.reached(manager.id for manager in active)
    managers = [manager for manager in active if manager.id in reached]
    able = {manager.id for manager in managers if await may_read_of(tx, manager, named)}
    for manager in managers:
        await tx.say(rooms.own(manager.id), text if manager.id in able else instead, image_id=image_id)
    if managers and not able:
        await tx.tell_practice(instead, image_id=image_id)
    if not managers:
        image = await tx.rows.images.get(image_id)
        await tx.tell_practice(words.breach_without_manager(image.ref), image_id=image_id)


async def may_read_of(tx: Transaction, manager: Person, named: Collection[PersonId]) -> bool:
    """Return whether this manager may know of all of these people (R33a)."""
    return not named or (await unheard_of(tx.rows, manager, tx.today)).isdisjoint(named)


async def may_assess(tx: Transaction, manager: Person, breach: Breach) -> bool:
    """Return whether this manager may add to an assessment and close it: who may read it, or anybody where no manager may.

    Then it is read whole at the computer, and somebody must be able to end it.
    """
    readers = [other for other in await tx.managers() if await may_read_of(tx, other, breach.reader_ids)]
    return not readers or manager in readers
