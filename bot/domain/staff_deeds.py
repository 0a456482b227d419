"""What staff ask of the bot, and patients by an exact command: deeds with typed fields. `command_table` says how each is written.

A reference is `IMG-7F3K`, put right as far as people may mistype one; a record number and an account stand as they were typed.
Whether there is such a photo, patient or person, and whether it may be done, is decided by who does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .answering import LegalDemand
from .deeds import CorrectReason, GetCopy, SeeHelp, SeeImages
from .formal_names import FormalName, Sex
from .identifiers import Account
from .message import Message
from .people import Relation, Role
from .purposes import Purpose
from .statement import ConsentKind

# ---- the day's work


@dataclass(frozen=True, slots=True)
class SeeList:
    """Show what waits; more of it than was shown before."""

    more: bool = False


@dataclass(frozen=True, slots=True)
class SeeStatus:
    """Show what waits and what needs a person; of one photo, where it is and how sure that is (R35)."""

    ref: str | None = None


@dataclass(frozen=True, slots=True)
class TakePhoto:
    ref: str


@dataclass(frozen=True, slots=True)
class ShowPhoto:
    ref: str


@dataclass(frozen=True, slots=True)
class WriteNote:
    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class WriteReply:
    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class RetryGivenUp:
    """Try again what was given up."""


# ---- photos


@dataclass(frozen=True, slots=True)
class KeepHeld:
    """File a photo that is on hold; with two identifiers where its sender says that it shows somebody else."""

    ref: str
    whose: tuple[str, date] | None = None


@dataclass(frozen=True, slots=True)
class DiscardHeld:
    ref: str


@dataclass(frozen=True, slots=True)
class MatchPhoto:
    """Say whose photo it is, by two identifiers (R15)."""

    ref: str
    number: str
    born: date


@dataclass(frozen=True, slots=True)
class MovePhoto:
    """Move a filed photo to the right patient, named by two identifiers (R15)."""

    ref: str
    number: str
    born: date


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Withdraw a photo of one's own; without a reference, the only one."""

    ref: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentSaid:
    """What a line says of a patient's consent; None where it does not say."""

    consent: ConsentKind | None = None
    on: date | None = None
    given_by: Relation | None = None
    advice: bool = False
    unclear: Message | None = None  # what can't be told of a day in it


@dataclass(frozen=True, slots=True)
class AttestConsent:
    """Attest anew the consent to a photo that was moved (R30)."""

    ref: str
    agreed: ConsentSaid


@dataclass(frozen=True, slots=True)
class AskDeviceCheck:
    """Confirm that one's device is safe (R21)."""


# ---- uses


@dataclass(frozen=True, slots=True)
class AskAdvice:
    """Ask a colleague about a photo. `asked` begins with whom: where a name ends, the people who are called so decide."""

    ref: str
    asked: str


@dataclass(frozen=True, slots=True)
class UseWanted:
    """What somebody says of a use they ask for; None, or nobody, where they do not say."""

    purpose: Purpose | None = None
    how: str | None = None
    seen_by: str | None = None
    until: date | None = None
    venue: str | None = None
    recognisable: str | None = None
    recipients: tuple[Account, ...] = ()
    named: tuple[str, ...] = ()  # recipients too, without their accounts
    intimate: bool | None = None
    deidentified: bool = False


@dataclass(frozen=True, slots=True)
class AskUse:
    """Ask for any other use of some photos; what is not said yet is asked for (R9)."""

    refs: tuple[str, ...]
    wanted: UseWanted = UseWanted()


@dataclass(frozen=True, slots=True)
class CloseCase:
    summary: str


@dataclass(frozen=True, slots=True)
class LetUsesGoOn:
    """Let go on what is held because somebody paused said no (R28a)."""

    ref: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Hand over what the law requires (R13a)."""

    ref: str
    demand: LegalDemand


# ---- when something goes wrong


@dataclass(frozen=True, slots=True)
class CallBack:
    """Call back what reached the wrong person (R25)."""

    ref: str


@dataclass(frozen=True, slots=True)
class ReportLost:
    """A phone is lost: that of the person whom these words name, or one's own."""

    who: str | None = None


