"""What somebody who speaks for a patient means by their words: one deed, or a puzzle (R34).

In this order. First what must never be swallowed: an alarm (told beside the deed, it changes none), stop and delete, a lost
phone.
Then what they ask for by name, a plain answer to what is open, a question. Only then an open question takes the words as its
answer; anything else is passed on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.deeds import (
    Answered,
    AskPractice,
    CorrectReason,
    Deed,
    HoldPhoto,
    LosePhone,
    PassOn,
    Puzzle,
    SayStop,
    SayWhoseItIsNot,
    StateReason,
    WriteAbout,
)

from .alarm import alarm_words
from .asking import asks
from .losing import loses_a_phone
from .plain import bare
from .taking_back import says_stop, takes_back
from .wanted import wanted
from .whose import shows_somebody_else
from .yes_no import plain_answer


class Open(StrEnum):
    """What the bot asked this person, and still waits for."""

    REASON = "reason"
    WITHDRAW = "withdraw"
    WHOSE = "whose"
    CONSENT = "consent"
    OTHER = "other"  # anything else that is answered by yes or no


@dataclass(frozen=True, slots=True)
class Said:
    """Words somebody wrote themselves, and what they hang on."""

    text: str
    open: frozenset[Open] = frozenset()
    replies: bool = False  # to a photo, or to words about one
    photos: int = 0  # of patients they speak for


@dataclass(frozen=True, slots=True)
class Heard:
    """What was meant, and the alarm words that stand in it."""

    deed: Deed | Puzzle
    alarm: tuple[str, ...] = ()


_TAKES_YES_OR_NO = frozenset({Open.WITHDRAW, Open.CONSENT, Open.OTHER})
_COURTESY = frozenset(
    [
        "thanks",
        "thank",
        "you",
        "ty",
        "ta",
        "cheers",
        "thankyou",
        "thx",
        "hi",
        "hello",
        "hey",
        "good",
        "morning",
        "afternoon",
        "evening",
        "night",
        "bye",
        "goodbye",
        "great",
        "perfect",
        "lovely",
        "awesome",
        "brilliant",
        "fine",
        "ok",
        "okay",
        "cool",
        "nice",
        "day",
        "have",
        "a",
        "much",
        "so",
        "very",
        "many",
        "appreciated",
        "appreciate",
        "it",
        "that",
        "doctor",
        "dr",
        "will",
        "do",
        "noted",
        "understood",
        "got",
        "no",
        "worries",
        "problem",
        "all",
        "done",
        "sent",
        "for",
        "your",
        "help",
        "again",
        "team",
        "everyone",
        "love",
        "kind",
        "regards",
        "best",
        "wishes",
        "god",
        "bless",
        "merci",
        "gracias",
        "danke",
        "please",
        "welcome",
        "youre",
        "sorry",
        "the",
        "wait",
        "being",
        "late",
        "bother",
        "trouble",
        "delay",
        "there",
        "mate",
        "i",
        "am",
        "im",
        "here",
        "test",
        "testing",
        "see",
        "soon",
        "weekend",
        "too",
        "same",
        "to",
        "and",
    ]
)


def hear(said: Said, more_alarms: Iterable[str] = ()) -> Heard:
    """Return what the words mean; it changes nothing, and is the same for the same words and circumstances."""
    return Heard(_deed(said), alarm_words(said.text, more_alarms))


def _deed(said: Said) -> Deed | Puzzle:
    plainly, by_name = plain_answer(said.text), wanted(said.text)
    takes_it = plainly is not None and bool(said.open & _TAKES_YES_OR_NO or plainly.number)
    if says_stop(said.text) and Open.CONSENT not in said.open:
        return SayStop()
    if plainly is not None and takes_it and plainly.answer is not Answered.YES:
        return plainly
    if shows_somebody_else(said.text)[0]:
        return SayWhoseItIsNot()
    if isinstance(by_name, CorrectReason):
        return by_name
    if loses_a_phone(said.text):
        return LosePhone()
    if takes_back(said.text):
        return HoldPhoto()
    if by_name is not None:
        return by_name
    if plainly is not None:
        return Puzzle(("reason", "yes")) if Open.REASON in said.open and not takes_it else plainly
    return _other_words(said)


def _other_words(said: Said) -> Deed:
    """Return what words mean that neither answer nor ask for anything by name."""
    if asks(said.text):
        return AskPractice()
    if _is_courtesy(said.text):
        return PassOn()
    if said.open & {Open.REASON, Open.WHOSE} and not said.replies:
        return StateReason()
    return WriteAbout() if said.photos or said.replies else PassOn()


def _is_courtesy(text: str) -> bool:
    """Return whether the words are polite and say nothing else, or are no words at all: "thanks so much!", 🙏."""
    return all(word in _COURTESY for word in bare(text).split())
