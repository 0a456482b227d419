"""What somebody asks of the bot by what they write: a deed, or a puzzle where it is not clear (R34).

A deed says what is wanted and holds nothing but that; whether it may be done, and about what, is decided by who does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .message import Message
from .purposes import ReasonGiven


class PlainAnswer(StrEnum):
    YES = "yes"
    NO = "no"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class GiveAnswer:
    """Answer what is open; with the numbers of requests, or the reference of a photo, where they are named.

    `bare`: a yes that says nothing else, and names nothing.
    """

    answer: PlainAnswer
    numbers: tuple[str, ...] = ()
    ref: str = ""
    bare: bool = False


@dataclass(frozen=True, slots=True)
class HoldPhoto:
    """Hold a photo until a tap says whether it is withdrawn: "delete that", "wrong photo", "don't use it".

    `just_agreed`: it may be a no to what they have just said yes to.
    """

    just_agreed: bool = False


@dataclass(frozen=True, slots=True)
class SayStop:
    """Stop, without a word of what."""


@dataclass(frozen=True, slots=True)
class LosePhone:
    """A phone is lost, or stolen; one tap confirms it."""


@dataclass(frozen=True, slots=True)
class AskPractice:
    """A question for the practice: answered from what is known, and passed on."""


@dataclass(frozen=True, slots=True)
class SayWhoseItIsNot:
    """The photo shows neither the sender nor anybody they answer for; `as_shown` in the words that the help shows."""

    as_shown: bool = False


@dataclass(frozen=True, slots=True)
class StateReason:
    """Say what the photo is about, because the bot asked."""


@dataclass(frozen=True, slots=True)
class WriteAbout:
    """Say something about a photo that is there: filed with it, and passed on."""


@dataclass(frozen=True, slots=True)
class PassOn:
    """Anything else: a person reads it."""


@dataclass(frozen=True, slots=True)
class RedeemCode:
    """A code from an invitation, wherever in the message it stands."""

    selector: str
    secret: str


@dataclass(frozen=True, slots=True)
class DenyBeing:
    """Somebody who was just let in says that they are not who the bot takes them for."""


@dataclass(frozen=True, slots=True)
class SeeImages:
    """Show what is held; more of it than was shown before."""

    more: bool = False


@dataclass(frozen=True, slots=True)
class GetCopy:
    """Send a copy of the record."""


@dataclass(frozen=True, slots=True)
class Correction:
    """The right words, as what the photo is about; unless they want it back, ask something or say nothing (R34)."""

    words: str
    reason: ReasonGiven
    wants_it_back: bool = False
    says_nothing: bool = False


@dataclass(frozen=True, slots=True)
class CorrectReason:
    """Put the recorded purpose or reason of a photo right."""

    ref: str
    said: Correction


@dataclass(frozen=True, slots=True)
class SeeHelp:
    """Show what can be asked, or how one command is written."""

    about: str | None = None


@dataclass(frozen=True, slots=True)
class Puzzle:
    """What the words may mean, where a careful person would ask."""

    likely: tuple[str, ...]


CaptionDeed = HoldPhoto | SayWhoseItIsNot | PassOn | StateReason
NOT_UNDERSTOOD = ("pass on", "hold")  # likely, where nothing in the words says what they mean


@dataclass(frozen=True, slots=True)
class Missaid:
    """What is wrong with words that are understood as far as that, in a sentence of its own; and the rule, if it is one's."""

    said: Message
    rule: str


Deed = (
    GiveAnswer
    | HoldPhoto
    | SayStop
    | LosePhone
    | AskPractice
    | SayWhoseItIsNot
    | StateReason
    | WriteAbout
    | PassOn
    | RedeemCode
    | DenyBeing
    | SeeImages
    | GetCopy
    | CorrectReason
    | SeeHelp
)

# ---- of those who are not, or not any more, heard


@dataclass(frozen=True, slots=True)
class WriteBirthday:
    """A patient's date of birth, after the patient's code; with it, perhaps, that it is somebody else's."""

    born: date | None = None
    unclear: Message | None = None  # what to ask, where it is not clear which day is meant
    is_anothers: bool = False


@dataclass(frozen=True, slots=True)
class SaidInLobby:
    """What was written where nobody is known yet: a code, or what is asked after one; None where it is neither."""

    deed: RedeemCode | WriteBirthday | GiveAnswer | None = None
    is_text: bool = True
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class SayNo:
    """A no, a stop or a withdrawal of somebody who may not be heard at the moment (R28a)."""

    refs: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()  # of polls
    stops: bool = False  # it takes something back, and does not only answer
