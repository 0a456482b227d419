"""File an image into the patient record, read it back from there, compare SHA-256 (R14, R16). Purging waits for this.

Doing it twice is safe: the record takes the same id with the same digest as success. The original is filed, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.consequences import apply
from bot.core.transaction import Transaction
from bot.domain.consent import Consent
from bot.domain.entries import Entry, EntryKind
from bot.domain.errors import Permanent
from bot.domain.image import Filed, FilingFailed, HeldFor, Image, ReadBack, State
from bot.domain.intents import FileImage
from bot.domain.people import Authority, Patient, Person, Relation
from bot.domain.statement import TOPICS, Statement
from bot.domain.use_rules import Source
from bot.words import phrases
from bot.words.about_rights import PATIENTS
from bot.words.to_colleagues import GIVERS, attestation

from .world import World


@dataclass(frozen=True, slots=True)
class FiledImage:
    matches: bool


async def perform(world: World, intent: FileImage) -> FiledImage | None:
    image = await world.image(intent.image_id)
    if image.sealed is None and image.held_for is not HeldFor.READ_BACK_DIFFERED:
        return None  # filed or destroyed meanwhile
    if image.sealed is None or image.state is not State.READY:
        return await _filed_already(world, image)
    async with world.journal.reading() as rows:
        patient = await rows.patients.get(image.patient_id)
        sender = await rows.people.get(image.sender_id)
        held = await rows.authorities.between(sender.id, patient.id)
        consents = await rows.consents.of_image(image.id)
        form_of = await rows.images.get(image.form_of) if image.form_of else None
        form = await rows.images.known(image.statement.form_id) if image.statement else None
    today = world.clock.now().astimezone(world.policy.timezone).date()
    authority = next((recorded for recorded in reversed(held) if recorded.holds_on(today)), None)
    entry = entry_of(image, patient, sender, authority, consents)
    if form_of is not None:
        entry = form_entry(entry, image, form_of)
    elif image.from_colleague:
        entry = attested_entry(entry, image, sender, consents, form.ref if form else "")
    sealed = await world.vault.rewrap(image.sealed, patient.id)
    await world.record.file(replace(entry, sealed=sealed))
    try:
        digest = await world.record.read_back(entry.entry_id)
    except Permanent:
        return FiledImage(False)
    return FiledImage(digest == image.sha256)


async def _filed_already(world: World, image: Image) -> FiledImage | None:
    """Return what an earlier try filed of an image that is held meanwhile, or None.

    That try may have reached the record all the same, and what the record holds is a fact: to destroy its bytes then would leave
    an entry that opens nothing.
    """
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
    """Return all that R14 asks of an image in the record, without its bytes."""
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
            "consent": _consent(consents[-1], sender, patient) if consents else None,
            "proof": image.proof,
        },
        media_type=image.media_type,
    )


def form_entry(entry: Entry, form: Image, image: Image) -> Entry:
    """Return the entry of a signed consent form: it stands beside the image it belongs to, as a consent."""
    statement = image.statement or Statement()
    facts = entry.facts | {
        "basis": "signed form",
        "form": form.ref,
        "by": GIVERS[statement.given_by or Relation.SELF],
        "capacity": (statement.given_by or Relation.SELF).value,
        "at": form.received_at.isoformat(),
    }
    return replace(entry, kind=EntryKind.CONSENT, about=image.ref, facts=facts)


def attested_entry(entry: Entry, image: Image, sender: Person, consents: list[Consent], form_ref: str) -> Entry:
    """Return the entry with what R14 asks of a colleague's image besides: kind, who took it, and the
    consent, as its sender attested.
    """
    statement = image.statement or Statement()
    facts = entry.facts | {
        "source": image.source.value,
        "kind": image.kind.value,
        "origin": {"taken_by": statement.photographer, "sent_by": sender.name},
        "attestation": {
            "by": sender.name,
            "at": image.attested_at.isoformat() if image.attested_at else None,
            "words": attestation(statement, image.source),
            "helps_care": True,
        },
        "caution": phrases.REVIEW_ORIGINAL if image.needs_its_original else "",
    }
    if consents and statement.consent is not None:
        facts["consent"] = {
            "basis": statement.consent.value,
            "by": GIVERS[statement.given_by or Relation.SELF],
            "capacity": (statement.given_by or Relation.SELF).value,
            "on": statement.consent_on.isoformat() if statement.consent_on else None,
            "obtained_by": sender.name,
            "topics": list(TOPICS),
            "covers_advice": statement.covers_advice,
            "form": form_ref,
            "wording": consents[-1].wording,
            "wording_version": consents[-1].wording_version,
            "at": consents[-1].at.isoformat(),
            "proof": consents[-1].proof,
        }
    return replace(
        entry, by=f"{sender.name}, {'outside ' if image.source is Source.OUTSIDE else ''}clinician", facts=facts
    )


def _consent(consent: Consent, sender: Person, patient: Patient) -> dict[str, object]:
    """Return what was agreed to by sending it. The entry goes along when the image is re-filed, so it names no patient (R15)."""
    return {
        "basis": consent.basis.value,
        "wording": consent.wording.replace(f"{patient.name}'s", PATIENTS),
        "wording_version": consent.wording_version,
        "at": consent.at.isoformat(),
        "by": sender.name,
        "capacity": consent.capacity.value,
    }
