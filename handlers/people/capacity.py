"""`!capacity`: a clinician attests that somebody decides for themselves, at once: a grown-up again, or a mature minor (R33).

That a grown-up can't decide any more takes an invitation for the person who decides for them, and a second person (`!link`,
`!confirm`). The assistant tells nobody of it (R33a).
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.authority import may_act_for_the_practice
from bot.domain.errors import Refused
from bot.domain.people import eighteenth_birthday
from bot.domain.rooms import RoomKind
from bot.words import about_admission as words

from .enrol import words_of

USAGE = "!capacity MRN has | mature-minor"


async def capacity(request: Request, tx: Transaction) -> str | None:
    if request.room.kind is not RoomKind.OWN:
        raise Refused("That is about a patient. Please write it in your own chat with me.")
    said = words_of(request.argument, USAGE)
    what = said[1].casefold() if len(said) == 2 else ""
    if what not in {"has", "mature-minor"}:
        raise Refused(f"Please write: {USAGE}")
    patient = await tx.rows.patients.with_mrn(said[0])
    if patient is None or patient.died_on is not None:
        raise Refused(f"No patient here has that number. Please write: {USAGE}")
    if not may_act_for_the_practice(await tx.circle(patient.id), request.person, tx.today):
        raise Refused(words.NOT_FOR_YOUR_OWN, "R33")
    grown_up = tx.today >= eighteenth_birthday(patient.born)
    if what == "mature-minor" and grown_up:
        raise Refused(f"{patient.name} is grown up and answers for themselves anyway.", "R9")
    now = replace(patient, mature_minor=True) if what == "mature-minor" else replace(patient, impaired=False)
    await tx.ledger_message(request.arrival)
    if now != patient:
        await tx.rows.patients.save(now)
    text = words.attested_mature(patient) if what == "mature-minor" else words.attested_capacity(patient)
    how = {"mature_minor": now.mature_minor, "impaired": now.impaired, "words": text}
    await tx.audit(request.person.id, "patient.capacity", patient.id, **how)
    await tx.say(request.room.address, text, private=True)
    return None
