"""File an image into the patient record, read it back from there, compare SHA-256 (R14, R16). This gates the purge.

Twice is safe: the record takes the same id with the same digest as success. What is filed is the original, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.consequences import apply
from bot.domain.consents import Consent
from bot.domain.entries import Entry, EntryKind
from bot.domain.errors import Permanent
from bot.domain.image import Filed, FilingFailed, Image, ReadBack, State
from bot.domain.intents import FileImage
from bot.domain.people import Authority, Patient, Person
from bot.transaction import Transaction

from .world import World


@dataclass(frozen=True, slots=True)
class FiledImage:
    matches: bool


async def perform(world: World, intent: FileImage) -> FiledImage | None:
    image = await world.image(intent.image_id)
    if image.sealed is None:
        return None  # filed or destroyed meanwhile
    if image.state is not State.READY:
        return await _filed_already(world, image)
    async with world.journal.reading() as rows:
        patient = await rows.patients.get(image.patient_id)
        sender = await rows.people.get(image.sender_id)
        held = await rows.authorities.find(person_id=sender.id, patient_id=patient.id)
        consents = await rows.consents.find(image_id=image.id)
    today = world.clock.now().astimezone(world.policy.timezone).date()
    authority = next((one for one in reversed(held) if one.holds_on(today)), None)
    entry = entry_of(image, patient, sender, authority, consents)
    sealed = await world.vault.rewrap(image.sealed, patient.id)
    await world.record.file(replace(entry, sealed=sealed))
    try:
        digest = await world.record.read_back(entry.entry_id)
    except Permanent:
        return FiledImage(False)
    return FiledImage(digest == image.sha256)


async def _filed_already(world: World, image: Image) -> FiledImage | None:
    """Held meanwhile. An earlier try may have reached the record all the same, and what the record holds is a fact:
    to destroy its bytes then would leave an entry that opens nothing."""
    try:
        return FiledImage(await world.record.read_back(image.id) == image.sha256)
    except Permanent as why:
        return None if why.code == "missing" else FiledImage(False)


async def settle(tx: Transaction, intent: FileImage, filed: FiledImage | None) -> None:
    if filed is None:
        return
    image = await tx.rows.images.get(intent.image_id)
    image = await apply(tx, image, Filed(tx.now), by="bot")
    await apply(tx, image, ReadBack(tx.now, filed.matches), by="bot")


async def fail(tx: Transaction, intent: FileImage, why: Permanent) -> None:
    image = await tx.rows.images.get(intent.image_id)
    await apply(tx, image, FilingFailed(why.code), by="bot")


def entry_of(
    image: Image, patient: Patient, sender: Person, authority: Authority | None, consents: list[Consent]
) -> Entry:
    """All that R14 asks of an image in the record, without its bytes."""
    capacity = authority.relation.value if authority else ""
    return Entry(
        entry_id=image.id,
        kind=EntryKind.IMAGE,
        patient=patient.identity,
        about=image.ref,
        at=image.received_at,
        by=f"{sender.name} ({capacity})" if capacity else sender.name,
        facts={
            "purpose": image.purpose.value if image.purpose else "",
            "reason": image.reason,
            "reason_stated_by": image.reason_by,
            "sent_by": {"name": sender.name, "account": sender.account, "capacity": capacity},
            "received_at": image.received_at.isoformat(),
            "consent": _consent(consents[-1], sender) if consents else None,
            "proof": image.proof,
        },
        media_type=image.media_type,
    )


def _consent(consent: Consent, sender: Person) -> dict[str, object]:
    return {
        "basis": consent.basis.value,
        "wording": consent.wording,
        "wording_version": consent.wording_version,
        "at": consent.at.isoformat(),
        "by": sender.name,
        "capacity": consent.capacity.value,
    }
