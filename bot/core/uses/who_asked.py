"""Who of the practice hears what becomes of a use: who asked for it, else who took over, else the managers (R28a)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.identifiers import PersonId
from bot.domain.people import Person, Standing
from bot.domain.use import Use


async def tell_who_asked(use: Use, text: str, tx: Transaction) -> None:
    """Tell the first of them who is here to read it; where nobody is, the practice's room."""
    line = [
        person
        for person in await in_line(use.asked_by, tx)
        if person.standing is Standing.ACTIVE and person.is_professional
    ]
    here = await tx.reached(person.id for person in line)
    first = [person for person in line if person.id in here][:1]
    told = first or await tx.managers()
    for person in told:
        await tx.say(rooms.own(person.id), text, image_id=use.image_ids[0])
    if not told:
        await tx.tell_practice(text, image_id=use.image_ids[0])


async def whose_work(askers: Iterable[PersonId], by: Person, tx: Transaction) -> set[PersonId]:
    """Return those of these people whose work is this person's: their own, and that of people they took over from."""
    lines = {asker: await in_line(asker, tx) for asker in set(askers)}
    return {asker for asker, line in lines.items() if by.id in {person.id for person in line}}


async def in_line(person_id: PersonId, tx: Transaction) -> list[Person]:
    """Return this person, then who took over when they left, and so on."""
    line = [await tx.person(person_id)]
    while line[-1].succeeded_by and line[-1].succeeded_by not in {person.id for person in line}:
        line.append(await tx.person(line[-1].succeeded_by))
    return line
