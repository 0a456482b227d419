"""Questions the bot has asked and waits for. Several photos in a row share one question; every wait has a deadline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from .errors import Refused
from .identifiers import BurstId, ImageId, PatientId, PersonId, QuestionId
from .message import message


class About(StrEnum):
    REASON = "reason"  # what is this photo about? (R1)
    PATIENT = "patient"  # whose photo is it? (R15)
    WITHDRAW = "withdraw"  # you deleted it: should it be withdrawn?
    STATEMENT = "statement"  # what a colleague says of a photo: patient, consent … (R2)
    DELETED = "deleted"  # did you delete it from your own device? (R18)


class Open(StrEnum):
    """What the bot asked this person, and still waits for."""

    REASON = "reason"
    WITHDRAW = "withdraw"
    WHICH = "which"  # which photo, or whose
    CONSENT = "consent"
    CONFIRM = "confirm"  # is this you?


class QuestionState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Question:
    id: QuestionId
    person_id: PersonId
    about: About
    image_ids: tuple[ImageId, ...]
    choices: tuple[PatientId, ...]  # in the order shown
    asked_at: datetime
    deadline: datetime
    state: QuestionState = QuestionState.OPEN
    version: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer came, by a tap or in words; late as well, where a late answer still counts."""


@dataclass(frozen=True, slots=True)
class NotAnswered:
    """The time for answering is over."""


@dataclass(frozen=True, slots=True)
class AskedAnew:
    """The answer that was given does not hold any more."""


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """It was just asked again: what must come next is counted from now."""

    at: datetime


@dataclass(frozen=True, slots=True)
class PhotoJoined:
    """Another photo came right after, before a word was said: one question is about both (R15)."""

    image_id: ImageId


@dataclass(frozen=True, slots=True)
class PhotoSettled:
    """Nothing more is to be asked about this photo."""

    image_id: ImageId


@dataclass(frozen=True, slots=True)
class ReasonWanted:
    """It was said whose photos they are, but not what these of them are about: that is asked from now on."""

    image_ids: tuple[ImageId, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class PhotoDestroyed:
    """One of its photos is destroyed: the patients one could choose from are forgotten (R23)."""


QuestionEvent = (
    Answered | NotAnswered | AskedAnew | AskedAgain | PhotoJoined | PhotoSettled | ReasonWanted | PhotoDestroyed
)


def question_after(question: Question, event: QuestionEvent) -> Question:
    """Return the question after `event`; `Refused` where the table says so."""
    return QUESTIONS[question.state, type(event)](question, event)


def _to(state: QuestionState) -> Callable[[Question, QuestionEvent], Question]:
    return lambda question, event: replace(question, state=state)


def _asked_again(question: Question, event: AskedAgain) -> Question:
    return replace(question, asked_at=event.at)


def _joined(question: Question, event: PhotoJoined) -> Question:
    return replace(question, image_ids=(*question.image_ids, event.image_id))


def _settled(question: Question, event: PhotoSettled) -> Question:
    """Take this photo out of the question; without its last photo the question is answered."""
    rest = tuple(image_id for image_id in question.image_ids if image_id != event.image_id)
    return replace(question, image_ids=rest, state=QuestionState.OPEN if rest else QuestionState.ANSWERED)


def _reason_wanted(question: Question, event: ReasonWanted) -> Question:
    return replace(question, about=About.REASON, image_ids=event.image_ids, asked_at=event.at)


def _forgotten(question: Question, event: PhotoDestroyed) -> Question:
    return replace(question, choices=())


def _stay(question: Question, event: QuestionEvent) -> Question:
    return question


def _too_late(question: Question, event: QuestionEvent) -> Question:
    raise Refused(message("about_states.question_is_over"), "R15")


_OVER: dict[type, Callable[..., Question]] = {
    Answered: _to(QuestionState.ANSWERED),
    NotAnswered: _stay,
    AskedAnew: _to(QuestionState.OPEN),
    AskedAgain: _stay,
    PhotoJoined: _too_late,
    PhotoSettled: _stay,
    ReasonWanted: _too_late,
    PhotoDestroyed: _forgotten,
}

_BY_STATE: dict[QuestionState, dict[type, Callable[..., Question]]] = {
    QuestionState.OPEN: {
        Answered: _to(QuestionState.ANSWERED),
        NotAnswered: _to(QuestionState.UNANSWERED),
        AskedAnew: _stay,
        AskedAgain: _asked_again,
        PhotoJoined: _joined,
        PhotoSettled: _settled,
        ReasonWanted: _reason_wanted,
        PhotoDestroyed: _forgotten,
    },
    QuestionState.ANSWERED: _OVER,
    QuestionState.UNANSWERED: _OVER,
}

QUESTIONS: dict[tuple[QuestionState, type], Callable[..., Question]] = {
    (state, event): cell for state, cells in _BY_STATE.items() for event, cell in cells.items()
}


@dataclass(frozen=True, slots=True)
class Burst:
    """Photos of one sender that are safe and that nobody was told of yet, because more of theirs are on their way.

    `to_answer`: those of them about which nothing more is asked.
    """

    id: BurstId
    sender_id: PersonId
    image_ids: tuple[ImageId, ...]
    to_answer: tuple[ImageId, ...] = ()
    version: int = 0

    @property
    def is_full(self) -> bool:
        """Return whether people are told of these photos now, whatever else is on its way."""
        return len(self.image_ids) >= MOST_TOLD_TOGETHER


# The team's line about more photos might be larger than a homeserver takes, and nobody would hear of them.
MOST_TOLD_TOGETHER = 10


def one_more_safe(burst: Burst, image_id: ImageId, *, to_answer: bool) -> Burst:
    """Return the burst with one photo more: people are told of it together with the others, once."""
    return replace(
        burst,
        image_ids=(*burst.image_ids, image_id),
        to_answer=(*burst.to_answer, image_id) if to_answer else burst.to_answer,
    )


# After this silence a new conversation begins: its first answer says again what the bot is not for, and the hours.
SILENCE = timedelta(hours=4)


def begins_anew(last_heard_at: datetime | None, now: datetime) -> bool:
    return last_heard_at is None or now - last_heard_at > SILENCE
