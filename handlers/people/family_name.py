"""`!name MRN Patel, Sam`: which of a patient's names is the family name, and the sex, for programs that file by them.

The name that is said stays as it is: a different one is refused, because it may be another patient's (R15). What a destination
refused for want of it goes there now.
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.assurance import Level
from bot.domain.delivery_events import TriedAnew, delivery_after
from bot.domain.delivery_reasons import NO_FORMAL_NAME
from bot.domain.errors import Refused
from bot.domain.formal_names import FormalName, Sex
from bot.domain.identifiers import PersonId
from bot.domain.message import Message
from bot.domain.people import Patient
from bot.domain.staff_deeds import TellNames
from bot.domain.under_care import NamesLearned, patient_after
from bot.words import about_admission, about_people


async def set_family_name(deed: TellNames, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.with_mrn(deed.number)
    if patient is None:
        raise Refused(about_people.nobody_has_that_number())
    if not deed.parts.name.is_of(patient.name):
        raise Refused(about_admission.other_words_than(patient), "R15")
    await tx.ledger_message(request.arrival)
    patient = await record_names(patient, deed.parts.name, deed.parts.sex, request.person.id, tx)
    waits = await _try_anew(patient, tx)
    await tx.say(request.room.address, about_admission.names_told(patient, waits), private=True)
    return None


async def record_names(patient: Patient, name: FormalName, sex: Sex | None, by: PersonId, tx: Transaction) -> Patient:
    """Keep a patient's name in its parts; a sex that is not said stays what it was."""
    told = patient_after(patient, NamesLearned(name, sex))
    if told == patient:
        return patient
    await tx.audit(by, "patient.named", patient.id)
    return await tx.rows.patients.save(told)


async def _try_anew(patient: Patient, tx: Transaction) -> int:
    tried = 0
    for destination in tx.policy.names_apart:
        for delivery in await tx.rows.deliveries.in_state(destination, Level.REFUSED):
            if (delivery.patient_id, delivery.why) == (patient.id, NO_FORMAL_NAME):
                await tx.rows.deliveries.save(delivery_after(delivery, TriedAnew(tx.now)))
                tried += 1
    return tried
