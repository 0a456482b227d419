"""`!note IMG-7F3K …`: keep what was said about an image with the image."""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.documents import lacks_note, write
from bot.core.transaction import Transaction
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.image import Image
from bot.domain.staff_deeds import WriteNote
from bot.words.to_colleagues import note_closes


async def add_note(deed: WriteNote, request: Request, tx: Transaction) -> str | None:
    """File the discussion note on the image that it names."""
    image = await to_be_written_to(deed.ref, tx)
    closes_case = await lacks_note(tx.rows, image)
    document = await write(tx, EntryKind.NOTE, image, image.patient_id, request.person.id, deed.text, {})
    await tx.ledger_message(request.arrival, image_id=image.id, document_id=document.id)
    if closes_case:
        await tx.audit(request.person.id, "note.closes-case", image.id)
        return note_closes(image.ref)
    return f"Noted on {image.ref}. It goes into the record with the image."


async def to_be_written_to(ref: str, tx: Transaction) -> Image:
    """Return the image, if it is kept and words could go into somebody's record with it."""
    image = await tx.image_named(ref)
    if not image.in_reach:
        raise Refused(f"{image.ref} was not kept, so there is nothing to write to.")
    if image.from_colleague and not image.patient_id:
        raise Refused(
            f"{image.ref} is not attested by its sender yet, so it isn't known whose record this would go to.", "R2"
        )
    return image
