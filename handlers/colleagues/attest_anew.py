"""`!attest IMG-7F3K verbal 2026-11-30 advice`: attest for the right patient what was attested under the wrong name (R30).

The colleague who sent the photo does it, or a clinician who treats here and does not speak for that patient (R33). A sender
who does not treat here is not told whose it is. One tap on the echo makes a new record; the old one stays as it was.
"""

from __future__ import annotations

from datetime import date, timedelta

from bot.core.consequences import note_fact
from bot.core.dispatch import Request, refuse_unsigned
from bot.core.documents import write
from bot.core.polls import ask
from bot.core.transaction import Transaction
from bot.domain.authority import treats
from bot.domain.choices import Choice
from bot.domain.consent import Basis, Consent
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import ConsentId, ImageId, PatientId
from bot.domain.image import AttestedAnew, Image, State
from bot.domain.message import Message
from bot.domain.people import Patient, Person, Relation
from bot.domain.purposes import Purpose
from bot.domain.staff_deeds import AttestConsent
from bot.domain.statement import ConsentKind, who_gives_consent
from bot.domain.use_rules import Kind
from bot.words import about_incidents as words
from bot.words import about_statements, about_uses, to_colleagues
from bot.words.about_handling import moved_meanwhile
from bot.words.about_typed_lines import unclear_day
from bot.words.phrases import day, unknown_reference
from handlers.people.two_people import act_for_the_practice

from .device_check import blocked

TIME_TO_CONFIRM = timedelta(hours=1)


async def attest_anew(deed: AttestConsent, request: Request, tx: Transaction) -> Message | None:
    image, agreed = await tx.image_named(deed.ref), deed.agreed
    await _may_attest(request.person, image, tx)
    if (refusal := await blocked(request.person, tx)) is not None:
        return refusal
    if agreed.unclear:
        raise Refused(unclear_day(agreed.unclear), "R2")
    on = agreed.on
    patient = await tx.rows.patients.get(image.patient_id)
    giver = agreed.given_by or (who_gives_consent(patient.born, on) if on else None)
    if agreed.consent is not ConsentKind.VERBAL or on is None or giver is None:
        raise Refused(words.how_to_attest(image.ref, tx.today), "R2")
    if tx.policy.written_consent_only:
        raise Refused(about_statements.written_only(), "R22")
    if on > tx.today:
        raise Refused(about_statements.in_the_future(), "R2")
    await tx.ledger_message(request.arrival, image_id=image.id)
    await ask(
        tx,
        request.person,
        _echo(image, patient, request.person, giver, on, agreed.advice),
        [(f"{patient.id} {on.isoformat()} {giver.value} {int(agreed.advice)}", "Attest"), ("", "No")],
        about="attest-anew",
        subject=image.id,
        lasts=TIME_TO_CONFIRM,
        image_id=image.id,
        needs_number=True,
    )
    return None


async def confirm(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Judge the tap again, for the image as it was when it was asked about."""
    image = await tx.rows.images.get(ImageId(choice.subject))
    if not choice.value:
        return words.nothing_recorded(image.ref)
    refuse_unsigned(request)
    whose, written, relation, with_advice = choice.value.split(" ")
    patient_id = PatientId(whose)
    if image.patient_id != patient_id:
        raise Refused(moved_meanwhile(image.ref), "R15")
    await _may_attest(request.person, image, tx)
    patient, giver = await tx.rows.patients.get(patient_id), Relation(relation)
    on, advice = date.fromisoformat(written), with_advice == "1"
    shown = _echo(image, patient, request.person, giver, on, advice)
    attested = Consent(
        id=ConsentId(tx.ids.new()),
        image_id=image.id,
        person_id=request.person.id,
        capacity=giver,
        basis=Basis.VERBAL,
        purpose=Purpose.CARE,
        reason=image.reason,
        wording=shown,
        wording_version=to_colleagues.version("attestation", shown),
        at=tx.now,
        proof=request.proof,
        patient_id=patient_id,
    )
    await tx.rows.consents.add(attested)
    await note_fact(tx, image, AttestedAnew(advice))
    await tx.audit(request.person.id, "image.attested-anew", image.id, version=attested.wording_version)
    facts: dict[str, object] = {
        "basis": "verbal",
        "by": to_colleagues.GIVERS[giver],
        "capacity": giver.value,
        "on": written,
        "covers_advice": advice,
        "wording": shown,
        "wording_version": attested.wording_version,
        "at": tx.now.isoformat(),
        "proof": attested.proof,
    }
    await write(tx, EntryKind.CONSENT, image, patient_id, request.person.id, shown, facts)
    return words.may_go_for_advice(image.ref) if advice else words.may_not_go_for_advice(image.ref)


async def _may_attest(person: Person, image: Image, tx: Transaction) -> None:
    if image.sender_id != person.id and not treats(person):  # nobody outside learns by trying what is here (R15)
        raise Refused(unknown_reference(image.ref), "R30")
    if not image.from_colleague or image.kind is Kind.DOCUMENT or image.form_of or not image.sent_for:
        raise Refused(words.no_attestation_needed(image.ref), "R30")
    if image.state is not State.VERIFIED or image.stopped:
        raise Refused(about_uses.not_shared([image.ref]), "R13")
    await act_for_the_practice(person, image, image.patient_id, tx)


def _echo(image: Image, patient: Patient, person: Person, giver: Relation, on: date, advice: bool) -> str:
    whose = f"{patient.name}, born {day(patient.born)}" if treats(person) else ""
    return words.attested_anew(image.ref, whose, to_colleagues.GIVERS[giver], on, advice)
