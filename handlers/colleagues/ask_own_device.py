"""Whether a clinician's photo that is in the record is also deleted from their own device: asked once, and once more (R18).

Photos that were sent together are asked about once. Nobody can see the device from here, so the receipt tells what was said,
and by whom. Patients are never asked.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.documents import write
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.domain.choices import Choice
from bot.domain.conversation import About, Answered, NotAnswered, Question, QuestionEvent, QuestionState, question_after
from bot.domain.entries import EntryKind
from bot.domain.identifiers import ImageId, QuestionId
from bot.domain.image import Image, State
from bot.domain.message import Message
from bot.words import about_devices as words
from bot.words.about_pictures import about_the_file
from bot.words.phrases import answered_already

from .statements import forms_of, images_of

ASK_AGAIN = timedelta(days=1)


async def ask_with_the_last(tx: Transaction, image_id: ImageId) -> None:
    """Note that one of the photos sent together is verified; with the last of them ask the question."""
    image = await tx.rows.images.get(image_id)
    asked = await tx.rows.questions.of_person(image.sender_id, (About.STATEMENT, About.DELETED))
    of = image.form_of or image.id
    together = next(
        (question for question in asked if question.about is About.STATEMENT and of in question.image_ids), None
    )
    if together is None:
        return
    images = await images_of(together, tx)
    everything = [*images, *await forms_of(images, tx)]
    ids = tuple(image.id for image in everything)
    before = any(question.about is About.DELETED and set(question.image_ids) & set(ids) for question in asked)
    if before or any(image.state is not State.VERIFIED for image in everything):
        return
    question = Question(
        QuestionId(tx.ids.new()), image.sender_id, About.DELETED, ids, (), tx.now, tx.now + 2 * ASK_AGAIN
    )
    await tx.rows.questions.add(question)
    await _ask(question, everything, tx)


async def _ask(question: Question, images: list[Image], tx: Transaction) -> None:
    await ask(
        tx,
        await tx.person(question.person_id),
        await _words(images, tx),
        words.DELETED_ANSWERS,
        about="deleted-own",
        subject=question.id,
        lasts=2 * ASK_AGAIN,
        image_id=images[0].id,
    )
    await tx.remind("ask-deleted-again", question.id, ASK_AGAIN)


async def _words(images: list[Image], tx: Transaction) -> str:
    screened = await tx.rows.screenings.among([image.id for image in images])
    line = about_the_file(screening.found for screening in screened if screening.found is not None)
    asked = words.is_it_deleted([image.ref for image in images])
    return f"{line} {asked}" if line else asked


async def answered(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    question = await tx.rows.questions.get(QuestionId(choice.subject))
    if question.state is not QuestionState.OPEN:
        return answered_already()
    await tx.ledger_message(request.arrival, image_id=question.image_ids[0])
    if choice.value == "not-yet" and await _times_asked(question, tx) == 1:
        await tx.audit(request.person.id, "own-device.not-yet", question.id)
        return words.deleted_later()
    await _record(question, choice.value, Answered(), tx)
    return words.deleted_thanks()


async def ask_again(tx: Transaction, question_id: QuestionId) -> None:
    question = await tx.rows.questions.get(question_id)
    if question.state is not QuestionState.OPEN:
        return
    if await _times_asked(question, tx) > 1:
        await _record(question, "unanswered", NotAnswered(), tx)
        return
    await close_polls(tx, question.id)
    await _ask(question, await tx.rows.images.among(question.image_ids), tx)


async def _times_asked(question: Question, tx: Transaction) -> int:
    return len({choice.poll_id for choice in await tx.rows.choices.about(question.id)})


async def _record(question: Question, value: str, event: QuestionEvent, tx: Transaction) -> None:
    """Write a line of the purge receipt of each photo: said, not seen."""
    await tx.rows.questions.save(question_after(question, event))
    await close_polls(tx, question.id)
    sender = await tx.person(question.person_id)
    fate = words.DELETED_FATES[value]
    line = {
        "what": f"the original on the device of {sender.name}",
        "state": fate,
        "observed_at": tx.now.isoformat(),
        "detail": f"as {sender.name} says; it can't be seen from here",
    }
    for image in await tx.rows.images.among(question.image_ids):
        text = f"{line['what']}: {fate}"
        await write(tx, EntryKind.RECEIPT, image, image.patient_id, sender.id, text, {"copies": [line]})
    await tx.audit(sender.id, f"own-device.{value}", question.id, images=list(question.image_ids))
