"""Of several photos it is asked whose each is, and an answer fits more than one: a tap says which it is for (R15).

Photos sent in a row are one question, and an answer is for them all. These were sent apart, and may show different people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.dispatch import Request
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.domain.authority import may_send
from bot.domain.choices import Choice
from bot.domain.conversation import About, Question, QuestionState
from bot.domain.errors import Refused
from bot.domain.identifiers import ImageId, QuestionId
from bot.domain.intents import Hearing
from bot.domain.message import Message
from bot.domain.people import Patient
from bot.domain.words_said import Numbered
from bot.words import about_whose, phrases

from .answer_question import choose_patient

TIME_TO_ANSWER = timedelta(days=1)
MOST_OFFERED = 8  # answers in one poll
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Fit:
    """A question that an answer fits, and the patient whom it then means, by their number there."""

    question: Question
    number: int
    patient: Patient


async def fits(said: Numbered, first: Question, others: Sequence[Question], tx: Transaction) -> list[Fit]:
    """Return what the answer may mean, the latest question first.

    It was read by the list of the `first`. Where another lists different people, it may be their number there, or who was meant.
    """
    if not 1 <= said.number <= len(first.choices):
        return []
    meant = first.choices[said.number - 1]
    found: list[Fit] = []
    for question in sorted((first, *others), key=lambda one: one.asked_at, reverse=True):
        by_name = question.choices.index(meant) + 1 if meant in question.choices else said.number
        for number in dict.fromkeys((said.number, by_name)):
            if number <= len(question.choices):
                circle = await tx.circle(question.choices[number - 1])
                if may_send(circle, question.person_id, tx.today):
                    found.append(Fit(question, number, circle.patient))
    return found


async def ask_which_photo(found: Sequence[Fit], request: Request, tx: Transaction) -> None:
    """Ask which photo the answer is for, by its reference and by whose it would be; nothing is done to any meanwhile."""
    offered = found[:MOST_OFFERED]
    answers: list[tuple[str, str]] = []
    for fit in offered:
        refs = [image.ref for image in await tx.rows.images.among(fit.question.image_ids)]
        value = f"{fit.question.id}>{fit.number}>{','.join(fit.question.image_ids)}"
        answers.append((value, about_whose.photo_of(refs, fit.patient)))
    for fit in found:
        await close_polls(tx, fit.question.id)
    await tx.ledger_message(request.arrival)
    await ask(
        tx,
        request.person,
        about_whose.WHICH_PHOTO,
        [*answers, (_NONE, about_whose.NONE_OF_THEM)],
        about="which-photo",
        subject=offered[0].question.id,
        lasts=TIME_TO_ANSWER,
        hearing=Hearing.SENDING,
        patient_ids=list(dict.fromkeys(fit.patient.id for fit in offered)),
    )


async def tapped(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Take it as said of the photos that the tap named, if it is asked still whose they are."""
    if choice.value == _NONE:
        return about_whose.none_of_them()
    asked, number, named = choice.value.split(">")
    question = await tx.rows.questions.get(QuestionId(asked))
    meant = tuple(ImageId(one) for one in named.split(",") if one in question.image_ids)
    if question.about is not About.PATIENT or question.state is not QuestionState.OPEN or not meant:
        raise Refused(phrases.answered_already(), "R15")
    return await choose_patient(question, meant, Numbered(int(number), ""), request, tx)
