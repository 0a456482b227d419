"""The tap on the echo: file it, leave it, or change something. It is the sender's attestation, kept word for word (R2, R4).

Without a tap there is a reminder; then the photo is held for the practice, never filed and never used. A later answer still
counts.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.consequences import apply
from bot.core.dispatch import Request, refuse_unsigned
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.choices import Choice
from bot.domain.consent import Basis, Consent
from bot.domain.conversation import Answered, QuestionState, question_after
from bot.domain.errors import Refused
from bot.domain.identifiers import ConsentId, QuestionId
from bot.domain.image import Attested, Described, HeldFor, Image, State, Unattested
from bot.domain.message import Message
from bot.domain.people import Relation
from bot.domain.purposes import Purpose
from bot.domain.statement import ConsentKind, Statement
from bot.domain.use_rules import Kind
from bot.words import phrases
from bot.words import to_colleagues as words
from bot.words.about_statements import written_only
from handlers.people.two_people import act_for_the_practice

from .identify_patient import whose
from .statements import forms_of, images_of, leave, next_step


async def attest(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    question = await tx.rows.questions.get(QuestionId(choice.subject))
    images = await images_of(question, tx)
    if not images:
        raise Refused(phrases.answered_already())
    await tx.ledger_message(request.arrival, image_id=images[0].id)
    if choice.value == "leave":
        return await leave(question, request.person, tx)
    if choice.value == "change":
        return words.change()
    refuse_unsigned(request)
    statement = images[0].statement or Statement()
    wants_writing = tx.policy.written_consent_only and statement.kind is not Kind.DOCUMENT
    if wants_writing and statement.consent is not ConsentKind.WRITTEN:
        raise Refused(written_only(), "R22")
    statement = await whose(statement, images[0], request.person, tx)
    for image in images:
        await act_for_the_practice(request.person, image, statement.patient_id, tx)
        stale = image.attested_at is None and statement != image.statement
        described = await apply(tx, image, Described(statement), by=request.person.id) if stale else image
        await _attest(described, request, tx)
    for form in await forms_of(images, tx):
        known = replace(
            Statement(Kind.DOCUMENT, photographer=request.person.name, given_by=statement.given_by),
            patient_id=statement.patient_id,
            number=statement.number,
            born=statement.born,
        )
        await apply(tx, form, Described(known), by=request.person.id)
        await apply(tx, await tx.rows.images.get(form.id), Attested(tx.now), by=request.person.id)
    await tx.rows.questions.save(question_after(question, Answered()))
    return words.filed(images, images[0].source)


async def _attest(image: Image, request: Request, tx: Transaction) -> None:
    """Record the attestation and make the transition, in one commit."""
    statement = image.statement or Statement()
    shown = words.attestation(statement, image.source)
    if statement.kind is Kind.BODY and statement.consent is not None:
        form = await tx.rows.images.get(statement.form_id) if statement.form_id else None
        await tx.rows.consents.add(
            Consent(
                id=ConsentId(tx.ids.new()),
                image_id=image.id,
                person_id=request.person.id,
                capacity=statement.given_by or Relation.SELF,
                basis=Basis(statement.consent.value),
                purpose=Purpose.CARE,
                reason=statement.reason,
                wording=f"{words.consent(statement, form.ref if form else '')} {shown}",
                wording_version=words.version("attestation", shown),
                at=tx.now,
                proof=request.proof,
                patient_id=statement.patient_id,
            )
        )
    await tx.audit(request.person.id, "image.attested", image.id, words=shown, patient=statement.patient_id)
    await apply(tx, image, Attested(tx.now), by=request.person.id)


async def remind(tx: Transaction, question_id: QuestionId) -> None:
    """Ask once more for what is missing, or show the echo again."""
    question = await tx.rows.questions.get(question_id)
    images = await images_of(question, tx)
    person = await tx.person(question.person_id)
    if question.state is not QuestionState.OPEN or not images or not person.is_clinician:
        return  # a colleague who left, and stays a patient, attests nothing any more
    text = words.unattested_reminder([image.ref for image in images])
    await tx.say(rooms.own(person.id), text, image_id=images[0].id)
    await next_step(question, person, tx)


async def deadline(tx: Transaction, question_id: QuestionId) -> None:
    question = await tx.rows.questions.get(question_id)
    images = [image for image in await images_of(question, tx) if not _is_settled(image)]
    if question.state is not QuestionState.OPEN or not images:
        return
    waiting = [image for image in images if image.state is State.CAPTURED]
    if len(waiting) < len(images):
        # Some are still being fetched, or held for something else that a person will settle: look at them again then.
        await tx.remind("attest-deadline", question.id, tx.policy.attest_deadline)
    for image in waiting:
        await apply(tx, image, Unattested(), by="bot")
    if waiting and (await tx.person(question.person_id)).is_clinician:
        text = words.unattested([image.ref for image in waiting])
        await tx.say(rooms.own(question.person_id), text, image_id=waiting[0].id)


def _is_settled(image: Image) -> bool:
    return image.attested_at is not None or image.held_for is HeldFor.UNATTESTED
