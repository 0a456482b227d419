"""What a colleague says of their photo, made a statement: what it lacks is asked for by name, the whole is echoed for a tap.

Every new word undoes what could have been tapped before: only what was echoed last can be attested (R2, R15).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.consequences import apply
from bot.core.dispatch import Request, photos_replied_to
from bot.core.held_as_body import held_as_body
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.authority import decides_not, may_act_for_the_practice
from bot.domain.choices import Choice, TapAbout
from bot.domain.conversation import About, Answered, AskedAgain, AskedAnew, Question, question_after
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_PATIENT, Address, ImageId, QuestionId
from bot.domain.image import Described, Image, LeftWithSender, OwnPhoto
from bot.domain.message import Message
from bot.domain.people import Person, Role
from bot.domain.statement import Missing, Statement, StatementLine, may_be_attested, quick_lines, what_it_lacks
from bot.domain.use_rules import Kind
from bot.words import about_statements as words
from bot.words import phrases, to_colleagues
from handlers.photos.ask_what_is_missing import ask_what_is_missing
from handlers.photos.fill_in import filled_in
from handlers.photos.somebody_else import hold_until_they_agree

POLLS_LAST = timedelta(days=7)


async def open_questions(person: Person, tx: Transaction) -> list[Question]:
    return await tx.rows.questions.open_of_person(person.id, About.STATEMENT)


async def images_of(question: Question, tx: Transaction) -> list[Image]:
    """Return the photos that a question is about and that are still here, in the order they came."""
    found = await tx.rows.images.among(question.image_ids) if question.image_ids else []
    return [image for image in found if image.in_reach and image.from_colleague]


async def forms_of(images: list[Image], tx: Transaction) -> list[Image]:
    found = await tx.rows.images.forms_of_any([image.id for image in images]) if images else []
    return [form for form in found if form.in_reach]


async def take_in(
    question: Question, said: StatementLine, person: Person, tx: Transaction, *, free_words_are_the_reason: bool = False
) -> Message | None:
    """Add what one line says to what is known; then take the next step."""
    images = await images_of(question, tx)
    if said.leave:
        return await leave(question, person, tx)
    draft = (images[0].statement if images else None) or Statement()
    complete = not what_it_lacks(draft)
    if not said.says_something and not (free_words_are_the_reason or complete):
        return await next_step(question, person, tx, complaint=words.not_understood())
    statement, complaint = await filled_in(draft, said, person, tx)
    bodies = [await held_as_body(tx.rows, image.sha256, image.id) for image in images]
    if statement.kind is Kind.DOCUMENT and any(bodies):
        statement, complaint = replace(statement, kind=Kind.BODY), words.held_as_body()
    for image in images:
        await apply(tx, image, Described(statement), by=person.id)
    return await next_step(question, person, tx, complaint=complaint)


async def taken_as_body(tx: Transaction, image_id: ImageId) -> None:
    """Ask for what a body needs: it was called a document before its bytes were here, and is known as a body since (R3)."""
    image = await tx.rows.images.get(image_id)
    for question in await tx.rows.questions.of_person(image.sender_id, (About.STATEMENT,)):
        if image.id in question.image_ids and image.in_reach:
            opened = await tx.rows.questions.save(question_after(question, AskedAnew()))
            await next_step(opened, await tx.person(image.sender_id), tx, complaint=words.held_as_body())


async def next_step(
    question: Question, person: Person, tx: Transaction, *, complaint: Message | None = None
) -> Message | None:
    """Ask for everything, for what is missing, or for the tap.

    The question is said here and not returned, because it is about somebody.
    """
    images = await images_of(question, tx)
    if not images:
        return None
    await close_polls(tx, question.id)
    refs, first = [image.ref for image in images], images[0]
    statement = first.statement or Statement()
    if replace(statement, reason="") == Statement() and not complaint:
        answers = words.quick_answers(tx.policy.written_consent_only, person.may_act_as(Role.PATIENT))
        text = words.ask(refs, tx.policy.written_consent_only)
        await _ask(question, person, text, answers, "statement", first, tx)
        return None
    missing = what_it_lacks(statement) - ({Missing.FORM} if statement.form_id else set())
    if missing or complaint:
        question = await tx.rows.questions.save(question_after(question, AskedAgain(tx.now)))
        await tx.say(own(person), words.still_missing(refs, missing, complaint), image_id=first.id)
    if may_be_attested(statement):
        patient = await tx.rows.patients.get(statement.patient_id) if statement.patient_id else None
        if patient is not None and not may_act_for_the_practice(await tx.circle(patient.id), person, tx.today):
            return words.as_your_own()
        form = await tx.rows.images.get(statement.form_id) if statement.form_id else None
        text = to_colleagues.echo(images, statement, patient, form.ref if form else "")
        await _ask(question, person, text, to_colleagues.confirm_answers(first.source), "attest", first, tx)
    return None


async def _ask(
    question: Question,
    person: Person,
    text: str,
    answers: list[tuple[str, str]],
    about: TapAbout,
    image: Image,
    tx: Transaction,
) -> None:
    await ask(tx, person, text, answers, about=about, subject=question.id, lasts=POLLS_LAST, image_id=image.id)


async def leave(question: Question, person: Person, tx: Transaction) -> Message:
    """Leave the photo with its sender: it is recorded that they keep it, and nothing of it is kept here (R4)."""
    images = await images_of(question, tx)
    for image in (*images, *await forms_of(images, tx)):
        await apply(tx, image, LeftWithSender(), by=person.id)
    await close_polls(tx, question.id)
    await tx.rows.questions.save(question_after(question, Answered()))
    return to_colleagues.left([image.ref for image in images])


# ---- answers in words


async def question_meant(request: Request, tx: Transaction) -> Question | None:
    """Return the question about a photo of theirs that the words say something to; `Refused` where it may be one of several."""
    waiting = await open_questions(request.person, tx)
    if not waiting or not request.said.of_photo.answers:
        return None  # an answer to something else, or a tap said in words: what can be tapped is shown again (R34)
    named = request.said.of_photo.line.named
    about = {named} if named else {*await photos_replied_to(request, tx)}
    meant: list[Question] = []
    refs: list[str] = []
    for question in waiting:
        theirs = [image.ref for image in await images_of(question, tx)]
        if theirs and (not about or about.intersection(theirs)):
            meant.append(question)
            refs += theirs
    if len(meant) > 1:
        raise Refused(words.which_one(refs), "R15")
    return meant[0] if meant else None


async def answer_in_words(question: Question, request: Request, tx: Transaction) -> Message | None:
    images = await images_of(question, tx)
    await tx.ledger_message(request.arrival, image_id=images[0].id)
    return await take_in(question, request.said.of_photo.line, request.person, tx)


async def show_again(request: Request, tx: Transaction) -> bool:
    """Show again what waits for a tap, because a plain yes or no attests nothing; return whether anything does.

    Nothing does for words that reply to a message about other photos: they are meant for somebody else.
    """
    about = {*await photos_replied_to(request, tx)}
    waiting = [
        question
        for question in await open_questions(request.person, tx)
        if not about or about & {image.ref for image in await images_of(question, tx)}
    ]
    for question in waiting:
        await next_step(question, request.person, tx)
    return bool(waiting)


async def answer_by_tap(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Take a quick answer for the line that it would take to type."""
    question = await tx.rows.questions.get(QuestionId(choice.subject))
    images = await images_of(question, tx)
    if not images:
        raise Refused(phrases.answered_already())
    await tx.ledger_message(request.arrival, image_id=images[0].id)
    if choice.value == "own":
        return await _own_photos(question, images, request.person, tx)
    tapped = quick_lines(tx.today).get(choice.value)
    if tapped is None:
        raise Refused(phrases.answered_already())
    return await take_in(question, tapped, request.person, tx)


async def _own_photos(question: Question, images: list[Image], person: Person, tx: Transaction) -> Message | None:
    """Treat the photos as a patient's from now on: a clinician who is a patient here too sent them as a patient (R1)."""
    patients = await tx.answers_for(person)
    if not patients:
        raise Refused(words.nobodys_photo(), "R30")
    await tx.rows.questions.save(question_after(question, Answered()))
    only = patients[0].id if len(patients) == 1 else NO_PATIENT
    own_photos = [await apply(tx, image, OwnPhoto(only), by=person.id) for image in images]
    if only and decides_not(await tx.circle(only), person.id, tx.today):
        return await hold_until_they_agree(own_photos, tx)
    for own_photo in own_photos:
        await ask_what_is_missing(own_photo, patients, tx)
    return None


def own(person: Person) -> Address:
    return rooms.own(person.id)
