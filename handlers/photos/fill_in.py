"""A line and what was known before, made one statement: two identifiers find the patient, dates find their meaning (R15).

Whatever does not fit is left out and said, never guessed: a number and a birthday that belong to no single patient undo the
patient.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.core.transaction import Transaction
from bot.domain.identifiers import NO_PATIENT, PatientId
from bot.domain.message import Message, together
from bot.domain.people import Patient, Person, Role
from bot.domain.spelling import same_number
from bot.domain.statement import A_YEAR, ConsentKind, Statement, StatementLine, who_gives_consent
from bot.domain.use_rules import Kind
from bot.words import about_statements as words
from bot.words.about_typed_lines import unclear_day


@dataclass(frozen=True, slots=True)
class _Identified:
    """The patient that a line means, or the one known before, and the words that said so."""

    patient_id: PatientId = NO_PATIENT
    born: date | None = None
    number: str = ""  # as it was written, by somebody outside
    by_number: str = ""
    used_birthday: bool = False
    complaint: Message | None = None

    @classmethod
    def as_(cls, patient: Patient, by_number: str = "", used_birthday: bool = False) -> _Identified:
        return cls(patient.id, patient.born, by_number=by_number, used_birthday=used_birthday)


async def filled_in(
    draft: Statement, said: StatementLine, sender: Person, tx: Transaction
) -> tuple[Statement, Message | None]:
    """The statement with what was said, and what to say of what could not be used."""
    outside = not sender.may_act_as(Role.CLINICIAN)
    who = _as_written(draft, said, tx.today) if outside else await _identified(draft, said, tx)
    on, day_trouble = _consent_day(said, who, tx.today)
    if said.withheld:  # also what was said before (R34)
        draft = replace(draft, consent=None, consent_on=None, given_by=None, covers_advice=False)
    consent, consent_trouble = _consent(said, draft, tx.policy.written_consent_only)
    same_patient = (who.patient_id, who.number, who.born) == (draft.patient_id, draft.number, who.born)
    given_by = said.given_by or (draft.given_by if same_patient or not draft.names_somebody else None)
    if consent and given_by is None and who.born is not None:
        given_by = who_gives_consent(who.born, on or draft.consent_on or tx.today)
    statement = replace(
        draft,
        kind=said.kind or draft.kind,
        patient_id=who.patient_id,
        number=who.number,
        born=who.born if who.number else None,
        photographer=said.photographer or (sender.name if said.mine else draft.photographer),
        consent=consent,
        consent_on=on or draft.consent_on,
        given_by=given_by,
        covers_advice=draft.covers_advice if said.advice is None else said.advice,
        reason=said.reason(who.by_number) or _without(draft.reason, who.by_number),
    )
    unclear = unclear_day(said.unclear) if said.unclear is not None else None
    withheld = words.withheld() if said.withheld and statement.kind is not Kind.DOCUMENT else None
    return statement, together((withheld, unclear, who.complaint, day_trouble, consent_trouble))


def _as_written(draft: Statement, said: StatementLine, today: date) -> _Identified:
    """What somebody outside wrote, taken as it stands: nothing is looked up before they attest it (`identifiers`)."""
    known = _Identified(draft.patient_id, draft.born, draft.number)
    if not said.numbers or not said.dates:
        return _half(said, known)
    measured = draft.names_somebody and len(said.dates) == 1 and _could_be_consent(said.dates[0], draft.born, today)
    if measured:  # "3 cm, verbal 2026-11-20" says nothing about whose it is
        return known
    return _Identified(NO_PATIENT, said.dates[0], said.numbers[0], by_number=said.numbers[0], used_birthday=True)


async def _identified(draft: Statement, said: StatementLine, tx: Transaction) -> _Identified:
    patient = await tx.rows.patients.get(draft.patient_id) if draft.patient_id else None
    known = _Identified.as_(patient) if patient else _Identified()
    if not said.numbers or not said.dates:
        return _half(said, known)
    born = said.dates[0]
    numbered = await tx.rows.patients.numbered(said.numbers)
    found = [numbered_so for numbered_so in numbered if numbered_so.born == born]
    if len(found) == 1:
        by_number = next(number for number in said.numbers if same_number(number, found[0].mrn))
        return _Identified.as_(found[0], by_number, used_birthday=True)
    if patient is not None and len(said.dates) == 1 and _could_be_consent(born, patient.born, tx.today):
        return known  # "3 cm, verbal 2026-11-20" says nothing about whose it is
    return _Identified(used_birthday=True, complaint=words.no_such_patient(said.numbers, born))


def _half(said: StatementLine, known: _Identified) -> _Identified:
    """Only one of the two identifiers was said, and nothing else: both are wanted together."""
    alone = (
        known.born is None
        and replace(said, numbers=(), dates=(), rest=said.rest[len(said.numbers) :]) == StatementLine()
    )
    only = said.numbers[0] if len(said.numbers) == 1 else ""
    complaint = words.both_together() if alone and (only or said.dates) else None
    return replace(known, by_number=only if alone else "", complaint=complaint)


def _without(reason: str, number: str) -> str:
    """Return the reason without a record number that was written before its birthday."""
    return " ".join(word for word in reason.split() if word != number)


def _could_be_consent(day: date, born: date | None, today: date) -> bool:
    return today - A_YEAR <= day and (born is None or born <= day)


def _consent_day(said: StatementLine, who: _Identified, today: date) -> tuple[date | None, Message | None]:
    """The day of consent: "today", or the date that is not the birthday."""
    day = said.day
    rest = said.dates[1:] if who.used_birthday else said.dates
    if day is None and rest and _could_be_consent(rest[-1], None, today):
        day = rest[-1]
    if day is None:
        return None, None
    if day > today:
        return None, words.in_the_future()
    if who.born is not None and day < who.born:
        return None, words.before_birth()
    return day, None


def _consent(said: StatementLine, draft: Statement, written_only: bool) -> tuple[ConsentKind | None, Message | None]:
    """Policy may want it in writing; a document needs none (R2, R3)."""
    consent = said.consent or draft.consent
    document = (said.kind or draft.kind) is Kind.DOCUMENT
    if consent is ConsentKind.VERBAL and written_only and not document:
        return None, words.written_only()
    return consent, None
