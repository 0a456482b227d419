"""`!not-dead MRN`: a death was recorded by mistake. One of the staff asks, another confirms, and one of them is a manager (R28a).

Nothing revives by itself: who answers for the patient is linked anew, and what ended stays ended.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.dispatch import Request
from bot.documents import note_on_patient
from bot.domain import rooms, wording_leaving
from bot.domain.choices import Choice
from bot.domain.errors import Refused
from bot.domain.leaving import may_undo_death
from bot.domain.people import STAFF_ROLES, Standing
from bot.domain.rooms import RoomKind
from bot.domain.wording_people import NOTHING_CHANGES
from bot.transaction import Transaction

from .enrol import words_of

USAGE = "!not-dead MRN"
CONFIRMED_WITHIN = timedelta(days=1)


async def not_dead(request: Request, tx: Transaction) -> str | None:
    if request.room.kind is not RoomKind.OWN:
        raise Refused("That is about a patient. Please write it in your own chat with me.")
    said = words_of(request.argument, USAGE)
    patient = await tx.rows.patients.first(mrn=said[0]) if len(said) == 1 else None
    if patient is None or patient.died_on is None:
        raise Refused(f"No patient who is recorded as dead has that number. Please write: {USAGE}")
    staff = await tx.rows.people.find(roles=STAFF_ROLES, standing=Standing.ACTIVE)
    others = [person for person in staff if may_undo_death(request.person, person)]
    if not others:
        raise Refused(wording_leaving.NOBODY_TO_CONFIRM, "R28a")
    await tx.ledger_message(request.arrival)
    subject = f"{patient.id} {request.person.id}"
    await tx.close_polls(subject)
    for person in others:
        number = await tx.free_number(person)
        await tx.ask(
            person,
            wording_leaving.is_not_dead(patient, request.person.name, number),
            [("alive", "Is alive"), ("", "No, nothing changes")],
            about="not-dead",
            subject=subject,
            lasts=CONFIRMED_WITHIN,
            number=number,
        )
    return wording_leaving.SOMEBODY_CONFIRMS


async def confirm(choice: Choice, request: Request, tx: Transaction) -> str | None:
    patient_id, _, asked_by = choice.subject.partition(" ")
    patient, asker = await tx.rows.patients.get(patient_id), await tx.person(asked_by)
    if not choice.value or patient.died_on is None:
        return NOTHING_CHANGES
    if asker.standing is not Standing.ACTIVE or not may_undo_death(asker, request.person):
        raise Refused(wording_leaving.NOT_TOGETHER, "R28a")
    await tx.close_polls(choice.subject)
    await tx.rows.patients.save(replace(patient, died_on=None))
    for authority in await tx.rows.authorities.find(patient_id=patient.id, sentence_due=True):
        await tx.rows.authorities.save(replace(authority, sentence_due=False))
    await tx.audit(request.person.id, "patient.not-dead", patient.id, asked_by=asker.id)
    facts: dict[str, object] = {"died": False, "asked_by": asker.name}
    await note_on_patient(tx, patient, request.person.id, wording_leaving.NOT_DEAD, facts)
    for person in (asker, request.person):
        await tx.say(rooms.own(person.id), wording_leaving.recorded_as_alive(patient), private=True)
    return None
