"""Retention over the rows (R23): when each patient's record may go, what is due, and the forgetting itself.

`forget` empties everything the journal knows of an image, in the commit that decides it: from then on nobody is shown it, and
no table holds its proof, reasons, statements, wordings or answers. The chain of the audit log stays whole: salts and details
of its entries go, commitments stay. What remains: that there was an image, whose, when, who saw it, and the register's line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from bot.domain.breach import Breach, emptied_breach
from bot.domain.choices import emptied_choice
from bot.domain.consent import emptied_answer, emptied_consent, emptied_disclosure, emptied_line
from bot.domain.conversation import PhotoDestroyed, question_after
from bot.domain.copies import CopyState, names_replies, subject_asked
from bot.domain.document import Document, DocumentState, WordsDestroyed, document_after
from bot.domain.entries import EntryKind
from bot.domain.identifiers import NO_PATIENT, Actor, BreachId, ImageId, PatientId
from bot.domain.image import Destroyed, Image, State
from bot.domain.intents import Remind
from bot.domain.people import Patient
from bot.domain.retention_rules import Around, LegalHold, RetentionRule, emptied_hold, keep_until
from bot.domain.screening import emptied_screening
from bot.domain.use import LIVE, ImagesDestroyed, Use, UseState, decide
from bot.ports import Commit

from .breaches import breaches_about
from .consequences import apply
from .transaction import Transaction

NOT_THERE = frozenset({State.DISCARDED, State.LEFT_WITH_SENDER})


@dataclass(frozen=True, slots=True)
class KeptImage:
    """An image in the record, and until when it must stay there."""

    image: Image
    patient: Patient
    last_entry: date
    until: date
    hold: LegalHold | None


async def kept_images(
    rows: Commit, rule: RetentionRule, zone: tzinfo, patient_id: PatientId = NO_PATIENT
) -> list[KeptImage]:
    """Return every image in the record, of everybody or of one patient, those first that may go first."""
    every = await (rows.images.of_patient(patient_id) if patient_id else rows.images.every())
    patients = {patient.id: patient for patient in await _patients(rows, patient_id)}
    holds = await rows.legal_holds.standing()
    last = _last_entries(every, await (rows.documents.of_patient(patient_id) if patient_id else rows.documents.every()))
    found = []
    for image in [image for image in every if image.in_record and image.patient_id]:
        patient = patients[image.patient_id]
        day = last[patient.id].astimezone(zone).date()
        until = keep_until(patient.born, day, rule)
        hold = next((hold for hold in holds if hold.holds(image)), None)
        found.append(KeptImage(image, patient, day, until, hold))
    return sorted(found, key=lambda kept: (kept.until, kept.image.received_at, kept.image.id))


def _last_entries(images: Iterable[Image], documents: Iterable[Document]) -> dict[PatientId, datetime]:
    whose = {image.id: image.patient_id for image in images}
    entries = [(image.patient_id, image.filed_at or image.received_at) for image in images if image.in_record]
    # A receipt tells what became of chat copies. It is the bot's own account, which must not keep a record for ever.
    said = [document for document in documents if document.kind is not EntryKind.RECEIPT]
    entries += [(document.patient_id or whose.get(document.image_id, NO_PATIENT), document.at) for document in said]
    last: dict[PatientId, datetime] = {}
    for patient_id, at in entries:
        last[patient_id] = max(at, last.get(patient_id, at))
    return last


@dataclass(frozen=True, slots=True)
class KeptWords:
    """Words filed about a patient, but about no image in the record: that they left, say, or about a photo that was not kept."""

    documents: tuple[Document, ...]
    patient: Patient
    last_entry: date
    until: date
    hold: LegalHold | None
    unfinished: bool  # some of it is still to be filed


async def kept_words(
    rows: Commit, rule: RetentionRule, zone: tzinfo, patient_id: PatientId = NO_PATIENT
) -> list[KeptWords]:
    """Return such words of everybody, or of one patient, those first that may go first."""
    images, documents = await _of_patient(rows, patient_id) if patient_id else await _of_everybody(rows)
    last = _last_entries(images.values(), documents)
    alone: dict[PatientId, list[Document]] = {}
    for document in documents:
        image = images.get(document.image_id)
        there = document.state in {DocumentState.VERIFIED, DocumentState.WRITTEN, DocumentState.HELD}
        if there and (image is None or image.state in NOT_THERE):
            alone.setdefault(document.patient_id or (image.patient_id if image else NO_PATIENT), []).append(document)
    holds = await rows.legal_holds.standing_on_records()
    found = []
    for patient in await _patients(rows, patient_id):
        words = alone.get(patient.id, [])
        filed = tuple(document for document in words if document.state is DocumentState.VERIFIED)
        if not filed or patient.id not in last:
            continue
        day = last[patient.id].astimezone(zone).date()
        hold = next((hold for hold in holds if hold.patient_id == patient.id), None)
        unfinished = len(filed) < len(words)
        found.append(KeptWords(filed, patient, day, keep_until(patient.born, day, rule), hold, unfinished))
    return sorted(found, key=lambda kept: (kept.until, kept.patient.mrn))


async def _patients(rows: Commit, patient_id: PatientId) -> list[Patient]:
    return await (rows.patients.among([patient_id]) if patient_id else rows.patients.every())


async def _of_everybody(rows: Commit) -> tuple[dict[ImageId, Image], list[Document]]:
    return {image.id: image for image in await rows.images.every()}, await rows.documents.every()


async def _of_patient(rows: Commit, patient_id: PatientId) -> tuple[dict[ImageId, Image], list[Document]]:
    images = {image.id: image for image in await rows.images.of_patient(patient_id)}
    found = await rows.documents.of_patient(patient_id)
    found += await rows.documents.of_images(images)
    return images, list({document.id: document for document in found}.values())


async def forms_of(rows: Commit, image: Image) -> list[Image]:
    """Return the signed consent forms filed with it."""
    return [form for form in await rows.images.forms_of(image.id) if form.in_reach]


_UNFINISHED = frozenset({DocumentState.DRAFT, DocumentState.WRITTEN, DocumentState.HELD})


async def around(rows: Commit, kept: KeptImage, *, stop_is_known: bool) -> Around:
    image = kept.image
    uses = await rows.uses_of(image.id)
    forms = await forms_of(rows, image)
    documents = await rows.documents.of_images([image.id, *(form.id for form in forms)])
    unfinished = (
        any(not isinstance(planned.intent, Remind) for planned in await rows.waiting_in(image.id))
        or any(document.state in _UNFINISHED for document in documents)
        or any(form.state is not State.VERIFIED for form in forms)
    )
    return Around(
        hold=kept.hold,
        in_use=any(use.state in LIVE for use in uses),
        breach_open=any(breach.closed_at is None for breach in await breaches_about(rows, image.id, uses)),
        unfinished=unfinished,
        stop_is_known=stop_is_known,
    )


async def forget(tx: Transaction, image: Image, by: Actor) -> None:
    """Empty every row about this image, and the details of the audit entries about it."""
    rows = tx.rows
    gone = await apply(tx, image, Destroyed(), by=by)
    subjects = {gone.id, gone.event_id}
    for document in await rows.documents.of_image(gone.id):
        await rows.documents.save(document_after(document, WordsDestroyed()))
        subjects.add(document.id)
    for consent in await rows.consents.of_image(gone.id):
        await rows.consents.save(emptied_consent(consent))
    for disclosure in await rows.disclosures.of_image(gone.id):
        await rows.disclosures.save(emptied_disclosure(disclosure))
    subjects |= await _forget_breaches(
        tx, [breach for breach in await rows.breaches.of_image(gone.id) if not breach.use_id]
    )
    for question in await rows.questions.of_person(gone.sender_id):
        if gone.id in question.image_ids:
            await rows.questions.save(question_after(question, PhotoDestroyed()))
            subjects.add(question.id)
    for screening in await rows.screenings.among([gone.id]):
        await rows.screenings.save(emptied_screening(screening))
    for hold in await rows.legal_holds.of_image(gone.id):
        await rows.legal_holds.save(emptied_hold(hold))
        subjects.add(hold.id)
    for use in await rows.uses_of(gone.id):
        subjects |= await _forget_use(tx, use)
    about = await rows.copies.of_image(gone.id)
    subjects |= {subject_asked([post]) for post in about if names_replies(post)}
    for choice in await rows.choices.about_any(subjects):
        await rows.choices.save(emptied_choice(choice, tx.now))
        subjects.add(choice.poll_id)
    await tx.erase_now(*await rows.copies.of_image(gone.id, state=CopyState.KNOWN))
    await rows.forget_details(subjects, tx.now)


async def forget_words(tx: Transaction, documents: Iterable[Document]) -> None:
    """Empty these words, and the details of the audit entries about them."""
    for document in documents:
        await tx.rows.documents.save(document_after(document, WordsDestroyed()))
    await tx.rows.forget_details({document.id for document in documents}, tx.now)


async def _forget_use(tx: Transaction, use: Use) -> set[str]:
    """Empty what was asked and agreed for a use with the last of its images, as it is about all of
    them; return what was emptied.
    """
    rows = tx.rows
    others = await rows.images.among(use.image_ids)
    if any(image.state is not State.DESTROYED for image in others) or use.state is UseState.RELEASED:
        return set()
    await rows.uses.save(decide(use, ImagesDestroyed()))
    for answer in await rows.consent_answers.of_use(use.id):
        await rows.consent_answers.save(emptied_answer(answer))
    for line in await rows.lines.of_use(use.id):
        await rows.lines.save(emptied_line(line))
    return {use.id, *await _forget_breaches(tx, await rows.breaches.of_uses([use.id]))}


async def _forget_breaches(tx: Transaction, breaches: Iterable[Breach]) -> set[BreachId]:
    for breach in breaches:
        await tx.rows.breaches.save(emptied_breach(breach))
    return {breach.id for breach in breaches}
