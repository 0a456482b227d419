"""Words that go to the record beside an image: written in the decision's commit, filed and read back by the worker."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from bot.domain import rooms
from bot.domain.consent import Disclosed, Disclosure
from bot.domain.copies import SETTLED, Copy, CopyState, accounted_for, detail
from bot.domain.document import (
    UNREAD,
    WHOLE_CAPTION,
    Addressed,
    Document,
    DocumentState,
    Dropped,
    MovedTo,
    PatientKnown,
    document_after,
    unread,
)
from bot.domain.entries import EntryKind
from bot.domain.identifiers import NO_IMAGE, NO_PERSON, Address, DocumentId, PatientId, PersonId
from bot.domain.image import Image
from bot.domain.intents import FileDocument
from bot.domain.people import Patient, Person
from bot.domain.purposes import Purpose
from bot.domain.screening import dropped_screening
from bot.domain.use_rules import Source
from bot.ports import Commit
from bot.words import about_replies, to_patients

from .transaction import Transaction

LONGEST_REASON = 500  # characters
# They begin the key of a post that carries a reply, before the document's id; an answer to the first is known by it.
REPLY, TO_COLLEAGUE = "reply:", "to-colleague:"


async def write(
    tx: Transaction,
    kind: EntryKind,
    image: Image,
    patient_id: PatientId,
    author_id: PersonId,
    text: str,
    facts: dict[str, object],
    reader_id: PersonId = NO_PERSON,
) -> Document:
    """Write a document about `image`, for the record of `patient_id`; it is filed as soon as the image is.

    `patient_id` may be "" while it isn't known whose image it is. The image's lane keeps the order of what was said.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document(
        DocumentId(tx.ids.new()),
        kind,
        image.id,
        patient_id,
        author_id,
        tx.now,
        text,
        facts,
        digest,
        reader_id=reader_id,
    )
    await tx.rows.documents.add(document)
    await tx.audit(author_id or "bot", f"document.{kind.value}", document.id, image=image.id, sha256=digest)
    if image.filed_at is not None:
        await tx.plan(FileDocument(document.id), lane=image.id)
    return document


async def lacks_note(rows: Commit, image: Image) -> bool:
    """Return whether this image's case still waits for its note (R5). "No discussion took place" is one."""
    if image.source is not Source.OUTSIDE or image.form_of or not image.in_record:
        return False
    return not await rows.documents.of_image(image.id, kind=EntryKind.NOTE)


async def shortened(tx: Transaction, image: Image, reason: str, *, sent_with_it: bool = False) -> str:
    """Return the reason, shortened where it is too long: then the whole text is filed beside the image, and nothing is lost.

    What was sent with a photo goes where the photo goes, and so does what a colleague says of it; what a patient answers is an
    answer like any other (R29).
    """
    if len(reason) <= LONGEST_REASON:
        return reason
    facts: dict[str, object] = {"as": WHOLE_CAPTION} if sent_with_it or image.from_colleague else {}
    await write(tx, EntryKind.ANSWER, image, image.patient_id, image.sender_id, reason, facts)
    return f"{reason[: LONGEST_REASON - 50].rstrip()}… ({to_patients.CAPTION_CUT})"


