"""Somebody deleted a message in their app. A deletion is not authenticated, so it is asked about or told, never obeyed. About
several photos that one message brought, one question is asked.

What they deleted may not be readable yet: then the deletion waits for its key, so that it is asked about and not filed unasked.
"""

from __future__ import annotations

from bot.core.consequences import apply
from bot.core.inbox import MOST_WAITING
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.arrivals import KEY_MAY_COME, Arrival
from bot.domain.conversation import About
from bot.domain.identifiers import EventId
from bot.domain.image import AskedBack, Image, SenderDeleted, State
from bot.domain.intents import Hearing
from bot.domain.people import Person
from bot.words import about_requests, to_patients

from .hold_photo import ASKED_ABOUT, MOST, ask_which
from .words_deleted import words_deleted


async def deleted(arrival: Arrival, tx: Transaction) -> None:
    images = await tx.rows.images.of_event(EventId(arrival.target), arrival.room_id)
    if not images:
        target = EventId(arrival.target)
        if not await tx.rows.wait_for_key(arrival.event_id, target, tx.now - KEY_MAY_COME, MOST_WAITING):
            await _answer_deleted(arrival, tx)
            await words_deleted(arrival, tx)
        return
    sender = await tx.person(images[0].sender_id)
    holder = await tx.holder(arrival.sender)
    if holder is None or holder.id != sender.id:  # somebody else has the account now, or deleted another's message
        await tx.audit("stranger", "deletion.by-another", images[0].id, sender=arrival.sender)
        return
    if len(images) == 1:
        await _one_deleted(images[0], sender, tx)
        return
    held = [image for image in [await _held(image, tx) for image in images] if image.held_for in ASKED_ABOUT]
    if held:
        await ask_which(held, sender, tx, Hearing.SENDING)


async def _one_deleted(image: Image, sender: Person, tx: Transaction) -> None:
    """Hold it and ask whether to withdraw it, by a poll too, and with others that are asked about; or say that it stays."""
    asks = image.state is State.CAPTURED and not image.from_colleague
    after = await apply(tx, image, SenderDeleted(), by=sender.id, unanswered=asks)
    if asks and after.held_for in ASKED_ABOUT:
        asked = await _asked_about(sender, tx)
        together = [*asked, after] if len(asked) < MOST else [after]
        await ask_which(together, sender, tx, Hearing.SENDING, opening=to_patients.you_deleted(image.ref))


async def _asked_about(sender: Person, tx: Transaction) -> list[Image]:
    open_now = await tx.rows.questions.open_of_person(sender.id)
    ids = [image_id for question in open_now if question.about is About.WITHDRAW for image_id in question.image_ids]
    images = await tx.rows.images.among(list(dict.fromkeys(ids)))
    return [image for image in images if image.sender_id == sender.id and image.held_for in ASKED_ABOUT]


async def _held(image: Image, tx: Transaction) -> Image:
    """Hold one picture of several that were deleted together, to be asked about with the others, also before it is fetched."""
    deleted_too = await apply(tx, image, SenderDeleted(), by=image.sender_id, unanswered=True)
    if image.state is State.RECEIVED and not image.from_colleague:
        return await apply(tx, deleted_too, AskedBack(), by=image.sender_id)
    return deleted_too


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
    text = about_requests.answer_deleted([image.ref for image in images])
    first, *others = [image.id for image in images]
    await tx.say(rooms.own(person.id), text, image_id=first, others=others, hearing=Hearing.THEIRS)
