"""The device check of clinicians (R21): one poll at enrolment and every few months; when it is overdue, no image comes or goes.

It is asked right after enrolment, so that it blocks nobody on the first day; anybody who is blocked gets the poll with the
sentence.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.device_standing import check, to_be_compared
from bot.core.dispatch import Request
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.domain.choices import Choice
from bot.domain.devices import Check, next_check
from bot.domain.identifiers import PersonId
from bot.domain.message import Message
from bot.domain.people import Person, Standing
from bot.domain.staff_deeds import AskDeviceCheck
from bot.domain.taking_part import device_check_due
from bot.words import about_devices
from bot.words import to_colleagues as words
from bot.words.about_emoji import clinician_not_verified


async def begin(person: Person, tx: Transaction) -> Person:
    """Make the check due now and ask it, whatever was attested before; return the person.

    Somebody is enrolled, or writes from a new device.
    """
    if not person.is_clinician or not tx.policy.device_check_months:
        return person
    saved = await tx.rows.people.save(device_check_due(await tx.person(person.id), tx.now))
    await _ask(saved, tx)
    await tx.remind("device-check", saved.id, tx.policy.device_grace / 2)
    return saved


async def blocked(person: Person, tx: Transaction) -> Message | None:
    """Return what to say instead of taking or showing an image, and send the poll with it; None when all is well."""
    if to_be_compared(person, tx):
        await tx.audit(person.id, "person.not-verified", person.id)
        return clinician_not_verified()
    standing = check(person, tx)
    if standing is Check.DUE and person.device_check_due is None:  # the first time since policy wants a check
        await begin(person, tx)
    if standing is not Check.OVERDUE:
        return None
    await tx.audit(person.id, "device.overdue", person.id)
    await _ask(person, tx)
    return about_devices.device_blocked()


async def ask_for_check(deed: AskDeviceCheck, request: Request, tx: Transaction) -> Message | None:
    """Answer `!device`: ask the check whenever somebody wants it."""
    if not tx.policy.device_check_months:
        return about_devices.no_device_check()
    await _ask(request.person, tx)
    return None


async def _ask(person: Person, tx: Transaction) -> None:
    await close_polls(tx, _subject(person))
    await ask(
        tx,
        person,
        about_devices.DEVICE_CHECK,
        about_devices.DEVICE_ANSWERS,
        about="device-check",
        subject=_subject(person),
        lasts=tx.policy.device_grace + timedelta(days=1),
    )


async def answered(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    person = await tx.person(request.person.id)
    await tx.audit(
        person.id,
        f"device.{choice.value}",
        person.id,
        words=about_devices.DEVICE_CHECK,
        version=words.version("device-check", about_devices.DEVICE_CHECK),
    )
    if choice.value != "safe":
        overdue = check(person, tx) is Check.OVERDUE
        last = (person.device_check_due or tx.now) + tx.policy.device_grace
        return about_devices.device_unsafe(None if overdue else last, tx.policy.timezone)
    months = tx.policy.device_check_months or 1
    due = next_check(tx.now, months)
    await tx.rows.people.save(device_check_due(person, due))
    await tx.remind("device-check", person.id, due - tx.now)
    return about_devices.device_thanks(months)


async def due(tx: Transaction, person_id: PersonId) -> None:
    """Ask as the check is due, or still is; ask once more halfway to being blocked."""
    person = await tx.person(person_id)
    if person.standing is not Standing.ACTIVE or check(person, tx) is Check.CURRENT:
        return
    await _ask(person, tx)
    halfway = (person.device_check_due or tx.now) + tx.policy.device_grace / 2
    if tx.now < halfway:
        await tx.remind("device-check", person.id, halfway - tx.now)


def _subject(person: Person) -> str:
    return f"device:{person.id}"