async def draft_reply(tx: Transaction, image: Image, author_id: PersonId, text: str) -> Document:
    """Write down a reply whose author has not said yet whom it is to reach: it is part of no record before that (R29)."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document(
        DocumentId(tx.ids.new()),
        EntryKind.REPLY,
        image.id,
        image.patient_id,
        author_id,
        tx.now,
        text,
        {},
        digest,
        DocumentState.DRAFT,
    )
    await tx.rows.documents.add(document)
    await tx.audit(author_id, "document.draft", document.id, image=image.id, sha256=digest)
    return document


async def finish_draft(
    tx: Transaction, draft: Document, image: Image, facts: dict[str, object], reader_id: PersonId
) -> Document:
    """Make the draft part of the record like any other words, now that it is to reach somebody."""
    written = Addressed(image.patient_id, facts, reader_id)
    document = await tx.rows.documents.save(document_after(draft, written))
    await tx.audit(draft.author_id, f"document.{draft.kind.value}", draft.id, image=image.id, sha256=draft.sha256)
    if image.filed_at is not None:
        await tx.plan(FileDocument(draft.id), lane=image.id)
    return document


def is_of_a_patient(document: Document, image: Image) -> bool:
    """Return whether these are words of a patient, or of somebody who answers for one, and not part of what was sent.

    A caption is part of that, and goes along with its photo.
    """
    if document.facts.get("as") == WHOLE_CAPTION:
        return False
    corrected = document.kind is EntryKind.CORRECTION and document.author_id == image.sender_id
    return document.kind is EntryKind.ANSWER or (corrected and not image.from_colleague)


def whose_words(document: Document, image: Image) -> PersonId:
    """Return the person outside the practice who wrote these words, or whom they reached; "" for nobody."""
    if is_of_a_patient(document, image):
        return document.author_id
    if document.kind is not EntryKind.REPLY or document.facts.get("as") == UNREAD:
        return NO_PERSON
    return NO_PERSON if is_to_colleague(document, image) else reader_of(document, image)


def reader_of(reply: Document, image: Image) -> PersonId:
    """Return the person this reply was sent to: before readers were noted it was the sender."""
    return reply.reader_id or image.sender_id


def is_to_colleague(reply: Document, image: Image) -> bool:
    """Return whether it was written to the colleague who sent the image (R5)."""
    return image.from_colleague and reader_of(reply, image) == image.sender_id


_DONE_AS_STAFF = frozenset({EntryKind.NOTE, EntryKind.REPLY, EntryKind.CORRECTION, EntryKind.DISCLOSURE})


def of_whom(document: Document, image: Image | None, people: Mapping[PersonId, Person]) -> set[PersonId]:
    """Return who said these words as somebody outside the practice, or got them so.

    `people` are those of the patient: what one of them did as a member of the staff is the practice's.
    """
    author = people.get(document.author_id)
    spoke = image is not None and is_of_a_patient(document, image)
    as_staff = author is not None and author.is_professional and document.kind in _DONE_AS_STAFF and not spoke
    words = whose_words(document, image) if image is not None else NO_PERSON
    return ({words} if as_staff else {words, document.author_id}) - {NO_PERSON}


def was_told(document: Document, image: Image, person_id: PersonId) -> bool:
    """Return whether these words are the person's own, or reached them as a reply; a trace of a move is nobody's own."""
    if document.kind is EntryKind.CONSENT:
        return document.author_id == person_id
    return whose_words(document, image) in {"", person_id} and document.counts_as_told


async def note_unread(tx: Transaction, reply_id: DocumentId) -> Document:
    """Note that a reply did not reach its reader: it does not count among what they were told (R29)."""
    document = await tx.rows.documents.get(reply_id)
    return await tx.rows.documents.save(unread(document))


async def tell_author(tx: Transaction, reply_id: DocumentId, address: Address) -> None:
    """Tell a reply's author that it could not reach its reader any more; the record says so beside the reply.

    What was called back on its way, its author knows of.
    """
    document = await note_unread(tx, reply_id)
    if document.is_called_back:
        return
    image = await tx.rows.images.get(document.image_id)
    person = await tx.person(rooms.person_at(address))
    told = about_replies.did_not_reach(image.ref, person.name)
    await tx.say(rooms.own(document.author_id), told, image_id=image.id)
    if image.in_reach:
        facts: dict[str, object] = {"reply": document.id, "reached": False}
        await write(
            tx, EntryKind.CORRECTION, image, document.patient_id, NO_PERSON, about_replies.REACHED_NOBODY, facts
        )


async def note_on_patient(
    tx: Transaction, patient: Patient, author_id: PersonId, text: str, facts: dict[str, object]
) -> Document:
    """Write a note about the patient and no image; `author_id` is "" for what was done at the computer."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document(
        DocumentId(tx.ids.new()), EntryKind.NOTE, NO_IMAGE, patient.id, author_id, tx.now, text, facts, digest
    )
    await tx.rows.documents.add(document)
    await tx.audit(author_id or "bot", "document.note", document.id, patient=patient.id, sha256=digest)
    await tx.plan(FileDocument(document.id), lane=f"patient:{patient.id}")
    return document


_DISCLOSED: Mapping[Disclosed, str] = {
    "viewed": "viewed by {}",
    "forwarded": "shown to {}",
    "own-copy-stored": "a copy of their own stored by {}",
    "own-copy-declined": "no copy of their own needed by {}",
}


async def disclose(
    tx: Transaction, image: Image, to: Person, how: Disclosed, rule: str, purpose: Purpose | None = None
) -> None:
    """Note that somebody is about to see the image: for `my images`, and filed, so that a copy of the record says it (R24)."""
    purpose = purpose or image.purpose or Purpose.CARE
    await tx.rows.disclosures.add(Disclosure(tx.ids.new(), image.id, to.id, how, purpose, rule, tx.now))
    role = ", ".join(sorted(role.value for role in to.roles))
    facts: dict[str, object] = {"to": to.name, "role": role, "how": how, "purpose": purpose.value, "rule": rule}
    text = _DISCLOSED.get(how, f"{how}: {{}}").format(f"{to.name}, {role}")
    await write(tx, EntryKind.DISCLOSURE, image, image.patient_id, to.id, text, facts)