@dataclass(frozen=True, slots=True)
class LoseOwnPhone:
    """One's own phone is lost, said by its whole sentence: nothing more is asked."""


class BreachVerb(StrEnum):
    OUTCOME = "outcome"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class BreachEntry:
    verb: BreachVerb
    words: str


@dataclass(frozen=True, slots=True)
class AssessBreach:
    """List what is being assessed; with a reference show one, add a step to it, or close it (R25)."""

    ref: str | None = None
    entry: BreachEntry | None = None


# ---- people


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for a patient; without a name, the patient themselves."""

    relation: Relation = Relation.SELF
    name: str | None = None


@dataclass(frozen=True, slots=True)
class NewPatient:
    """`formal`: the name in its parts, where it was written so."""

    mrn: str
    name: str
    born: date
    answering: Answering = Answering()
    formal: FormalName | None = None
    sex: Sex | None = None


@dataclass(frozen=True, slots=True)
class NewColleague:
    role: Role
    account: Account
    name: str


@dataclass(frozen=True, slots=True)
class Enrol:
    """Invite somebody: a patient with two identifiers, or a colleague under one account."""

    whom: NewPatient | NewColleague


@dataclass(frozen=True, slots=True)
class FormalParts:
    name: FormalName
    sex: Sex | None = None


@dataclass(frozen=True, slots=True)
class TellNames:
    """Say which of a patient's names is the family name; their name stays the same."""

    number: str
    parts: FormalParts


@dataclass(frozen=True, slots=True)
class LinkAccount:
    """Invite another account for a patient who is enrolled already: a second phone, a parent, a guardian."""

    number: str
    answering: Answering = Answering()


@dataclass(frozen=True, slots=True)
class UnlinkAccount:
    number: str
    who: str


@dataclass(frozen=True, slots=True)
class ConfirmPerson:
    """Be the second person who knows somebody; without a number, list who waits (R33)."""

    number: str | None = None


class Capacity(StrEnum):
    HAS = "has"
    MATURE_MINOR = "mature-minor"


@dataclass(frozen=True, slots=True)
class AttestCapacity:
    number: str
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class EndWork:
    """Somebody who works here leaves; what is theirs passes to the successor, where one is named."""

    who: str
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class EndTreatment:
    """A patient leaves the practice."""

    number: str


@dataclass(frozen=True, slots=True)
class RecordDeath:
    number: str


@dataclass(frozen=True, slots=True)
class UndoDeath:
    number: str


@dataclass(frozen=True, slots=True)
class CompareEmoji:
    """Compare emoji with the person whom these words name, or with whoever asks."""

    who: str | None = None


# ---- retention


@dataclass(frozen=True, slots=True)
class SeeDue:
    """Show whose time of keeping is over; more than was shown before."""

    more: bool = False


@dataclass(frozen=True, slots=True)
class DestroyKept:
    """Destroy what is due. `named`: a record number, or a reference where no record has that number."""

    named: str
    stop_is_known: bool = False


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """Keep a photo, or everything of a patient, whatever its date; `named` as in `DestroyKept`."""

    named: str
    why: str


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    named: str


StaffDeed = (
    SeeList
    | SeeStatus
    | TakePhoto
    | ShowPhoto
    | WriteNote
    | WriteReply
    | RetryGivenUp
    | KeepHeld
    | DiscardHeld
    | MatchPhoto
    | MovePhoto
    | TakeBack
    | AttestConsent
    | AskDeviceCheck
    | AskAdvice
    | AskUse
    | CloseCase
    | LetUsesGoOn
    | HandOver
    | CallBack
    | ReportLost
    | LoseOwnPhone
    | AssessBreach
    | Enrol
    | LinkAccount
    | TellNames
    | UnlinkAccount
    | ConfirmPerson
    | AttestCapacity
    | EndWork
    | EndTreatment
    | RecordDeath
    | UndoDeath
    | CompareEmoji
    | SeeDue
    | DestroyKept
    | PlaceHold
    | ReleaseHold
    | SeeImages
    | GetCopy
    | CorrectReason
    | SeeHelp
)
