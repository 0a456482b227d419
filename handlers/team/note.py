"""`!note IMG-7F3K …`: keep what was said about an image with the image."""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.documents import lacks_note, write
from bot.core.one_patient import of_one_patient
from bot.core.transaction import Transaction
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.image import Image
from bot.domain.message import Message
from bot.domain.rooms import RoomKind
from bot.domain.staff_deeds import WriteNote
from bot.words import about_handling
from handlers.people.two_people import look_after


async def add_note(deed: WriteNote, request: Request, tx: Transaction) -> Message | None:
    """File the discussion note on the image that it names."""
    image = await to_be_written_to(deed.ref, tx)
    await look_after(request.person, image, tx)
    await of_one_patient(deed.text, [image], tx)
    closes_case = await lacks_note(tx.rows, image)
    document = await write(tx, EntryKind.NOTE, image, image.patient_id, request.person.id, deed.text, {})
    await tx.ledger_message(request.arrival, image_id=image.id, document_id=document.id)
    patient = await tx.rows.patients.known(image.patient_id) if request.room.kind is RoomKind.OWN else None
    name = "" if patient is None else patient.name
    said = about_handling.noted_and_closed(image.ref, name) if closes_case else about_handling.noted(image.ref, name)
    if closes_case:
        await tx.audit(request.person.id, "note.closes-case", image.id)
    await tx.say(request.room.address, said, image_id=image.id)
    return None


async def to_be_written_to(ref: str, tx: Transaction) -> Image:
    """Return the image, if it is kept and words could go into somebody's record with it."""
    image = await tx.image_named(ref)
    if not image.in_reach:
        raise Refused(about_handling.nothing_to_write_to(image.ref))
    if image.from_colleague and not image.patient_id:
        raise Refused(about_handling.not_attested_yet(image.ref), "R2")
    return image
