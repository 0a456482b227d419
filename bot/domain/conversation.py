"""Questions the bot has asked and waits for. Several photos in a row share one question; every wait has a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .identifiers import (
    BurstId,
    ImageId,
    PatientId,
    PersonId,
    QuestionId,
)


class About(StrEnum):
    REASON = "reason"  # what is this photo about? (R1)
    PATIENT = "patient"  # whose photo is it? (R15)
    WITHDRAW = "withdraw"  # you deleted it: should it be withdrawn?
    STATEMENT = "statement"  # what a colleague says of a photo: patient, consent … (R2)
    DELETED = "deleted"  # did you delete it from your own device? (R18)


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
class Burst:
    """Photos of one sender that are safe and not told of yet, because more of theirs are on their way.

    `to_answer`: those of them that nothing more is asked about.
    """

    id: BurstId
    sender_id: PersonId
    image_ids: tuple[ImageId, ...]
    to_answer: tuple[ImageId, ...] = ()
    version: int = 0


# After this silence a new conversation begins: its first answer says again what the bot is not for, and the hours.
SILENCE = timedelta(hours=4)


def begins_anew(last_heard_at: datetime | None, now: datetime) -> bool:
    return last_heard_at is None or now - last_heard_at > SILENCE


YES = frozenset(
    {"yes", "y", "yep", "yeah", "ja", "oui", "si", "ok", "okay", "correct", "that's me", "thats me", "right"}
)
NO = frozenset({"no", "n", "nope", "nein", "non", "wrong", "not me"})


def yes_or_no(text: str) -> bool | None:
    """True, False, or None when the words are anything more than a plain yes or no ("yes but" is neither)."""
    word = text.strip().strip(".!,").casefold()
    return True if word in YES else False if word in NO else None
