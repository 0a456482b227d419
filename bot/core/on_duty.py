"""Who is on duty, and who is told in their place while nobody who is named for it is here (R28a).

Of a photo none of its patient's people is told (R33).
"""

from __future__ import annotations

from bot.domain.authority import may_act_for_the_practice, treats
from bot.domain.identifiers import Account
from bot.domain.image import Image
from bot.domain.people import Person, Standing

from .transaction import Transaction


async def on_duty(tx: Transaction) -> Person | None:
    """Return the person named for duty by the configuration, or whoever took over from them, if they read what is said to
    them now: nobody relies on a person who is paused or has left their chat.
    """
    person = await _named_for_duty(tx)
    here = person is not None and person.standing is Standing.ACTIVE and await tx.reached([person.id])
    return person if here else None


async def instead_of_duty(tx: Transaction) -> list[Person]:
    """Return the managers, where somebody is named for duty and is not here; else nobody."""
    return [] if not tx.policy.duty or await on_duty(tx) else await tx.managers()


async def on_duty_for(image: Image, tx: Transaction) -> Person | None:
    """Return whoever is on duty, unless they are, or speak for, the patient (R33)."""
    duty = await on_duty(tx)
    return duty if duty is not None and await _is_apart(duty, image, tx) else None


async def on_duty_beside_taker(image: Image, tx: Transaction) -> Person | None:
    """Return whoever is on duty, unless they have the image themselves, or are one of the patient's people."""
    duty = await on_duty_for(image, tx)
    return None if duty is not None and duty.id == image.taken_by else duty


async def instead_of_duty_for(image: Image, tx: Transaction) -> list[Person]:
    """Return the managers who are told while nobody on duty is here, but none of the patient's people (R33)."""
    return [manager for manager in await instead_of_duty(tx) if await _is_apart(manager, image, tx)]


async def clinicians_apart(image: Image, tx: Transaction) -> list[Person]:
    """Return the clinicians who are none of the patient's people (R33)."""
    staff = await tx.rows.people.active_staff()
    return [person for person in staff if treats(person) and await _is_apart(person, image, tx)]


async def _is_apart(person: Person, image: Image, tx: Transaction) -> bool:
    if person.id == image.sender_id:
        return False
    return not image.patient_id or bool(may_act_for_the_practice(await tx.circle(image.patient_id), person, tx.today))


async def _named_for_duty(tx: Transaction) -> Person | None:
    """Return who has the account that is named; when they have left, their successor."""
    had_it = await tx.rows.people.with_account(Account(tx.policy.duty)) if tx.policy.duty else []
    here = [holder for holder in had_it if holder.is_professional and holder.standing is not Standing.LEFT]
    person = next(reversed(here or [holder for holder in had_it if holder.succeeded_by]), None)
    for _ in range(10):
        if person is None or (person.is_professional and person.standing is not Standing.LEFT):
            return person
        person = await tx.rows.people.known(person.succeeded_by) if person.succeeded_by else None
    return None
