"""`!legal-hold IMG-7F3K why` and `!release-hold IMG-7F3K`: what a court or a complaint may need is not destroyed (R23).

A hold is on one image, or on everything of a patient, named by record number. It outlasts every date until a manager ends
it, who neither is that patient nor speaks for them (R33).
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_IMAGE, ImageId, LegalHoldId, PatientId
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
    await tx.say(request.room.address, words.hold_placed(what, deed.why), private=True)
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
    await tx.say(request.room.address, words.hold_released(what, len(placed)), private=True)
    return None


async def _meant(named: str, tx: Transaction) -> tuple[PatientId, ImageId, str]:
    """Return patient id, image id ("" = everything of the patient), and what to call it. Record numbers precede references."""
    patient = await tx.rows.patients.with_mrn(named)
    if patient is not None:
        return patient.id, NO_IMAGE, f"everything of {patient.name}, MRN {patient.mrn}"
    if not as_reference(named):
        raise Refused(words.nothing_of_that_name(), "R23")
    image = await tx.image_named(named)
    if not image.in_record or not image.patient_id:
        raise Refused(words.nothing_to_hold(image.ref), "R23")
    return image.patient_id, image.id, image.ref
