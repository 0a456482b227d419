"""The one question about a photo sent by a patient: what is it about, whose is it, or both (R1, R15).

What is said of one patient is never taken as said of another: what photos of two are about is asked one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.polls import close_asking_whose
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.conversation import About, PhotoJoined, Question, question_after
from bot.domain.copies import asks
from bot.domain.identifiers import PersonId, QuestionId
from bot.domain.image import Image, what_is_missing
from bot.domain.intents import Hearing
from bot.domain.marks import Mark, Meaning
from bot.domain.message import Message
from bot.domain.people import Patient
from bot.domain.statement import Missing
from bot.words import to_patients


async def ask_what_is_missing(image: Image, patients: list[Patient], tx: Transaction) -> None:
    """Ask one question for everything that is missing, shared by photos sent in a row."""
    missing = what_is_missing(image)
    if not missing:
        return
    about = About.PATIENT if Missing.PATIENT in missing else About.REASON
    for question in await _asked(image.sender_id, about, tx):
        if question.deadline > tx.now and await _is_of_the_same(question, image, tx):
            await tx.rows.questions.save(question_after(question, PhotoJoined(image.id)))
            return
    ids = tuple(patient.id for patient in patients)
    deadline = tx.now + tx.policy.reason_deadline
    question = Question(QuestionId(tx.ids.new()), image.sender_id, about, (image.id,), ids, tx.now, deadline)
    if about is About.REASON:
        await ask_reason(question, [image], tx)
    await tx.rows.questions.add(question)
    await tx.remind("question", question.id, tx.policy.reason_deadline)
    if about is About.PATIENT:
        ask_them = to_patients.ask_patient_and_reason if Missing.PURPOSE in missing else to_patients.ask_patient
        await ask_whose(question, ask_them(patients), patients, tx)


async def ask_whose_others(
    before: Question, images: Sequence[Image], patients: Sequence[Patient | None], tx: Transaction
) -> None:
    """Ask whose these are, and name them: the question they shared with another photo was answered for that one (R15).

    Patients keep the numbers that they had; None stands for one who can't be chosen any more.
    """
    deadline = tx.now + tx.policy.reason_deadline
    ids = tuple(image.id for image in images)
    question = Question(
        QuestionId(tx.ids.new()), before.person_id, About.PATIENT, ids, before.choices, tx.now, deadline
    )
    await tx.rows.questions.add(question)
    await tx.remind("question", question.id, tx.policy.reason_deadline)
    await ask_whose_by_name(question, images, patients, tx)


async def ask_whose_by_name(
    question: Question, images: Sequence[Image], patients: Sequence[Patient | None], tx: Transaction
) -> None:
    """Ask whose these are that the question is about, by their references, and why they were sent where that is not known."""
    unstated = any(Missing.PURPOSE in what_is_missing(image) for image in images)
    ask_them = to_patients.ask_patient_and_reason if unstated else to_patients.ask_patient
    text = ask_them(patients, [image.ref for image in images])
    await ask_whose(question, text, [patient for patient in patients if patient], tx)


async def ask_whose(question: Question, text: Message | str, patients: Sequence[Patient], tx: Transaction) -> None:
    """Ask whose a photo is, with buttons that name the question; where it was asked before, that waits for no answer any more.

    It names patients, whose photos they may send still when it arrives (R28).
    """
    key = await close_asking_whose(tx, question)
    own, named = rooms.own(question.person_id), [patient.id for patient in patients]
    names = tuple(to_patients.who_is_meant(patient) for patient in patients)
    mark = Mark(Meaning.ASKS_WHOSE, whose=names, question=question.id)
    await tx.say(own, text, private=True, key=key, mark=mark, hearing=Hearing.SENDING, patient_ids=named)


async def ask_reason(question: Question, images: Sequence[Image], tx: Transaction) -> None:
    """Ask what these are about; while it is open what photos of another patient are about, that again first."""
    first = await _asked(question.person_id, About.REASON, tx)
    if not first:
        await _say_asking(question, to_patients.ask_reason(), tx)
        return
    before = await tx.rows.images.among(first[0].image_ids)
    text = to_patients.one_after_the_other([image.ref for image in before], [image.ref for image in images])
    await _say_asking(first[0], text, tx)


async def ask_next(person_id: PersonId, tx: Transaction) -> None:
    """Ask what the photos of the next patient are about, where photos of several wait for that."""
    following = await _asked(person_id, About.REASON, tx)
    if following:
        images = await tx.rows.images.among(following[0].image_ids)
        await _say_asking(following[0], to_patients.ask_reason_of([image.ref for image in images]), tx)


async def _say_asking(question: Question, text: Message, tx: Transaction) -> None:
    """Ask what photos are about, in a post that a reply can be known by."""
    await tx.say(rooms.own(question.person_id), text, private=True, key=asks(question.id))


async def _asked(person_id: PersonId, about: About, tx: Transaction) -> list[Question]:
    """Return what is open of this kind, the first asked first: it is what words answer that name no photo."""
    return sorted(await tx.rows.questions.open_of_person(person_id, about), key=lambda question: question.asked_at)


async def _is_of_the_same(question: Question, image: Image, tx: Transaction) -> bool:
    """Return whether the question is about photos of this one's patient; whose each is may not be known yet."""
    return {other.patient_id for other in await tx.rows.images.among(question.image_ids)} == {image.patient_id}
