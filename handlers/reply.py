"""`!reply IMG-7F3K …`: the clinician's words reach the patient in the patient's own room, and are filed."""

from __future__ import annotations

from bot.dispatch import Request
from bot.documents import write
from bot.domain import rooms, wording_patients
from bot.domain.entries import EntryKind
from bot.transaction import Transaction

from .mine import take
from .note import image_and_words

USAGE = "!reply IMG-7F3K your words to the patient"


async def reply(request: Request, tx: Transaction) -> str | None:
    image, words = await image_and_words(request, USAGE, tx)
    image = await take(image, request.person, tx)
    document = await write(tx, EntryKind.REPLY, image, image.patient_id, request.person.id, words, {})
    await tx.ledger_message(request.arrival, image_id=image.id, document_id=document.id)
    await tx.say(
        rooms.own(image.sender_id),
        wording_patients.reply_from(request.person.name, image.ref, words),
        image_id=image.id,
    )
    if image.from_colleague:
        return f"On its way to the colleague who sent it, and to the record ({image.ref})."
    return f"On its way to the patient, and to the record ({image.ref})."
