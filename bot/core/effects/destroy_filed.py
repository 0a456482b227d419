"""Destroy: remove from the record and the vault what the journal already forgot, and note in the register that it is done (R23).

Whether a legal hold stands is asked here once more: one that came after the decision stops it until it is released.
The register's lines are first written outside, where a restore finds them. Further copies go next, while it is known where they
lie. Doing it twice is safe: gone already is success. The
key goes before the file; without it the file says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.assurance import Left
from bot.domain.identifiers import ImageId, PersonId
from bot.domain.image import State
from bot.domain.intents import DestroyImage, DestroyWords
from bot.domain.retention_rules import carried_out
from bot.ports import Commit
from bot.words import about_further_copies, about_retention

from .world import World


@dataclass(frozen=True, slots=True)
class HeldByLaw:
    """A legal hold was placed since the destruction was decided: nothing more of it is destroyed."""


async def perform(world: World, intent: DestroyImage) -> Mapping[str, Left] | HeldByLaw:
    async with world.journal.reading() as rows:
        image = await rows.images.get(intent.image_id)
        if any(hold.holds(image) for hold in await rows.legal_holds.standing()):
            return HeldByLaw()
        images = await _with_forms(rows, intent.image_id)
        documents = await rows.documents.of_images(images)
        lines = await rows.destructions.of_any([*images])
    await world.register.note(lines)
    entries = [*images, *(document.id for document in documents)]
    left = await world.further.take_out(entries)
    await world.record.destroy(entries)
    for object_id in images:  # if the bot died between the row and the file, the file would be left
        await world.vault.destroy(object_id)
    return left


async def settle(tx: Transaction, intent: DestroyImage, left: Mapping[str, Left] | HeldByLaw) -> None:
    image = await tx.rows.images.get(intent.image_id)
    if isinstance(left, HeldByLaw):
        await _tell_held(tx, image.id, intent.by, about_retention.stays_by_law(image.ref))
        return
    await _note_done(tx, await _with_forms(tx.rows, image.id), left)
    if intent.by:
        told = about_retention.destroyed(image.ref, about_further_copies.left_elsewhere(left))
        await tx.say(rooms.own(intent.by), told, private=True)


async def perform_words(world: World, intent: DestroyWords) -> Mapping[str, Left] | HeldByLaw:
    async with world.journal.reading() as rows:
        if await rows.legal_holds.standing_on_records(intent.patient_id):
            return HeldByLaw()
        lines = await rows.destructions.of_any(intent.document_ids)
    await world.register.note(lines)
    left = await world.further.take_out(intent.document_ids)
    await world.record.destroy(intent.document_ids)
    return left


async def settle_words(tx: Transaction, intent: DestroyWords, left: Mapping[str, Left] | HeldByLaw) -> None:
    if isinstance(left, HeldByLaw):
        patient = await tx.rows.patients.get(intent.patient_id)
        await _tell_held(tx, patient.id, intent.by, about_retention.words_stay_by_law(patient))
        return
    await _note_done(tx, intent.document_ids, left)
    if intent.by:
        patient = await tx.rows.patients.get(intent.patient_id)
        told = about_retention.words_destroyed(patient, about_further_copies.left_elsewhere(left))
        await tx.say(rooms.own(intent.by), told, private=True)


async def _tell_held(tx: Transaction, subject: str, by: PersonId, text: str) -> None:
    await tx.audit("bot", "destruction.held", subject, rule="R23")
    if by:
        await tx.say(rooms.own(by), text, private=True)


async def _with_forms(rows: Commit, image_id: ImageId) -> list[ImageId]:
    """Return the ids of the image and of the signed forms that are destroyed with it."""
    forms = await rows.images.forms_of(image_id, state=State.DESTROYED)
    return [image_id, *(form.id for form in forms)]


async def _note_done(tx: Transaction, subjects: Sequence[str], left: Mapping[str, Left]) -> None:
    elsewhere = about_further_copies.left_elsewhere(left)
    for line in await tx.rows.destructions.undone_of_any(list(subjects)):
        await tx.rows.destructions.save(carried_out(line, tx.now, elsewhere))
        await tx.audit("bot", "destruction.done", line.subject_id, register=line.id)
