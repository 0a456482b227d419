"""`!capacity`: a clinician attests that somebody decides for themselves, at once: a grown-up again, or a mature minor (R33).

That a grown-up can't decide any more takes an invitation for the person who decides for them, and a second person (`!link`,
`!confirm`). The assistant tells nobody of it (R33a).
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.core.uses.settle_requests import settle_requests
from bot.domain.errors import Refused
from bot.domain.message import Message
from bot.domain.people import eighteenth_birthday
from bot.domain.staff_deeds import AttestCapacity, Capacity
from bot.domain.under_care import FoundAble, FoundMature, patient_after
from bot.words import about_admission as words
from bot.words import about_people

from .two_people import act_about


async def capacity(deed: AttestCapacity, request: Request, tx: Transaction) -> Message | None:
    patient = await tx.rows.patients.with_mrn(deed.number)
    if patient is None or patient.died_on is not None:
        raise Refused(about_people.nobody_has_that_number())
    await act_about(request.person, patient.id, tx)
    is_minor = deed.capacity is Capacity.MATURE_MINOR
    grown_up = tx.today >= eighteenth_birthday(patient.born)
    if is_minor and grown_up:
        raise Refused(words.is_grown_up(patient), "R9")
    now = patient_after(patient, FoundMature(tx.now) if is_minor else FoundAble(tx.now))
    await tx.ledger_message(request.arrival)
    if now != patient:
        await tx.rows.patients.save(now)
        await settle_requests(patient.id, tx)
    text = words.attested_mature(patient) if is_minor else words.attested_capacity(patient)
    how = {"mature_minor": now.mature_minor, "impaired": now.impaired, "words": text}
    await tx.audit(request.person.id, "patient.capacity", patient.id, **how)
    await tx.say(request.room.address, text, private=True)
    return None
