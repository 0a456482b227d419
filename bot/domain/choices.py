"""Taps: the answers of an encrypted poll. An answer's id is a one-time secret bound to a person, a subject and an expiry time.

The id travels inside the ciphertext, so neither the homeserver nor another member can point a "yes" at another question
(relations stand outside what is encrypted, and prove nothing). The same answer can be given in words: its label, with the
poll's number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from .identifiers import NO_COPY, ChoiceId, CopyId, PersonId, PollId

# `handlers.HOUSE` says who handles each. The names here stand in databases too: once given, a name stays.
TapAbout = Literal[
    "access-told",
    "attest",
    "attest-anew",
    "attest-related",
    "compare-emoji",
    "confirm-access",
    "deleted-own",
    "destroy",
    "destroy-words",
    "device-check",
    "died",
    "keep-photo",
    "leaves",
    "list-more",
    "match",
    "my-copy",
    "not-dead",
    "own-copy",
    "patient-leaves",
    "phone-lost",
    "reason-too",
    "recall-answer",
    "recall-reply",
    "refile",
    "reply",
    "specific-consent",
    "statement",
    "stop-what",
    "tell-of-access",
    "unlink",
    "use-detail",
    "which-photo",
    "whom-to-ask",
    "whose-after-all",
    "withdraw-photo",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer. `about` names who handles it, `subject` what it is about, `value` what it means."""

    id: ChoiceId
    poll_id: PollId
    number: str  # four digits, spoken with a label: "yes 4821"; "" where only a tap counts
    person_id: PersonId
    about: TapAbout
    subject: str
    value: str
    label: str
    expires_at: datetime
    needs_number: bool = False
    used_at: datetime | None = None
    digest: str = ""  # SHA-256 (hex) of the words that stand in the event it is an answer to (R32)
    copy_id: CopyId = NO_COPY  # the post that carries it: a question that was not sent can't be answered
    version: int = 0


def is_late_no(choice: Choice, at: datetime) -> bool:
    """Return whether this is a no to a request for consent that is over: it is still a no (R29a)."""
    over = choice.used_at is not None or at >= choice.expires_at
    return over and choice.about == "specific-consent" and choice.value == "no"


def spent(choice: Choice, at: datetime) -> Choice:
    """Return the choice as it is once nobody can make it any more: it or another was made, or the question was dropped."""
    return choice if choice.used_at else replace(choice, used_at=at)


def put_again(choice: Choice) -> Choice:
    """Return the choice as it is when its question was only put off: it can be made until it expires."""
    return replace(choice, used_at=None)


def emptied_choice(choice: Choice, at: datetime) -> Choice:
    """Return what is left of the choice once the thing it was about is destroyed: that there was one (R23)."""
    return replace(spent(choice, at), label="", value="")


def digest_of(text: str) -> str:
    """Return what binds an answer to the words it was given to: a digest of exactly the words that stand in the event (R32)."""
    return hashlib.sha256(text.encode()).hexdigest()


def chosen_in_words(text: str, choices: Iterable[Choice], at: datetime) -> Choice | None:
    """Return the open choice that these words mean: label and number, or the bare label where it means just one thing."""
    words = _as_typed(text)
    still = [choice for choice in choices if choice.used_at is None and at < choice.expires_at and choice.number]
    numbered = [choice for choice in still if words in _with_number(choice)]
    if numbered:
        return numbered[0] if len(numbered) == 1 else None
    bare = [choice for choice in still if words == spoken(choice.label) and not choice.needs_number]
    return bare[0] if len(bare) == 1 else None


def almost_chosen(text: str, choices: Iterable[Choice], at: datetime) -> Choice | None:
    """Return the latest open choice that these words seem to be about without being an answer: "yes, but …"."""
    words = text.casefold()
    first = words.split(maxsplit=1)[0].strip(",.!;:") if words.strip() else ""
    still = [choice for choice in choices if choice.used_at is None and at < choice.expires_at and choice.number][::-1]
    numbered = next((choice for choice in still if choice.needs_number and choice.number in words), None)
    return numbered or next(
        (choice for choice in still if first and first in {*_ANSWER_WORDS, spoken(choice.label)}), None
    )


_ANSWER_WORDS = frozenset({"yes", "no", "ok", "okay", "yeah", "nope", "sure", "agree", "agreed"})


def named_in_words(text: str, choices: Iterable[Choice]) -> Choice | None:
    """Return the choice that words like "yes 4821" name, whether or not it can still be made."""
    words = _as_typed(text)
    named = [choice for choice in choices if words in _with_number(choice)]
    return named[-1] if named else None


def _with_number(choice: Choice) -> tuple[str, str]:
    return f"{spoken(choice.label)} {choice.number}", f"{_as_typed(choice.label)} {choice.number}"


def _as_typed(text: str) -> str:
    """Return the words without what people add or leave out on a phone: "Yes,  4821. 👍" says "yes 4821". Question marks stay."""
    return _bare(text).casefold()


def _bare(text: str) -> str:
    return " ".join("".join(" " if letter in _ADDED else letter for letter in text).split())


_ADDED = frozenset(",.!;👍👌🙂😊😀😃😄😁🙏✅\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")


def spoken(label: str) -> str:
    """Return the part of a label that people type: "Yes, it concerns that" is answered by "yes"."""
    return _as_typed(label.split(",", maxsplit=1)[0])


def told_apart(labels: Sequence[str]) -> list[str]:
    """Return what people type for each label: the short form, or the whole of it where two begin alike."""
    short = [spoken(label) for label in labels]
    typed = [label if short.count(spoken(label)) > 1 else label.split(",", maxsplit=1)[0] for label in labels]
    return [answer if " " in (answer := _bare(words)) else answer.casefold() for words in typed]
