"""`!legal-hold IMG-7F3K why` and `!release-hold IMG-7F3K`: what a court or a complaint may need is not destroyed (R23).

A hold is on one image, or on everything of a patient, named by record number. It outlasts every date until a manager ends
it, who neither is that patient nor speaks for them (R33). What was to be destroyed before it came stays as far as it is still
there, and goes once the hold ends.
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_IMAGE, DocumentId, ImageId, LegalHoldId, PatientId, PersonId
from bot.domain.image import Image
from bot.domain.intents import DestroyImage, DestroyWords
from bot.domain.message import Message
from bot.domain.references import as_reference
from bot.domain.retention_rules import LegalHold, released
from bot.domain.staff_deeds import PlaceHold, ReleaseHold
from bot.words import about_retention as words
from handlers.people.two_people import act_about


async def legal_hold(deed: PlaceHold, request: Request, tx: Transaction) -> Message | None:
    patient_id, image_id, what = await _meant(deed.named, tx)
    hold = LegalHold(LegalHoldId(tx.ids.new()), patient_id, image_id, deed.why, request.person.id, tx.now)
    await tx.rows.legal_holds.add(hold)
    await tx.audit(request.person.id, "legal-hold.placed", image_id or patient_id, hold=hold.id, why=deed.why)
    await tx.ledger_message(request.arrival)
    images, documents = await _going(patient_id, image_id, tx)
    going = [*(image.ref for image in images), *([words.NOTES] if documents else [])]
    await tx.say(request.room.address, words.hold_placed(what, deed.why, going), private=True)
    return None


async def release_hold(deed: ReleaseHold, request: Request, tx: Transaction) -> Message | None:
    patient_id, image_id, what = await _meant(deed.named, tx)
    await act_about(request.person, patient_id, tx)
    holds = tx.rows.legal_holds
    placed = await (holds.standing_on_image(image_id) if image_id else holds.standing_on_records(patient_id))
    if not placed:
        raise Refused(words.no_hold(what), "R23")
    for hold in placed:
        await tx.rows.legal_holds.save(released(hold, request.person.id, tx.now))
        await tx.audit(request.person.id, "legal-hold.released", image_id or patient_id, hold=hold.id)
    await tx.ledger_message(request.arrival)
    going = await _let_go_on(patient_id, image_id, request.person.id, tx)
    await tx.say(request.room.address, words.hold_released(what, len(placed), going), private=True)
    return None


async def _going(patient_id: PatientId, image_id: ImageId, tx: Transaction) -> tuple[list[Image], list[DocumentId]]:
    """Return the images, and the words about no image, whose destruction was decided and is not carried out."""
    images = [await tx.rows.images.get(image_id)] if image_id else await tx.rows.images.of_patient(patient_id)
    documents = [] if image_id else await tx.rows.documents.of_patient(patient_id)
    ids = [*(image.id for image in images), *(document.id for document in documents)]
    undone = {line.subject_id for line in await tx.rows.destructions.undone_of_any(ids)}
    going = [image for image in images if image.id in undone and not image.form_of]  # a form goes with its image
    return going, [document.id for document in documents if document.id in undone]


async def _let_go_on(patient_id: PatientId, image_id: ImageId, by: PersonId, tx: Transaction) -> list[str]:
    """Plan anew what the hold stopped, unless another holds it; return what goes."""
    images, documents = await _going(patient_id, image_id, tx)
    standing = await tx.rows.legal_holds.standing()
    free = [image for image in images if not any(hold.holds(image) for hold in standing)]
    for image in free:
        if not any(isinstance(planned.intent, DestroyImage) for planned in await tx.rows.waiting_in(image.id)):
            await tx.plan(DestroyImage(image.id, by), lane=image.id)
    if documents and not await tx.rows.legal_holds.standing_on_records(patient_id):
        await tx.plan(DestroyWords(patient_id, tuple(documents), by), lane=f"patient:{patient_id}")
        return [*(image.ref for image in free), words.NOTES]
    return [image.ref for image in free]


async def _meant(named: str, tx: Transaction) -> tuple[PatientId, ImageId, str]:
    """Return patient id, image id ("" = everything of the patient), and what to call it. Record numbers precede references."""
    patient = await tx.rows.patients.with_mrn(named)
    if patient is not None:
        return patient.id, NO_IMAGE, f"everything of {patient.name}, MRN {patient.mrn}"
    if not as_reference(named):
        raise Refused(words.nothing_of_that_name(), "R23")
    image = await tx.image_named(named)
    going, _ = await _going(image.patient_id, image.id, tx)
    if not image.patient_id or not (image.in_record or going):
        raise Refused(words.nothing_to_hold(image.ref), "R23")
    return image.patient_id, image.id, image.ref
