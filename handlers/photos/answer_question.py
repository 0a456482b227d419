"""Answers to what the bot asked: whose photo, what about, withdraw it or not; and what happens when no answer comes."""

from __future__ import annotations

from functools import partial

from bot.core.consequences import apply
from bot.core.dispatch import Request, WhoseTapped
from bot.core.documents import shortened, write
from bot.core.polls import close_asking_whose
from bot.core.telling import acknowledge
from bot.core.transaction import Transaction
from bot.core.who_reads import tell_who_reads
from bot.domain.authority import decides_not, may_send
from bot.domain.conversation import (
    About,
    Answered,
    NotAnswered,
    PhotoSettled,
    Question,
    QuestionState,
    ReasonWanted,
    question_after,
)
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_PATIENT, Actor, ImageId, QuestionId
from bot.domain.image import (
    UNSTATED,
    Image,
    PatientChosen,
    PurposeStated,
    SomebodyElse,
    State,
    what_is_missing,
)
from bot.domain.message import Message
from bot.domain.people import Patient
from bot.domain.purposes import ReasonGiven
from bot.domain.statement import Missing
from bot.domain.words_said import Numbered
from bot.words import about_reading, about_states, phrases, to_patients, to_the_team

from .ask_what_is_missing import ask_reason, ask_whose_by_name, ask_whose_others
from .hold_photo import ASKED_ABOUT, tell_of_unanswered
from .somebody_else import hold_until_they_agree
from .whose_again import ask_of_each, belong_to_nobody_yet, name_several, naming_another


async def tap_whose(tapped: WhoseTapped, request: Request, tx: Transaction) -> Message | None:
    """Take a page's tap for the question that it stood under, and for the patient that its button named (R15)."""
    question = await tx.rows.questions.known(tapped.question_id)
    if question is None or question.person_id != request.person.id:
        raise Refused(phrases.not_your_question(), "R15")
    if question.about is not About.PATIENT or question.state is not QuestionState.OPEN:
        raise Refused(about_states.question_is_over(), "R15")
    patients = [(await tx.circle(patient_id)).patient for patient_id in question.choices]
    fits = [at for at, patient in enumerate(patients, 1) if to_patients.who_is_meant(patient) == tapped.whose]
    said = Numbered(fits[0], "") if len(fits) == 1 else None
    return await choose_patient(question, question.image_ids, said, request, tx)


async def choose_patient(
    question: Question, meant: tuple[ImageId, ...], said: Numbered | None, request: Request, tx: Transaction
) -> Message | None:
    """Take it as said of those photos of the question that are `meant`; ask about the others by name (R15)."""
    if said is None or not 1 <= said.number <= len(question.choices):
        able = await _able(question, tx)
        if not any(able):
            raise Refused(to_patients.not_yours_to_choose(tx.policy.practice), "R6")
        await tx.ledger_message(request.arrival)
        await ask_whose_by_name(question, await _images(question, tx), able, tx)
        return None
    chosen, rest, reason = question.choices[said.number - 1], said.rest, said.reason
    if not may_send(await tx.circle(chosen), request.person.id, tx.today):  # it was asked when that still held (R28)
        raise Refused(to_patients.not_yours_to_choose(tx.policy.practice), "R6")
    held = decides_not(await tx.circle(chosen), request.person.id, tx.today)
    await tx.ledger_message(request.arrival, image_id=meant[0])
    images = await tx.rows.images.among(meant)
    if await name_several(images, request.person, tx):
        return await ask_of_each(question, images, await _able(question, tx), rest, request, tx)
    if another := await naming_another(images, rest, chosen, request.person, tx):
        await belong_to_nobody_yet(another, chosen, request.person, tx)
        images = [image for image in images if image not in another]
        meant = tuple(image.id for image in images)
    if not images:
        await ask_whose_by_name(question, await _images(question, tx), await _able(question, tx), tx)
        return None
    together: list[Image] = []
    taken = False
    for image in images:
        stated = await apply(tx, image, SomebodyElse(), by=request.person.id) if held else image
        if reason is not None and Missing.PURPOSE in what_is_missing(image):
            taken = True
            stated = await apply(tx, image, await _stated(tx, image, reason), by=request.person.id)
        together += await _apply_quietly(tx, stated, PatientChosen(chosen), request.person.id)
    if rest and not taken:  # words that no photo took as its reason go with the first
        first = (await tx.rows.images.among(meant))[0]
        document = await write(tx, EntryKind.ANSWER, first, first.patient_id, request.person.id, rest, {})
        told = partial(about_reading.words_from_patient, ref=first.ref, text=rest)
        await tell_who_reads(document, first, told, tx)
    await _acknowledge_together(tx, together)
    await close_asking_whose(tx, question)
    if others := [image for image in await _images(question, tx) if image.id not in meant]:
        await ask_whose_others(question, others, await _able(question, tx), tx)
    if held:
        await tx.rows.questions.save(question_after(question, Answered()))
        return await hold_until_they_agree(await tx.rows.images.among(meant), tx)
    unstated = [image for image in await tx.rows.images.among(meant) if Missing.PURPOSE in what_is_missing(image)]
    if not unstated:
        await tx.rows.questions.save(question_after(question, Answered()))
        return None
    await ask_reason(question, unstated, tx)
    left = tuple(image.id for image in unstated)
    await tx.rows.questions.save(question_after(question, ReasonWanted(left, tx.now)))
    return None


