"""`!legal-hold IMG-7F3K why` and `!release-hold IMG-7F3K`: what a court or a complaint may need is not destroyed (R23).

A hold is on one image, or on everything of a patient, named by record number. It outlasts every date until a manager ends it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_IMAGE, ImageId, LegalHoldId, PatientId
from bot.domain.references import as_reference
from bot.domain.retention_rules import LegalHold
from bot.domain.rooms import RoomKind
from bot.words import about_retention as words

USAGE = "!legal-hold IMG-7F3K | MRN why"
RELEASE_USAGE = "!release-hold IMG-7F3K | MRN"


async def legal_hold(request: Request, tx: Transaction) -> str | None:
    named, _, why = request.argument.partition(" ")
    why = " ".join(why.split()).strip('"“” ')
    if not named or not why:
        raise Refused(f"Please say what for: {USAGE}", "R23")
    patient_id, image_id, what = await _meant(named, request, tx)
    hold = LegalHold(LegalHoldId(tx.ids.new()), patient_id, image_id, why, request.person.id, tx.now)
    await tx.rows.legal_holds.add(hold)
    await tx.audit(request.person.id, "legal-hold.placed", image_id or patient_id, hold=hold.id, why=why)
    await tx.ledger_message(request.arrival)
    await tx.say(request.room.address, words.hold_placed(what, why), private=True)
    return None


async def release_hold(request: Request, tx: Transaction) -> str | None:
    patient_id, image_id, what = await _meant(request.argument.strip(), request, tx)
    holds = tx.rows.legal_holds
    placed = await (holds.standing_on_image(image_id) if image_id else holds.standing_on_records(patient_id))
    if not placed:
        raise Refused(words.no_hold(what), "R23")
    for hold in placed:
        await tx.rows.legal_holds.save(replace(hold, released_by=request.person.id, released_at=tx.now))
        await tx.audit(request.person.id, "legal-hold.released", image_id or patient_id, hold=hold.id)
    await tx.ledger_message(request.arrival)
    await tx.say(request.room.address, words.hold_released(what, len(placed)), private=True)
    return None


async def _meant(named: str, request: Request, tx: Transaction) -> tuple[PatientId, ImageId, str]:
    """Return patient id, image id ("" = everything of the patient), and what to call it. Record numbers precede references."""
    if request.room.kind is not RoomKind.OWN:
        raise Refused("That names patients. Please write it in your own chat with me.", "R23")
    patient = await tx.rows.patients.with_mrn(named) if named else None
    if patient is not None:
        return patient.id, NO_IMAGE, f"everything of {patient.name}, MRN {patient.mrn}"
    if not as_reference(named):
        raise Refused(
            "No patient is enrolled under this record number, and it is no reference. Nothing was changed.", "R23"
        )
    image = await tx.image_named(named)
    if not image.in_record or not image.patient_id:
        raise Refused(f"{image.ref} is not in the record, so there is nothing to hold.", "R23")
    return image.patient_id, image.id, image.ref
