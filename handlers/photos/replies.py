"""What clinicians wrote to somebody about photos."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.documents import was_told
from bot.core.transaction import Transaction
from bot.domain.document import Document
from bot.domain.entries import EntryKind
from bot.domain.identifiers import PersonId
from bot.domain.image import Image


async def replies_to(person_id: PersonId, theirs: Sequence[Image], tx: Transaction) -> list[Document]:
    """Return what clinicians wrote to them about these photos."""
    known = {image.id: image for image in theirs}
    return [
        document
        for document in await tx.rows.documents.of_images(list(known))
        if document.kind is EntryKind.REPLY
        and document.reader_id == person_id
        and was_told(document, known[document.image_id], person_id)
    ]
