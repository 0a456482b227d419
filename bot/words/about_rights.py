"""What those to whom an image belongs are told of it: every consent and every disclosure, in plain words (R24).

What the law forbids to tell is not given to this page (R13a).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.consent import Answer, Consent, ConsentAnswer, Disclosure
from bot.domain.image import Image, State
from bot.domain.people import Patient
from bot.domain.purposes import Purpose, spoken
from bot.domain.use import Use

from .phrases import many, moment, quoted, reason_of

MOST_LINES = 12  # of one image, in one message
_SAID = {Answer.GRANTED: "said yes", Answer.REFUSED: "said no", Answer.WITHDRAWN: "took it back"}

NOTHING_HELD = "We hold no images from you."


NOT_HERE_YET = "not here yet, only in the chat"


def held_image(
    image: Image,
    patient: Patient,
    viewers: Sequence[str],
    shared: Sequence[tuple[str, Purpose]],
    agreed: Mapping[Purpose, bool],
    zone: ZoneInfo,
) -> str:
    """Describe an image that is held.

    `agreed` maps the purposes that were agreed to, to whether the reader of this agreed to them.
    """
    state = {
        State.VERIFIED: "in your record",
        State.FILED: "being checked in your record",
        State.READY: "on its way to your record",
        State.CAPTURED: "kept safely, waiting for your answer",
        State.RECEIVED: NOT_HERE_YET,
        State.HELD: "on hold, a person will look",
    }[image.state]
    nobody = [] if shared else ["Not seen by anyone yet."]
    seen = [f"Seen by {many(viewers)}."] if viewers else nobody
    given = [
        f"Shown to {name} for {'advice' if purpose is Purpose.CARE else spoken(purpose)}"
        f"{_on_what_ground(purpose, agreed)}."
        for name, purpose in shared
    ]
    ended = ["Any other use was stopped."] if image.stopped else []
    return (
        f"{image.ref}, {moment(image.received_at, zone)}, of {patient.name}: {state}. "
        f"For {spoken(image.purpose or Purpose.CARE)}, {reason_of(image)}. "
        f"{' '.join(seen + given + ended)}"
    )


def own_sending(image: Image, zone: ZoneInfo) -> str:
    """Tell a sender who may not answer for whom the photo shows: no name, and nothing of what became of it (R28)."""
    return f"{image.ref}, {moment(image.received_at, zone)}: on hold, until they or the practice decide whether it is kept."


def _on_what_ground(purpose: Purpose, agreed: Mapping[Purpose, bool]) -> str:
    if purpose is Purpose.CARE:
        return ""
    if purpose not in agreed:
        return ", while it lay in a wrong record"
    return ", as you agreed" if agreed[purpose] else ", as was agreed"


def consents_told(
    implied: Iterable[tuple[Consent, str]], asked: Iterable[tuple[ConsentAnswer, Use, str]], zone: ZoneInfo
) -> Iterator[str]:
    """Yield a sentence for each consent, with the name of the person who gave it."""
    for consent, who in implied:
        yield f"{moment(consent.at, zone)}: {who} sent it for {spoken(consent.purpose)}, and for nothing else."
    for answer, use, who in asked:
        until = f", until {moment(use.until, zone)}" if use.until else ""
        purpose = "advice" if use.is_advice else spoken(use.purpose)
        yield (
            f"{moment(answer.at, zone)}: {who} {_SAID[answer.answer]}: {purpose}, {quoted(use.how)}, "
            f"for {many(list(use.recipients))}{until}."
        )


def disclosures_told(disclosures: Iterable[tuple[Disclosure, str]], zone: ZoneInfo) -> Iterator[str]:
    """Yield a sentence for each look and each copy, with the name of the person who got it (R31).

    With whom an image was shared is told beside the image.
    """
    for disclosure, who in disclosures:
        when = moment(disclosure.at, zone)
        match disclosure.how:
            case "viewed":
                yield f"{when}: {who} looked at it."
            case "own-copy-stored":
                yield f"{when}: {who} keeps a copy in their own record, as their duties ask."
            case "required-by-law":
                yield f"{when}: given to {disclosure.detail or OF_ANOTHER}, as the law requires."
            case "copy":
                yield f"{when}: {who} got a copy."


OF_ANOTHER = "somebody, while it lay in a wrong record"  # the basis is for that patient to know


def whole_story(head: str, lines: Iterable[str]) -> str:
    told = list(lines)
    left_out = len(told) - MOST_LINES
    if left_out > 0:
        told = [f"({left_out} earlier lines are left out; “my copy” has them all)", *told[-MOST_LINES:]]
    return "\n".join((head, *(f"· {line}" for line in told)))


def how_to_take_back(example: str) -> str:
    return f"To stop a use, or to take a photo back, write for example “withdraw {example}”."


# ---- a copy of the record

WHOSE_COPY = "Whose record would you like a copy of?"
GATHERING = "I am gathering it. It comes here, in a moment."
NOTHING_TO_COPY = (
    "There is nothing filed that I can copy for you at the moment. If you miss something, please ask the practice."
)
COPY_ON_ITS_WAY = "Your copy is on its way already."
NOT_YOUR_COPY = "I can only send a copy to the person who decides for a patient. Please ask {practice}."
TOO_MUCH = "The record is too large to send here. Please ask the practice: they hand the copy over in another way."
COPY_FAILED = "The copy could not be made whole. Nothing is lost; the practice is told and will help you."
COPY_INTERRUPTED = (
    "I was interrupted while sending your copy. If a part of it is missing, please write “my copy” again."
)


def copy_follows(files: int, lasts: timedelta, replaced: bool = False) -> str:
    number = "one file follows" if files == 1 else f"{files} files follow"
    earlier = " The earlier one goes from this chat." if replaced else ""
    return (
        f"Your copy: {number}, as zip. Open index.html in it to read; the photos are the originals, as they were sent. Please save "
        f"it within {lasts.days} days: then it disappears from this chat. What you save is yours to keep safe.{earlier}"
    )