async def follow(tx: Transaction, image: Image) -> None:
    """Move what was written about an image to the patient it now belongs to: that was said, or put right,
    before it was filed (R15).
    """
    for document in await tx.rows.documents.of_image(image.id, states=_UNFILED):
        await tx.rows.documents.save(document_after(document, PatientKnown(image.patient_id)))


async def file_waiting(tx: Transaction, image: Image) -> None:
    """File the words that waited for the image, now that it is in the record."""
    for document in await tx.rows.documents.of_image(image.id, states=(DocumentState.WRITTEN,)):
        await tx.plan(FileDocument(document.id), lane=image.id)


_UNFILED = (DocumentState.DRAFT, DocumentState.WRITTEN)


async def settle_words_of_discarded(tx: Transaction, image: Image) -> None:
    """Drop the sender's words about an image that is not kept. What colleagues wrote is filed all the same."""
    await _forget_screening(tx, image)
    for document in await tx.rows.documents.of_image(image.id, states=_UNFILED):
        if document.state is DocumentState.DRAFT:
            await drop(tx, document)
            continue
        if document.author_id != image.sender_id and document.kind is not EntryKind.ORIGIN:
            await tx.plan(FileDocument(document.id), lane=image.id)
            continue
        await drop(tx, document)


async def drop_words(tx: Transaction, image: Image) -> None:
    """Drop all words about a colleague's image that is not kept: nobody knows whose record they would belong to."""
    await _forget_screening(tx, image)
    for document in await tx.rows.documents.of_image(image.id, states=_UNFILED):
        await drop(tx, document)


async def _forget_screening(tx: Transaction, image: Image) -> None:
    if (screening := await tx.rows.screenings.known(image.id)) is not None:
        await tx.rows.screenings.save(dropped_screening(screening))


async def drop(tx: Transaction, document: Document) -> None:
    await tx.rows.documents.save(document_after(document, Dropped()))
    await tx.audit("bot", "document.dropped", document.id, image=document.image_id)
    await tx.erase(*await tx.rows.copies.of_document(document.id, CopyState.KNOWN))


async def move_words(tx: Transaction, image: Image, to: Image) -> list[Document]:
    """Move what was written about an image to the other image that is the same; return it."""
    written = await tx.rows.documents.of_image(image.id, states=(DocumentState.WRITTEN,))
    for document in written:
        await tx.rows.documents.save(document_after(document, MovedTo(to.id, to.patient_id)))
        await tx.audit("bot", "document.moved", document.id, image=to.id)
        if to.filed_at is not None:
            await tx.plan(FileDocument(document.id), lane=to.id)
    return written


def receipt_line(copy: Copy) -> dict[str, object]:
    return {
        "what": copy.what.value,
        "event_id": copy.event_id,
        "mxc": copy.mxc,
        "state": copy.state.value,
        "observed_at": copy.settled_at.isoformat() if copy.settled_at else None,
        "hidden_until": copy.hidden_until.isoformat() if copy.hidden_until else None,
        "detail": detail(copy),
    }


async def write_receipt(tx: Transaction, image: Image) -> None:
    """Write a purge receipt once nothing is left that should be gone by now: each copy, and what became of it (R17).

    It says too where further copies of the photo are by then, and how sure each is (R35).

    The first follows the photo itself; what was shown and said later is accounted for together, when all of it is settled.
    """
    copies = await tx.rows.copies.of_image(image.id)
    first = not any(copy.receipted for copy in copies)
    # A post that is planned but was never sent is no copy yet.
    unsettled = [copy for copy in copies if copy.state not in SETTLED and (copy.event_id or copy.mxc)]
    overdue = [copy for copy in unsettled if not first or copy.purge_after is None or copy.purge_after <= tx.now]
    fresh = [copy for copy in copies if copy.state in SETTLED and not copy.receipted]
    if overdue or not fresh or not image.patient_id or not image.in_record:
        return
    lines = [receipt_line(copy) for copy in fresh]
    deliveries = await tx.rows.deliveries.of_entries((image.id,))
    await write(
        tx,
        EntryKind.RECEIPT,
        image,
        image.patient_id,
        NO_PERSON,
        json.dumps(lines, indent=1),
        {"copies": lines, "further_copies": [delivery.in_a_receipt() for delivery in deliveries]},
    )
    for copy in fresh:
        await tx.rows.copies.save(accounted_for(copy))
