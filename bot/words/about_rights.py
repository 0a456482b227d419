"""What those to whom an image belongs are told of it: every consent and every disclosure, in plain words (R24).

What the law forbids to tell is not given to this page (R13a).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.consent import Answer, Consent, ConsentAnswer, Disclosure
from bot.domain.image import HeldFor, Image, State
from bot.domain.people import Patient
from bot.domain.purposes import Purpose, spoken
from bot.domain.use import Use

from .phrases import many, moment, quoted, reason_of
from .sentence import sentence
from .typed import typed

MOST_LINES = 12  # of one image, in one message
_SAID = {Answer.GRANTED: "said yes", Answer.REFUSED: "said no", Answer.WITHDRAWN: "took it back"}

NOTHING_HELD = "We hold no images from you."
NOTHING_MORE_HELD = "That was all that we hold from you."
NOT_HERE_YET = "not here yet, only in the chat"
PATIENTS = "the patient's"
READER = "you"

_A_PERSON_LOOKS = "on hold: a person will look at it"
_WHERE: Mapping[State, str] = MappingProxyType(
    {
        State.VERIFIED: "in the record",
        State.FILED: "being checked in the record",
        State.READY: "on its way to the record",
        State.CAPTURED: "kept safely, waiting for an answer",
        State.RECEIVED: NOT_HERE_YET,
        State.HELD: _A_PERSON_LOOKS,
        State.DISCARDED: "not kept",
        State.LEFT_WITH_SENDER: "not kept",
        State.DESTROYED: "destroyed",
    }
)
_ON_HOLD: Mapping[HeldFor, str] = MappingProxyType(
    {
        **dict.fromkeys(HeldFor, _A_PERSON_LOOKS),
        HeldFor.SOMEBODY_ELSE: "on hold until it is settled whose it is and that it is kept; nobody is shown it",
        HeldFor.WITHDRAWAL: "taken back, and on its way out",
        HeldFor.FILING_FAILED: "kept safely, but not in the record yet; the practice was told",
        HeldFor.READ_BACK_DIFFERED: "on hold, because the record did not give back the same; a person will look",
    }
)
_OWN_ON_HOLD: Mapping[HeldFor, str] = MappingProxyType(
    {
        **_ON_HOLD,
        **dict.fromkeys(HeldFor, _A_PERSON_LOOKS),
        HeldFor.SOMEBODY_ELSE: "on hold as somebody else’s, until the practice has settled whose it is; nobody is shown it",
        HeldFor.SENDER_DELETED: "on hold until you tap: you deleted its message, and I asked whether the photo goes too",
        HeldFor.ASKED_BACK: "on hold until you tap whether you take it back",
        HeldFor.IDENTITY_CHANGED: "on hold, because the security identity of your app changed; the practice will ask you",
    }
)


class Ground(IntEnum):
    """Who agreed to a purpose; of several, the greatest is said."""

    HELD_BACK = 0  # somebody of whom the reader may not know (R33a)
    SOMEBODY = 1
    READER = 2


_GROUNDS: Mapping[Ground, str] = MappingProxyType(
    {Ground.HELD_BACK: "", Ground.SOMEBODY: ", as was agreed", Ground.READER: ", as you agreed"}
)


@dataclass(frozen=True, slots=True)
class SeenBy:
    """The names of those who looked, and of those it was shared with and for what, as far as the reader may hear of them.

    `by_anybody`: it was given to any of them, or in any other way.
    """

    viewers: Sequence[str]
    shared: Sequence[tuple[str, Purpose]]
    by_anybody: bool


def where_it_is(image: Image, *, by_reader: bool, filed_by: str) -> str:
    """Say how it stands with an image, to its sender or somebody else who may hear of it; `filed_by` names the colleague.

    What its sender did or was asked is for the sender alone to hear (R33a).
    """
    if image.state is State.HELD and image.held_for is not None:
        return (_OWN_ON_HOLD if by_reader else _ON_HOLD)[image.held_for]
    if image.in_record and filed_by:
        return f"{_WHERE[image.state]}, filed by {filed_by}"
    return _WHERE[image.state]


def held_image(
    image: Image,
    patient: Patient,
    where: str,
    seen: SeenBy,
    agreed: Mapping[Purpose, Ground],
    zone: ZoneInfo,
    *,
    reader_is_patient: bool = False,
    said_why: bool = True,
) -> str:
    """Describe an image that is held.

    `agreed` says on what ground each purpose stands that was agreed to. Without `said_why` the reader may not know who sent it,
    in which words, or who stopped its use (R33a).
    """
    given = [
        f"Shown to {name} for {'advice' if purpose is Purpose.CARE else spoken(purpose)}"
        f"{_on_what_ground(purpose, agreed)}."
        for name, purpose in seen.shared
    ]
    viewed = [f"Seen by {many(seen.viewers)}."] if seen.viewers else []
    nobody = [] if seen.by_anybody else ["Nobody is listed as having seen it."]
    ended = ["Any other use was stopped."] if image.stopped else []
    whose = "your" if reader_is_patient else f"{patient.name}'s"
    told = [
        f"{image.ref}, {moment(image.received_at, zone)}, of {patient.name}: {where}.",
        f"For {spoken(image.purpose or Purpose.CARE, whose)}{f', {reason_of(image)}' if said_why else ''}.",
    ]
    return " ".join(told + viewed + given + nobody + ended)


def own_sending(image: Image, zone: ZoneInfo, *, doubted: bool) -> str:
    """Tell a sender who may not answer for whom the photo shows, or doubts whom: no name, and nothing of what became of it."""
    held = (
        _OWN_ON_HOLD[HeldFor.SOMEBODY_ELSE]
        if doubted
        else "on hold, until they or the practice decide whether it is kept"
    )
    return f"{image.ref}, {moment(image.received_at, zone)}: {held}."


def _on_what_ground(purpose: Purpose, agreed: Mapping[Purpose, Ground]) -> str:
    if purpose is Purpose.CARE:
        return ""
    if purpose not in agreed:
        return ", while it lay in a wrong record"
    return _GROUNDS[agreed[purpose]]


def consents_told(
    implied: Iterable[tuple[Consent, str]],
    asked: Iterable[tuple[ConsentAnswer, Use, str]],
    zone: ZoneInfo,
    *,
    reader_is_patient: bool = False,
) -> Iterator[str]:
    """Yield a sentence for each consent, with the name of the person who gave it."""
    whose = "your" if reader_is_patient else PATIENTS
    for consent, who in implied:
        yield f"{moment(consent.at, zone)}: {who} sent it for {spoken(consent.purpose, whose)}, and for nothing else."
    for answer, use, who in asked:
        until = f", until {moment(use.until, zone)}" if use.until else ""
        purpose = "advice" if use.is_advice else spoken(use.purpose)
        yield (
            f"{moment(answer.at, zone)}: {who} {_SAID[answer.answer]}: {purpose}, {quoted(use.how)}, "
            f"for {many(list(use.recipients))}{until}."
        )


def disclosures_told(
    disclosures: Iterable[tuple[Disclosure, str]], on_their_way: Mapping[str, bool], zone: ZoneInfo
) -> Iterator[str]:
    """Yield a sentence for each look and each copy, with the name of the person who got it (R31).

    With whom an image was shared is told beside the image. `on_their_way`: those that nobody is known to have got yet, each with
    whether it may have arrived.
    """
    for disclosure, who in disclosures:
        when = moment(disclosure.at, zone)
        if disclosure.id in on_their_way:
            what = "a copy of it is on its way" if disclosure.how == "copy" else "on its way"
            yet = "I don't know yet whether it arrived" if on_their_way[disclosure.id] else "not there yet"
            yield f"{when}: {what} to {disclosure.detail or who}, {yet}."
            continue
        match disclosure.how:
            case "viewed":
                yield f"{when}: {who} looked at it."
            case "own-copy-stored":
                yield f"{when}: {who} keeps a copy in their own record, as their duties ask."
            case "required-by-law":
                yield f"{when}: given to {disclosure.detail or OF_ANOTHER}, as the law requires."
            case "stopped":
                yield f"{when}: stopped on its way to {disclosure.detail or who}."
            case "copy":
                yield f"{when}: {who} got a copy."


OF_ANOTHER = "somebody, while it lay in a wrong record"  # the basis is for that patient to know


def whole_story(head: str, lines: Iterable[str]) -> str:
    told = list(lines)
    left_out = len(told) - MOST_LINES
    if left_out > 0:
        told = [f"({left_out} earlier lines are left out{typed('; “my copy” has them all')})", *told[-MOST_LINES:]]
    return "\n".join((head, *(f"· {line}" for line in told)))


def how_to_take_back(example: str) -> str:
    return f"You can stop a use, or take a photo back{typed(f': write for example “withdraw {example}”')}."


# ---- a copy of the record

WHOSE_COPY = "Whose record would you like a copy of?"


@sentence
def gathering() -> str:
    return "I am putting your copy together. It will be here in a moment."


NOT_CLEANED = "This file can't be copied without what is hidden in it, such as the place. The practice has the original: please ask there."
NOT_CLEANED = "This file can't be copied without what may be hidden in it, such as the place. The practice has the original: please ask there."
NOT_READ = "This file could not be read when the copy was made. The practice is told: please ask there."


def not_in_your_copy(refs: Sequence[str]) -> str:
    return f"{many(refs)} could not be read, so your copy holds everything but that. The practice is told."


NOTHING_TO_COPY = (
    "There is nothing filed that I can copy for you at the moment. If you miss something, please ask the practice."
)


@sentence
def copy_on_its_way() -> str:
    return "Your copy is on its way already."


@sentence
def not_your_copy(practice: str) -> str:
    return f"I can only send a copy to the person who decides for a patient. Please ask {practice}."


TOO_MUCH = "The record is too large to send here. Please ask the practice: they hand the copy over in another way."
COPY_FAILED = "The copy could not be made whole. Nothing is lost; the practice is told and will help you."
COPY_INTERRUPTED = (
    "I was interrupted while sending your copy. If a part of it is missing, please write “my copy” again."
)


def copy_follows(files: int, lasts: timedelta, replaced: bool = False) -> str:
    number = "one zip file follows" if files == 1 else f"{files} zip files follow"
    earlier = " The earlier one goes from this chat." if replaced else ""
    return (
        f"Your copy: {number}. Open index.html in it to read; it says of each photo whether it is the original. Please save "
        f"it within {lasts.days} days: then it disappears from this chat. What you save is yours to keep safe.{earlier}"
    )
