"""Marks: what a message of the bot is and what it is about, for an app that reads no sentences. Pure.

A mark travels inside the ciphertext, beside the words that people read, under a key that other apps ignore. It says nothing
about health that the words do not say, and nothing that anybody must believe: what is tapped or written in answer is judged like
any other.
Whatever a practice or a translator makes of the words, the mark stays the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

KEY: Final = "org.consentry"


class Meaning(StrEnum):
    # joining
    ASKS_CODE = "asks-code"
    CODE_REFUSED = "code-refused"  # wrong, closed, locked or expired
    IS_THIS_YOU = "is-this-you"  # asked of colleagues
    ASKS_BIRTHDAY = "asks-birthday"
    BIRTHDAY_WRONG = "birthday-wrong"
    BIRTHDAY_LOCKED = "birthday-locked"  # wrong three times: the code is closed
    JOINED = "joined"
    WHO_YOU_ARE = "who-you-are"  # told once, to somebody who was just let in
    # photos
    PHOTO_SAFE = "photo-safe"
    PHOTOS_LISTED = "photos-listed"
    ASKS_WHOSE = "asks-whose"
    ANSWERS_FOR = "answers-for"
    # questions
    ASKED_IN_WORDS = "asked-in-words"  # the same, as a poll, is what follows
    CAN_BE_PUT_OFF = "can-be-put-off"  # a poll with answers that leave it open
    QUESTION_CLOSED = "question-closed"  # what that message asked can't be answered any more
    # anything else
    PLAIN = "plain"  # of which only `typed` matters


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of one message. `whose` are the patients to choose from, in the order of their numbers.

    `stays` are the ids of those answers to a poll that leave it open. `asked` is the event that asked what is closed.
    `question` is what an answer to `ASKS_WHOSE` names beside the patient, so that it answers no other. `typed` are the parts of
    the words that only say how to type an answer: an app that has buttons for it leaves them out.
    """

    id: Meaning
    refs: tuple[str, ...] = ()
    whose: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    asked: str = ""
    question: str = ""
    more: bool = False  # the list goes on
    typed: tuple[str, ...] = ()


ASKED_IN_WORDS: Final = Mark(Meaning.ASKED_IN_WORDS)


def marked(mark: Mark | None) -> dict[str, Any]:
    """Return what a mark adds to an event's content; nothing where there is none."""
    return {} if mark is None else {KEY: {name: value for name, value in asdict(mark).items() if value}}


def read_back(stored: Mapping[str, Any]) -> Mark:
    """Return a mark from storage. Raises KeyError, TypeError or ValueError for one of another version of the program."""
    several = {name: tuple(stored[name]) for name in ("refs", "whose", "stays", "typed") if name in stored}
    return Mark(**{**stored, **several, "id": Meaning(stored["id"])})
