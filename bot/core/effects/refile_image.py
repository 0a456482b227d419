"""Move an image, and all that is filed about it, to the right patient; read everything back before anything else (R15, R16).

What somebody agreed to under the wrong name stays where it is: it names them, and it is their own (R30). So do the words of
people who do not speak for the right patient, and what they were answered (R29).

Doing it twice is safe: what is at the right patient already is success. All of it moves, or nothing. It runs in the image's
lane, so that whatever was written before is filed, and what is written after goes to the right record.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.core.after_refiling import record_and_tell
from bot.core.circles import circle_of
from bot.core.consequences import apply
from bot.core.documents import whose_words
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.authority import hears
from bot.domain.document import Document, DocumentState, PatientKnown, document_after
from bot.domain.entries import EntryKind
from bot.domain.errors import Permanent
from bot.domain.identifiers import NO_PATIENT, DocumentId, ImageId, PersonId
from bot.domain.image import Image, Refiled, RefilingFailed
from bot.domain.intents import MoveImage
from bot.words import about_incidents as words

from .world import World


@dataclass(frozen=True, slots=True)
class MovedImage:
    matches: bool
    document_ids: tuple[DocumentId, ...]


async def perform(world: World, intent: MoveImage) -> MovedImage | None:
    image = await world.image(intent.image_id)
    if image.moving_to != intent.to_patient:
        return None
    async with world.journal.reading() as rows:
        circle = await circle_of(rows, intent.to_patient)
        patient = circle.patient
        documents = await rows.documents.of_image(image.id, states=(DocumentState.VERIFIED,))
    here = hears(circle, world.today)
    along = [
        document
        for document in documents
        if (document.patient_id or intent.from_patient) == intent.from_patient and _moves(document, image, here)
    ]
    ids = {document.id for document in along}
    along = [document for document in along if _beside_its_reply(document, ids)]
    moved = (image.id, *(document.id for document in along))
    await world.record.move(moved, patient.identity)
    await world.further.give_up_moving(moved)
    return MovedImage(await _reads_back(world, image.id, image.sha256, along), tuple(document.id for document in along))


def _moves(document: Document, image: Image, here: Collection[PersonId]) -> bool:
    """Return whether a document goes along to the patient of whom the people `here` hear."""
    whose = whose_words(document, image)
    return document.kind is not EntryKind.CONSENT and (not whose or whose in here)


def _beside_its_reply(document: Document, along: Collection[str]) -> bool:
    """Return whether the reply goes along too, where this notes what became of one: the note stays beside it."""
    reply_id = document.facts.get("reply")
    return reply_id is None or reply_id in along


async def _reads_back(world: World, image_id: ImageId, sha256: str, along: list[Document]) -> bool:
    expected: dict[str, str] = {image_id: sha256, **{document.id: document.sha256 for document in along}}
    try:
        return all([await world.record.read_back(entry) == digest for entry, digest in expected.items()])
    except Permanent:
        return False


async def settle(tx: Transaction, intent: MoveImage, moved: MovedImage | None) -> None:
    if moved is None:
        return
    image = await apply(tx, await tx.rows.images.get(intent.image_id), Refiled(tx.now, moved.matches), by=intent.by)
    along, here = [], hears(await tx.circle(intent.to_patient), tx.today)
    for document in await tx.rows.documents.of_image(image.id, patient_ids=(intent.from_patient, NO_PATIENT)):
        goes = _moves(document, image, here) and _beside_its_reply(document, moved.document_ids)
        if document.id not in moved.document_ids and not goes:
            if not document.patient_id:
                await tx.rows.documents.save(document_after(document, PatientKnown(intent.from_patient)))
            continue
        # What is not filed yet goes to the right record from the start. What is held may be in the wrong one: then a second
        # try is a conflict, which a person settles, and never a second mistake.
        await tx.rows.documents.save(document_after(document, PatientKnown(intent.to_patient)))
        if document.id in moved.document_ids:
            along.append(document)
    if moved.matches:
        await record_and_tell(tx, image, intent.from_patient, intent.by, along)


async def fail(tx: Transaction, intent: MoveImage, why: Permanent) -> None:
    image = await tx.rows.images.get(intent.image_id)
    await apply(tx, image, RefilingFailed(why.code), by="bot")
    await tx.say(rooms.own(intent.by), words.not_refiled(image.ref, why.code), image_id=image.id)
