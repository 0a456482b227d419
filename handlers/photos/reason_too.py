"""A photo with words comes right after others without any: it is asked once, with a tap, whether these are about the same (R1).

The words of one photo are never taken for another's unasked, and only ever offered for photos of the same patient (R15).
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.polls import ask
from bot.core.transaction import Transaction
from bot.domain.choices import Choice
from bot.domain.conversation import About, QuestionState
from bot.domain.errors import Refused
from bot.domain.identifiers import ImageId, QuestionId
from bot.domain.image import Image
from bot.domain.message import Message
from bot.domain.people import Person
from bot.domain.purposes import ReasonGiven
from bot.words import phrases, to_patients

from .answer_question import state_reason

RIGHT_AFTER = timedelta(minutes=2)
_OTHER = "other"


async def ask_whether_too(said: Image, person: Person, tx: Transaction) -> None:
    """Ask about what was sent just before, while it is still asked what that is about."""
    for question in await tx.rows.questions.open_of_person(person.id, About.REASON):
        images = await tx.rows.images.among(question.image_ids)
        of_the_same = {image.patient_id for image in images} == {said.patient_id}
        if not of_the_same or tx.now - question.asked_at > RIGHT_AFTER or await tx.rows.choices.about(question.id):
            continue
        await ask(
            tx,
            person,
            to_patients.about_the_same([image.ref for image in images], said.reason),
            [(said.id, to_patients.ABOUT_THE_SAME), (_OTHER, to_patients.ABOUT_ANOTHER)],
            about="reason-too",
            subject=question.id,
            lasts=tx.policy.reason_deadline,
            image_id=said.id,
            needs_number=True,  # a "yes" meant for somebody else says nothing of a photo
        )


async def tapped(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Take the words for those photos too; or leave their question open."""
    question = await tx.rows.questions.get(QuestionId(choice.subject))
    if question.state is not QuestionState.OPEN or question.about is not About.REASON:
        raise Refused(phrases.answered_already())
    if choice.value == _OTHER:
        return to_patients.ask_reason()
    said = await tx.rows.images.get(ImageId(choice.value))
    images = await tx.rows.images.among(question.image_ids)
    if said.purpose is None or any(image.patient_id != said.patient_id for image in images):
        raise Refused(phrases.answered_already(), "R15")
    await state_reason(question, question.image_ids, ReasonGiven(said.purpose, said.reason), tx)
    return None
