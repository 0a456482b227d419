"""`my copy`: what is filed about somebody, as an encrypted file in the chat of a person who may answer for them (R24).

Somebody who answers for several is asked whose copy it is to be. The worker counts, divides and sends it; here it is only
decided who may have it.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.polls import ask
from bot.core.transaction import Transaction
from bot.core.who_may_hear import hears_of_patients
from bot.domain import rooms
from bot.domain.choices import Choice
from bot.domain.deeds import GetCopy
from bot.domain.errors import Refused
from bot.domain.intents import PrepareCopy, ReserveCopy, SendCopy
from bot.domain.message import Message
from bot.domain.people import Patient, Person
from bot.domain.planned import Progress
from bot.words import about_rights, phrases


async def send_copy(deed: GetCopy, request: Request, tx: Transaction) -> Message | None:
    patients = await hears_of_patients(tx.rows, request.person.id, tx.today)
    if not patients:
        raise Refused(about_rights.not_your_copy(tx.policy.practice), "R24")
    if len(patients) == 1:
        return await _send(patients[0], request.person, tx)
    await ask(
        tx,
        request.person,
        about_rights.WHOSE_COPY,
        [(patient.id, f"{patient.name}, born {phrases.day(patient.born)}") for patient in patients],
        about="my-copy",
        subject=request.person.id,
        lasts=timedelta(hours=1),
        patient_ids=[patient.id for patient in patients],
    )
    return None


async def whose(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    for patient in await hears_of_patients(tx.rows, request.person.id, tx.today):
        if patient.id == choice.value:
            return await _send(patient, request.person, tx)
    raise Refused(phrases.not_your_question(), "R24")


async def _send(patient: Patient, person: Person, tx: Transaction) -> Message:
    gathered = f"copy:{person.id}"
    for planned in (*await tx.rows.waiting_in(gathered), *await tx.rows.waiting_in(rooms.own(person.id))):
        if planned.progress is Progress.DUE and isinstance(planned.intent, PrepareCopy | ReserveCopy | SendCopy):
            raise Refused(about_rights.copy_on_its_way(), "R24")
    await tx.audit(person.id, "copy.asked", patient.id)
    await tx.plan(PrepareCopy(person.id, patient.id), lane=gathered)
    return about_rights.gathering()
