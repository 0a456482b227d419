"""Somebody deleted a message in their app. A deletion is not authenticated, so it is asked about or told, never obeyed.

What they deleted may not be readable yet: then the deletion waits for its key, so that it is asked about and not filed unasked.
"""

from __future__ import annotations

from bot.core.consequences import apply
from bot.core.inbox import MOST_WAITING
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.arrivals import KEY_MAY_COME, Arrival
from bot.domain.identifiers import EventId
from bot.domain.image import SenderDeleted
from bot.domain.intents import Hearing
from bot.words import about_uses, phrases


async def deleted(arrival: Arrival, tx: Transaction) -> None:
    image = await tx.rows.images.of_event(EventId(arrival.target), arrival.room_id)
    if image is None:
        target = EventId(arrival.target)
        if not await tx.rows.wait_for_key(arrival.event_id, target, tx.now - KEY_MAY_COME, MOST_WAITING):
            await _answer_deleted(arrival, tx)
        return
    sender = await tx.person(image.sender_id)
    holder = await tx.holder(arrival.sender)
    if holder is None or holder.id != sender.id:  # somebody else has the account now, or deleted another's message
        await tx.audit("stranger", "deletion.by-another", image.id, sender=arrival.sender)
        return
    await apply(tx, image, SenderDeleted(), by=sender.id)


async def _answer_deleted(arrival: Arrival, tx: Transaction) -> None:
    """Tell them that an answer, once given, stays given: only another record changes it (R13)."""
    person = await tx.holder(arrival.sender)
    given = await tx.rows.consent_answers.given_by(person.id) if person is not None else []
    answer = next((consent for consent in given if consent.proof.get("event_id") == arrival.target), None)
    if person is None or answer is None:
        return
    use = await tx.rows.uses.get(answer.use_id)
    images = await tx.rows.images.among(use.image_ids)
    await tx.audit("stranger", "deletion.of-answer", use.id, sender=arrival.sender)
    text = about_uses.ANSWER_DELETED.format(refs=phrases.many([image.ref for image in images]), ref=images[0].ref)
    first, *others = [image.id for image in images]
    await tx.say(rooms.own(person.id), text, image_id=first, others=others, hearing=Hearing.THEIRS)
