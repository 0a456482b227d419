"""A clinician sends a photo: captured at once like any other, then one line and one tap file it (R2 to R5).

Nothing is carried over from an earlier photo (R15): only photos sent in a row, before a word was said, share one question. The
signed form of a written consent is the picture or PDF that comes right after it was asked for, or that its caption or a reply
calls one; it belongs to the photos that wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.consequences import apply
from bot.core.dispatch import ChatRequest, Request, photos_replied_to
from bot.core.transaction import Transaction
from bot.domain.arrivals import proof_of
from bot.domain.conversation import About, PhotoJoined, Question, question_after
from bot.domain.identifiers import NO_IMAGE, ImageId, QuestionId
from bot.domain.image import Described, Image, LeftWithSender
from bot.domain.message import Message, together
from bot.domain.people import Person, Role
from bot.domain.statement import ConsentKind, Statement
from bot.domain.use_rules import Kind, Source
from bot.words import about_statements, to_patients
from handlers.photos.arriving_together import begin_capture, by_caption
from handlers.photos.media_named import claimed_size, encrypted_file
from handlers.photos.refuse_photo import refuse_photo

from .device_check import blocked
from .statements import forms_of, images_of, next_step, open_questions, take_in

IN_A_ROW = timedelta(minutes=10)
FORM_COMES_NEXT = timedelta(minutes=15)  # longer after it was asked for, a picture without words is a photo of its own


async def take_from_colleague(pictures: Sequence[ChatRequest], request: ChatRequest, tx: Transaction) -> Message | None:
    """Take the pictures of one message: those under one caption share one question. A form comes alone."""
    in_clear = any(encrypted_file(picture.content) is None for picture in pictures)
    refusal = to_patients.unsupported("unencrypted-file") if in_clear else await blocked(request.person, tx)
    if refusal:
        return await refuse_photo(request, "image.left-with-sender", refusal, tx)
    if len(pictures) == 1:
        answers = [await _take_one(pictures[0], tx)]
    else:
        answers = [await _take_together(under, tx) for under in by_caption(pictures)]
    return together(answers)


async def _take_one(request: ChatRequest, tx: Transaction) -> Message | None:
    named = (request.said.of_photo.form_of or frozenset()) | {*await photos_replied_to(request, tx)}
    waiting = await _waiting_for_a_form(request, named, tx)
    if len(waiting) > 1:
        refs = [image.ref for question in waiting for image in await images_of(question, tx)]
        text = about_statements.which_form(refs)
        return await refuse_photo(request, "image.left-with-sender", text, tx, send_again=True)
    if waiting and (request.said.words or named or tx.now < waiting[0].asked_at + FORM_COMES_NEXT):
        return await _take_form(waiting[0], request, tx)
    answer = await _take_together([request], tx)
    refs = [image.ref for question in waiting for image in await images_of(question, tx)]
    return together([answer, about_statements.form_comes_too_late(refs) if refs else None])


async def _take_together(pictures: Sequence[ChatRequest], tx: Transaction) -> Message | None:
    """Ask one question about pictures under one caption, or let them share one that was asked just before."""
    person, caption = pictures[0].person, pictures[0].said
    images = [await _received(picture, tx) for picture in pictures]
    if not caption.words and await _joined(images, person, tx):
        return None
    question = Question(
        QuestionId(tx.ids.new()),
        person.id,
        About.STATEMENT,
        tuple(image.id for image in images),
        (),
        tx.now,
        tx.now + tx.policy.attest_deadline,
    )
    await tx.rows.questions.add(question)
    await tx.remind("attest-reminder", question.id, tx.policy.attest_reminder)
    await tx.remind("attest-deadline", question.id, tx.policy.attest_deadline)
    if caption.words:
        return await take_in(question, caption.of_photo.line, person, tx, free_words_are_the_reason=True)
    return await next_step(question, person, tx)


async def _received(request: ChatRequest, tx: Transaction, form_of: ImageId = NO_IMAGE) -> Image:
    arrival, person = request.arrival, request.person
    image = Image(
        id=ImageId(tx.ids.new()),
        ref=await tx.new_reference(),
        sender_id=person.id,
        room_id=arrival.room_id,
        event_id=arrival.event_id,
        received_at=tx.now,
        source=Source.COLLEAGUE if person.may_act_as(Role.CLINICIAN) else Source.OUTSIDE,
        kind=Kind.DOCUMENT if form_of else Kind.BODY,
        form_of=form_of,
        attachment=encrypted_file(request.content) or {},
        size=claimed_size(request.content),
        proof=proof_of(arrival),
        place=request.place,
    )
    await tx.rows.images.add(image)
    await begin_capture(image, request, tx)
    return image


async def _joined(images: Sequence[Image], person: Person, tx: Transaction) -> bool:
    """Let photos share the question of photos sent just before, as long as nothing was said about any of them."""
    for question in await open_questions(person, tx):
        fresh = tx.now < question.asked_at + IN_A_ROW
        if fresh and not any(image.statement for image in await images_of(question, tx)):
            joined = question
            for image in images:
                joined = question_after(joined, PhotoJoined(image.id))
            await tx.rows.questions.save(joined)
            return True
    return False


# ---- the signed form


async def _waiting_for_a_form(request: Request, named: frozenset[str], tx: Transaction) -> list[Question]:
    """Return the questions whose form this may be: those about the photos that it names or replies to, or else all.

    Their photos' consent is said to be written, and the caption says nothing else.
    """
    words = request.said.words
    if request.said.of_photo.form_of is None:
        return []
    waiting = []
    for question in await open_questions(request.person, tx):
        images = await images_of(question, tx)
        statement = (images[0].statement if images else None) or Statement()
        wants_one = statement.kind is not Kind.DOCUMENT and statement.consent is ConsentKind.WRITTEN
        if images and (wants_one and not statement.form_id if not words else statement.kind is not Kind.DOCUMENT):
            waiting.append((question, {image.ref for image in images}))
    return [question for question, refs in waiting if not named or named & refs]


async def _take_form(question: Question, request: ChatRequest, tx: Transaction) -> Message | None:
    images = await images_of(question, tx)
    for earlier in await forms_of(images, tx):
        await apply(tx, earlier, LeftWithSender(), by=request.person.id)
    form = await _received(request, tx, form_of=images[0].id)
    for image in images:
        said = image.statement or Statement()
        with_form = replace(said, consent=ConsentKind.WRITTEN, form_id=form.id, form_kept=False)
        await apply(tx, image, Described(with_form), by=request.person.id)
    return await next_step(question, request.person, tx)
