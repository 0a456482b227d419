"""Somebody deleted words of their own in their app, and the record has them: one sentence says what stays, and what to write.

Nothing is done by it: a deletion is not authenticated. Of words that no record gets, nothing is said.
"""

from __future__ import annotations

from bot.core.documents import is_of_a_patient
from bot.core.transaction import Transaction
from bot.core.who_may_hear import may_be_told
from bot.domain import rooms
from bot.domain.arrivals import Arrival
from bot.domain.document import Document, DocumentState
from bot.domain.entries import EntryKind
from bot.domain.identifiers import EventId
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.words import about_deleted_words as words

_STAY = frozenset({DocumentState.WRITTEN, DocumentState.VERIFIED, DocumentState.HELD})


async def words_deleted(arrival: Arrival, tx: Transaction) -> None:
    """Tell whoever wrote them, in their own chat, if they may hear of the image now; nobody else deletes words of theirs."""
    person = await tx.holder(arrival.sender)
    copies = await tx.rows.copies.of_event(EventId(arrival.target), arrival.room_id)
    found = [await tx.rows.documents.known(copy.document_id) for copy in copies if copy.document_id]
    for document in found:
        if document is None or person is None or document.author_id != person.id or document.state not in _STAY:
            continue
        image = await tx.rows.images.known(document.image_id)
        if image is None or not image.in_reach:
            continue
        await tx.audit("stranger", "deletion.of-words", document.id, sender=arrival.sender)
        hearing = Hearing.SAYS if is_of_a_patient(document, image) else Hearing.SPEAKS
        if await may_be_told(tx.rows, person, [image], hearing, tx.today):
            await tx.say(rooms.own(person.id), _stays(document, image), image_id=image.id, hearing=hearing)


def _stays(document: Document, image: Image) -> str:
    if is_of_a_patient(document, image):
        return words.yours_stays(image.ref)
    if document.kind is EntryKind.REPLY:
        return words.reply_called_back(image.ref) if document.is_called_back else words.reply_stays(image.ref)
    return words.note_stays(image.ref)
