"""The one question about a photo sent by a patient: what is it about, whose is it, or both (R1, R15)."""

from __future__ import annotations

from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.conversation import About, PhotoJoined, Question, question_after
from bot.domain.identifiers import QuestionId
from bot.domain.image import Image, what_is_missing
from bot.domain.marks import Mark, Meaning
from bot.domain.message import Message
from bot.domain.people import Patient
from bot.domain.statement import Missing
from bot.words import to_patients


async def ask_what_is_missing(image: Image, patients: list[Patient], tx: Transaction) -> Message | None:
    """Ask one question for everything that is missing, shared by photos sent in a row; return it unless it is said already."""
    missing = what_is_missing(image)
    if not missing:
        return None
    about = About.PATIENT if Missing.PATIENT in missing else About.REASON
    open_now = await tx.rows.questions.open_of_person(image.sender_id)
    for question in open_now:
        if question.about is about and question.deadline > tx.now:
            await tx.rows.questions.save(question_after(question, PhotoJoined(image.id)))
            return None
    ids = tuple(patient.id for patient in patients)
    deadline = tx.now + tx.policy.reason_deadline
    question = Question(QuestionId(tx.ids.new()), image.sender_id, about, (image.id,), ids, tx.now, deadline)
    await tx.rows.questions.add(question)
    await tx.remind("question", question.id, tx.policy.reason_deadline)
    if about is About.REASON:
        return to_patients.ask_reason()
    ask = to_patients.ask_patient_and_reason if Missing.PURPOSE in missing else to_patients.ask_patient
    whose = Mark(Meaning.ASKS_WHOSE, whose=tuple(to_patients.who_is_meant(patient) for patient in patients))
    await tx.say(rooms.own(image.sender_id), ask(patients), private=True, mark=whose)  # it names patients
    return None
