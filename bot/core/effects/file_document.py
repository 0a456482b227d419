"""File words into the patient record and read them back, like an image; their chat copies may go only then (R16, R17)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.documents import drop, is_of_a_patient
from bot.core.transaction import Transaction
from bot.core.who_may_hear import may_write
from bot.domain.authority import Verdict
from bot.domain.copies import CopyState
from bot.domain.document import (
    SAYS_SOMEBODY_ELSE,
    Document,
    DocumentState,
    FoundInRecord,
    NotFiled,
    PatientKnown,
    document_after,
)
from bot.domain.entries import Entry
from bot.domain.errors import Permanent
from bot.domain.identifiers import NO_PATIENT
from bot.domain.image import Image
from bot.domain.intents import FileDocument
from bot.domain.people import Patient, Person
from bot.words.to_the_team import stuck, words_not_filed

from .world import World


@dataclass(frozen=True, slots=True)
class FiledDocument:
    matches: bool


@dataclass(frozen=True, slots=True)
class NotTheirs:
    """The author of these words may not write under that image any more (R29)."""

    ref: str
    verdict: Verdict


async def perform(world: World, intent: FileDocument) -> FiledDocument | NotTheirs | None:
    async with world.journal.reading() as rows:
        document = await rows.documents.get(intent.document_id)
        if document.state is not DocumentState.WRITTEN:
            return None
        image = await rows.images.get(document.image_id) if document.image_id else None
        if image is not None and is_of_a_patient(document, image) and image.patient_id:
            # Since then it may have been said, or put right, whose image it is: these words would go to that patient's record.
            document = document_after(document, PatientKnown(image.patient_id))
            verdict = await may_write(rows, document.author_id, image, world.today)
            if not verdict:
                return NotTheirs(image.ref, verdict)
        patient_id = document.patient_id or (image.patient_id if image else NO_PATIENT)
        if not patient_id:
            raise Permanent("no-patient")  # nobody ever said whose image it was, and now it is not kept
        patient = await rows.patients.get(patient_id)
        author = await rows.people.get(document.author_id) if document.author_id else None
    await world.record.file(_entry(document, image, patient, author))
    return FiledDocument(await world.record.read_back(document.id) == document.sha256)


async def settle(tx: Transaction, intent: FileDocument, filed: FiledDocument | NotTheirs | None) -> None:
    if filed is None:
        return
    document = await tx.rows.documents.get(intent.document_id)
    if isinstance(filed, NotTheirs):
        await _not_theirs(tx, document, filed)
        return
    if not filed.matches:
        await _hold(tx, document, "it could not be read back")
        return
    await tx.rows.documents.save(document_after(document, FoundInRecord()))
    await tx.audit("bot", "document.verified", document.id, sha256=document.sha256)
    known = await tx.rows.copies.of_document(document.id, CopyState.KNOWN)
    await tx.erase(*(copy for copy in known if copy.event_id))


async def _not_theirs(tx: Transaction, document: Document, why: NotTheirs) -> None:
    """Keep the words here until a person has decided.

    Words that say that it shows somebody else are dropped: they were obeyed, and the decision is on file.
    """
    if document.facts.get("as") == SAYS_SOMEBODY_ELSE:
        await drop(tx, document)
        return
    await tx.rows.documents.save(document_after(document, NotFiled()))
    await tx.audit("bot", "document.not-theirs", document.id, rule=why.verdict.rule, why=why.verdict.because)
    await tx.tell_practice(words_not_filed(why.ref), image_id=document.image_id)


async def fail(tx: Transaction, intent: FileDocument, why: Permanent) -> None:
    await _hold(tx, await tx.rows.documents.get(intent.document_id), why.code)


async def _hold(tx: Transaction, document: Document, why: str) -> None:
    """Keep the words here; `!retry` tries again."""
    await tx.rows.documents.save(document_after(document, NotFiled()))
    await tx.audit("bot", "document.held", document.id, why=why)
    await tx.tell_practice(stuck(f"filing a {document.kind.value}", why))


def _entry(document: Document, image: Image | None, patient: Patient, author: Person | None) -> Entry:
    return Entry(
        entry_id=document.id,
        kind=document.kind,
        patient=patient.identity,
        about=image.ref if image else "",
        at=document.at,
        by=author.name if author else "consentry",
        facts=dict(document.facts),
        text=document.text,
    )