async def choose_again(
    question: Question, meant: tuple[ImageId, ...], said: Numbered | None, request: Request, tx: Transaction
) -> Message | None:
    """Take another choice in place of the first, while it is still asked what these photos are about: "sorry, 3" (R15).

    They are nobody's until it is known: without one, whose each is, is asked.
    """
    for image in await tx.rows.images.among(meant):
        question = await tx.rows.questions.save(question_after(question, PhotoSettled(image.id)))
        if image.patient_id:
            await apply(tx, image, PatientChosen(NO_PATIENT), by=request.person.id)
    deadline = tx.now + tx.policy.reason_deadline
    again = Question(
        QuestionId(tx.ids.new()), question.person_id, About.PATIENT, meant, question.choices, tx.now, deadline
    )
    await tx.rows.questions.add(again)
    await tx.remind("question", again.id, tx.policy.reason_deadline)
    return await choose_patient(again, meant, said, request, tx)


async def _able(question: Question, tx: Transaction) -> list[Patient | None]:
    """Return the patients to choose from by their numbers; None for one for whom they may not send any more (R28)."""
    circles = [await tx.circle(patient_id) for patient_id in question.choices]
    return [circle.patient if may_send(circle, question.person_id, tx.today) else None for circle in circles]


async def state_reason(question: Question, meant: tuple[ImageId, ...], reason: ReasonGiven, tx: Transaction) -> None:
    """Take the reason for those photos of the question that are `meant`; the others stay asked about (R1).

    But of others it says nothing of what may be the wrong photo (R34).

    Of a patient for whom they may not send any more it is no reason: the words are kept for the practice (R29).
    """
    if set(question.image_ids) <= set(meant):  # it is kept which photos it was about
        await tx.rows.questions.save(question_after(question, Answered()))
    else:
        for image_id in meant:
            question = await tx.rows.questions.save(question_after(question, PhotoSettled(image_id)))
    images = await tx.rows.images.among(meant)
    unstated = [image for image in images if Missing.PURPOSE in what_is_missing(image)]
    theirs = [image for image in unstated if await _may_state(question, image, tx)]
    stating = [image for image in theirs if image.held_for not in ASKED_ABOUT] or theirs
    if unstated and not theirs:
        image = unstated[0]
        await write(tx, EntryKind.ANSWER, image, image.patient_id, question.person_id, reason.reason, {})
    together: list[Image] = []
    for image in unstated:
        stated = await _stated(tx, image, reason) if image in stating else UNSTATED
        together += await _apply_quietly(tx, image, stated, image.sender_id if image in stating else "bot")
    await _acknowledge_together(tx, together)


async def _may_state(question: Question, image: Image, tx: Transaction) -> bool:
    """Return whether whoever was asked may still say what it is about (R28)."""
    known = bool(image.patient_id)
    return not known or bool(may_send(await tx.circle(image.patient_id), question.person_id, tx.today))


async def _stated(tx: Transaction, image: Image, given: ReasonGiven) -> PurposeStated:
    return PurposeStated(given.purpose, await shortened(tx, image, given.reason), "answer")


async def _apply_quietly(tx: Transaction, image: Image, event: PatientChosen | PurposeStated, by: Actor) -> list[Image]:
    """Apply without its own acknowledgement; return it if it can be acknowledged together with others."""
    captured = image.state is State.CAPTURED
    after = await apply(tx, image, event, by=by, unanswered=captured)
    return [after] if captured and after.state is State.READY and not image.acknowledged else []


async def _acknowledge_together(tx: Transaction, images: list[Image]) -> None:
    if images:
        await acknowledge(tx, *images)


async def _images(question: Question, tx: Transaction) -> list[Image]:
    return await tx.rows.images.among(question.image_ids) if question.image_ids else []


async def question_due(tx: Transaction, question_id: QuestionId) -> None:
    """No answer came: care with the reason not stated (R1); whose photo, or a deletion, is for a person to settle."""
    question = await tx.rows.questions.get(question_id)
    if question.state is not QuestionState.OPEN:
        return
    await tx.audit("bot", "question.unanswered", question.id, about=question.about.value)
    images = await _images(question, tx)
    if question.about is About.REASON:
        await tx.rows.questions.save(question_after(question, NotAnswered()))
        together: list[Image] = []
        for image in images:
            if Missing.PURPOSE in what_is_missing(image):
                together += await _apply_quietly(tx, image, UNSTATED, "bot")
        await _acknowledge_together(tx, together)
        return
    for image in images:
        if question.about is About.WITHDRAW and image.in_record:
            await tell_of_unanswered(image, tx)
        elif question.about is About.PATIENT:
            if Missing.PURPOSE in what_is_missing(image):
                await apply(tx, image, UNSTATED, by="bot")
            await tx.tell_practice(to_the_team.waits_for_match(image.ref), image_id=image.id)
        elif image.state is State.HELD:
            await tx.tell_practice(to_the_team.needs_a_person(image), image_id=image.id)
