"""A photo that is refused where it was sent: nothing of it is kept, unless it is here already."""

from __future__ import annotations

from bot.core.dispatch import ChatRequest
from bot.core.sent_before import sent_before
from bot.core.transaction import Transaction
from bot.core.who_may_hear import may_write
from bot.domain.identifiers import MediaId
from bot.domain.message import Message
from bot.words import to_patients

from .media_named import encrypted_file, expected, ledger_attachments


async def refuse_photo(
    request: ChatRequest, why: str, said: Message, tx: Transaction, *, send_again: bool = False
) -> Message:
    """Account for the photo and return what to say.

    With `send_again` its media is kept for the hour in which it may arrive there.
    """
    arrival, person = request.arrival, request.person
    await ledger_attachments(tx, arrival, keep_until=expected(tx.now) if send_again else None)
    await tx.audit(person.id, why, arrival.event_id)
    file = encrypted_file(request.content)
    known = await sent_before(tx.rows, MediaId(str(file["url"])), arrival.sender, person.id) if file else None
    if known is None:
        return said
    if known.from_colleague or not known.patient_id or await may_write(tx.rows, person.id, known, tx.today):
        return to_patients.known_already(known.ref)
    return to_patients.duplicate_elsewhere(tx.policy.practice)
