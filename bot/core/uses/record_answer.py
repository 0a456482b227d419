"""Record an answer to a request for consent: kept as it was given, and filed with every image it is about (R13, R14)."""

from __future__ import annotations

from bot.core.documents import write
from bot.core.transaction import Transaction
from bot.domain.consent import ConsentAnswer
from bot.domain.entries import EntryKind
from bot.domain.use import Use


async def record_answer(given: ConsentAnswer, use: Use, tx: Transaction) -> None:
    """Keep the answer, and file it with every image it is about: wording, version, who, in what capacity, when, proof."""
    await tx.rows.consent_answers.add(given)
    person = await tx.person(given.person_id)
    facts: dict[str, object] = {
        "use": use.id,
        "purpose": use.purpose.value,
        "answer": given.answer.value,
        "wording": given.wording,
        "wording_version": given.wording_version,
        "by": person.name,
        "capacity": given.capacity.value,
        "at": given.at.isoformat(),
        "recipients": list(use.recipients),
        "seen_by": use.seen_by,
        "how": use.how,
        "venue": use.venue,
        "until": use.until.isoformat() if use.until else None,
        "proof": given.proof,
    }
    for image in await tx.rows.images.among(use.image_ids):
        text = f"{given.answer.value}: {use.purpose.value}\n\n{given.wording}"
        await write(tx, EntryKind.CONSENT, image, image.patient_id, given.person_id, text, facts)
