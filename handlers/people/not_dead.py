"""`!not-dead MRN`: a death was recorded by mistake. One of the staff asks, another confirms, and one of them is a manager (R28a).

Nothing revives by itself: those who answer for the patient are linked anew, and what ended stays ended. Where no two people
could do it, `consentry confirm` does it at the computer, with a reason (R33).
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

from bot.core.dispatch import Request
from bot.core.documents import note_on_patient
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.authority_events import owes_no_sentence
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.identifiers import AT_THE_COMPUTER, NO_PERSON, PatientId, PersonId
from bot.domain.leaving import may_undo_death
from bot.domain.message import Message
from bot.domain.people import Patient, Person, Standing
from bot.domain.staff_deeds import UndoDeath
from bot.domain.under_care import IsAlive, patient_after
from bot.words import about_leaving
from bot.words.about_admission import say_why_nobody_else
from bot.words.about_people import nothing_changes

CONFIRMED_WITHIN = timedelta(days=1)
_SUBJECT = "not-dead:"


async def not_dead(deed: UndoDeath, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.with_mrn(deed.number)
    if patient is None or patient.died_on is None:
        raise Refused(about_leaving.no_dead_patient())
    others = [person for person in await _staff(tx) if may_undo_death(request.person, person)]
    if not others:
        raise Refused(about_leaving.nobody_to_confirm(patient), "R28a")
    await tx.ledger_message(request.arrival)
    await close_polls(tx, about_death(patient))
    for person in others:
        await ask(
            tx,
            person,
            about_leaving.is_not_dead(patient, request.person.name),
            [(request.person.id, "Is alive"), ("", "No, nothing changes")],
            about="not-dead",
            subject=about_death(patient),
            lasts=CONFIRMED_WITHIN,
            needs_number=True,
        )
    return about_leaving.somebody_confirms()


async def confirm(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.known(PatientId(choice.subject.removeprefix(_SUBJECT)))
    asker = await tx.rows.people.known(PersonId(choice.value))
    if patient is None or asker is None or patient.died_on is None:
        return nothing_changes()
    if asker.standing is not Standing.ACTIVE or not may_undo_death(asker, request.person):
        raise Refused(about_leaving.not_together(), "R28a")
    await _revive(patient, tx)
    await tx.audit(request.person.id, "patient.not-dead", patient.id, asked_by=asker.id)
    facts: dict[str, object] = {"died": False, "asked_by": asker.name}
    await note_on_patient(tx, patient, request.person.id, about_leaving.NOT_DEAD, facts)
    for person in (asker, request.person):
        await tx.say(rooms.own(person.id), about_leaving.recorded_as_alive(patient), private=True)
    return None


async def confirm_at_the_computer(patient: Patient, reason: str, tx: Transaction) -> None:
    """Undo it with a reason, when no two of the staff could; raise `Refused` when they could, or without a reason."""
    if patient.died_on is None:
        raise Refused(about_leaving.not_dead_any_more(), "R33")
    if not reason.strip():
        raise Refused(say_why_nobody_else(), "R33")
    if any(may_undo_death(asker, other) for asker, other in combinations(await _staff(tx), 2)):
        raise Refused(about_leaving.two_can_confirm(patient), "R33")
    await _revive(patient, tx)
    await tx.audit(AT_THE_COMPUTER, "patient.not-dead-at-the-computer", patient.id, reason=reason.strip())
    facts: dict[str, object] = {"died": False, "asked_by": "", "reason": reason.strip()}
    await note_on_patient(tx, patient, NO_PERSON, about_leaving.NOT_DEAD_UNSEEN, facts)
    for manager in await tx.managers():
        await tx.say(rooms.own(manager.id), about_leaving.recorded_as_alive(patient), private=True)


def about_death(patient: Patient) -> str:
    """Return the subject of questions about one death.

    All of them are over, no matter who asked, when the death was undone, and when the patient dies after all.
    """
    return f"{_SUBJECT}{patient.id}"


async def _staff(tx: Transaction) -> list[Person]:
    return await tx.rows.people.active_staff()


async def _revive(patient: Patient, tx: Transaction) -> None:
    await close_polls(tx, about_death(patient))
    await tx.rows.patients.save(patient_after(patient, IsAlive()))
    for authority in await tx.rows.authorities.owed_a_sentence(patient.id):
        await tx.rows.authorities.save(owes_no_sentence(authority))
