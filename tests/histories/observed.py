"""Name what a history is made of: what people did, and what could be seen of it from outside.

Nothing here knows the product. Words and pictures are followed by marks: a nonce in every text, a pattern in every picture,
invented names, record numbers and accounts. A *person* is whom the practice takes somebody for.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

Account = NewType("Account", str)
Person = NewType("Person", str)
Mrn = NewType("Mrn", str)
Photo = NewType("Photo", str)  # the mark that is its pattern
Nonce = NewType("Nonce", str)  # the mark in a text
Code = NewType("Code", str)


class Relation(StrEnum):
    """What somebody is to a patient, as the practice recorded it."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    GROWN_CHILD = "grown-child"
    DECISION_MAKER = "decision-maker"


class Role(StrEnum):
    """What somebody is to the practice."""

    RECEPTION = "reception"
    CLINICIAN = "clinician"
    MANAGER = "manager"
    OUTSIDE = "outside"


class Kind(StrEnum):
    """What a picture shows."""

    BODY = "body"
    DOCUMENT = "document"


class Manner(StrEnum):
    """How words were said."""

    WORDS = "words"  # by a patient, or whoever answers for one
    REPLY = "reply"  # by a clinician to whom it concerns
    NOTE = "note"  # by a clinician, for the record
    CASE = "case"  # in the room shared with a colleague outside


ADVICE = "advice"  # the purpose that can be implied; every other purpose is a word of its own


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something was done in the world, at a time."""

    at: datetime


# --- people


@dataclass(frozen=True, kw_only=True)
class Held(Step):
    """An account is this person's from now on; its cryptographic identity is new if it was another's."""

    account: Account
    person: Person
    name: str


@dataclass(frozen=True, kw_only=True)
class Hired(Step):
    """Somebody works here (or is an outside clinician) under this account, called what the practice called them; unsaid, by the
    name they hold it by."""

    account: Account
    role: Role
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class StaffLeft(Step):
    """Somebody who worked here, or an outside clinician, left; *to* took over what they had under way."""

    account: Account
    to: Account | None = None


@dataclass(frozen=True, kw_only=True)
class PatientKnown(Step):
    """The practice has a patient of this number, name and birthday."""

    mrn: Mrn
    name: str
    born: date


@dataclass(frozen=True, kw_only=True)
class Invited(Step):
    """A member of staff made a code for somebody who is, or answers for, a patient."""

    code: Code
    by: Account
    mrn: Mrn
    relation: Relation
    name: str


@dataclass(frozen=True, kw_only=True)
class Redeemed(Step):
    """An account wrote the code, and confirmed it if that was asked: now it would take effect."""

    code: Code
    account: Account


@dataclass(frozen=True, kw_only=True)
class TellChosen(Step):
    """It was chosen, in answer to this event, that those it names are told of whom the code is for."""

    code: Code
    event_id: str


@dataclass(frozen=True, kw_only=True)
class SetOutToConfirm(Step):
    """Somebody of the staff asks who waits for a second person."""

    account: Account


@dataclass(frozen=True, kw_only=True)
class CodeWritten(Step):
    """An account wrote a right code: that alone tells it nothing of whom the code is about (R15)."""

    code: Code
    account: Account


@dataclass(frozen=True, kw_only=True)
class BirthdayWritten(Step):
    """An account that wrote a right code wrote a date of birth: if it is right, it may hear whom the code is about."""

    code: Code
    account: Account
    right: bool


@dataclass(frozen=True, kw_only=True)
class Commanded(Step):
    """Somebody of the staff told the assistant to do something: what it asks them then confirms nobody else's deed (R33)."""

    account: Account


@dataclass(frozen=True, kw_only=True)
class LinkEnded(Step):
    """Staff said that an account answers for a patient no more; *told* if it was chosen that it hears so."""

    by: Account
    account: Account
    mrn: Mrn
    told: bool = False


@dataclass(frozen=True, kw_only=True)
class NeverTheirs(Step):
    """It was said that a code had reached the wrong person: by staff, of one capacity for one patient; or by whoever had it,
    of all that they are here."""

    by: Account
    account: Account
    mrn: Mrn | None = None
    relation: Relation | None = None


@dataclass(frozen=True, kw_only=True)
class PhoneLost(Step):
    """A phone is reported lost: its account is paused."""

    account: Account


@dataclass(frozen=True, kw_only=True)
class IdentityChanged(Step):
    """An account shows up under an identity that is not the pinned one: it is paused."""

    account: Account


@dataclass(frozen=True, kw_only=True)
class Readmitted(Step):
    """The same person is back on a paused account, under an identity pinned for them."""

    account: Account


@dataclass(frozen=True, kw_only=True)
class Matured(Step):
    """A clinician attested that a child decides for themselves."""

    mrn: Mrn
    by: Account


@dataclass(frozen=True, kw_only=True)
class CapacityBack(Step):
    """A clinician gave an adult their capacity back."""

    mrn: Mrn
    by: Account


@dataclass(frozen=True, kw_only=True)
class Died(Step):
    """A patient's death was recorded."""

    mrn: Mrn


@dataclass(frozen=True, kw_only=True)
class DeathUndone(Step):
    """A manager and a second member of staff took the record of a death back."""

    mrn: Mrn
    by: Account
    second: Account | None = None


@dataclass(frozen=True, kw_only=True)
class PatientLeft(Step):
    """A patient left the practice: every account that spoke for them ended."""

    mrn: Mrn


# --- pictures


@dataclass(frozen=True, kw_only=True)
class PhotoSent(Step):
    """Somebody sent a picture, with a nonce as its words if it had any."""

    account: Account
    photo: Photo
    caption: Nonce | None = None
    kind: Kind = Kind.BODY
    as_patient: bool = False  # who works here said so; unsaid, they send as staff
    named: Mrn | None = None  # the record number they wrote with it


@dataclass(frozen=True, kw_only=True)
class Referenced(Step):
    """The practice calls a picture by this reference."""

    photo: Photo
    ref: str


@dataclass(frozen=True, kw_only=True)
class Placed(Step):
    """A member of staff said whose a picture is, by two identifiers, and confirmed it: matched, attested or re-filed."""

    by: Account
    photo: Photo
    mrn: Mrn


@dataclass(frozen=True, kw_only=True)
class Attested(Step):
    """A clinician attested what consent a colleague's picture has; *covers_advice* if sharing for advice was discussed."""

    by: Account
    photo: Photo
    covers_advice: bool


@dataclass(frozen=True, kw_only=True)
class Kept(Step):
    """The patient, or a clinician, decided that a picture on hold is kept."""

    by: Account
    photo: Photo


@dataclass(frozen=True, kw_only=True)
class SaidAnothers(Step):
    """Who sent a picture said that it shows somebody else than whom they speak for."""

    account: Account
    photo: Photo


@dataclass(frozen=True, kw_only=True)
class SaidWhose(Step):
    """Who sent a picture said which of those they answer for it is of."""

    account: Account
    photo: Photo
    mrn: Mrn


@dataclass(frozen=True, kw_only=True)
class MoveBegun(Step):
    """The record was told to move a picture that staff confirmed to be another patient's, and could not yet."""

    photo: Photo


@dataclass(frozen=True, kw_only=True)
class Withdrew(Step):
    """Somebody took back what they had agreed to, or stopped it."""

    account: Account
    photo: Photo


@dataclass(frozen=True, kw_only=True)
class WentOn(Step):
    """Somebody of the staff said that a picture may go on, after a no of somebody who could not be heard (R28a)."""

    by: Account
    photo: Photo


@dataclass(frozen=True, kw_only=True)
class Recalled(Step):
    """Everything of a picture that left was called back."""

    by: Account
    photo: Photo


@dataclass(frozen=True, kw_only=True)
class WordsDeleted(Step):
    """Somebody deleted in their app the last words they wrote."""

    account: Account


@dataclass(frozen=True, kw_only=True)
class Guessed(Step):
    """Somebody from outside named a record number and a birthday that are right together, or are not."""

    account: Account
    right: bool
    mrn: Mrn | None = None


# --- words and uses


@dataclass(frozen=True, kw_only=True)
class Said(Step):
    """Somebody wrote words that carry a nonce, about a picture if they name one."""

    account: Account
    nonce: Nonce
    manner: Manner
    photo: Photo | None = None
    by_reference: bool = False  # whether a patient names the photo by its reference; staff always do
    of: Mrn | None = None  # the patient whose name a patient's words give, as whom they are about


@dataclass(frozen=True, kw_only=True)
class AskedForTheirs(Step):
    """Somebody asked what is held about whom they speak for, or for a copy of it (R24)."""

    account: Account


@dataclass(frozen=True, kw_only=True)
class Asked(Step):
    """A clinician asked that pictures go to somebody, for a purpose, until a day; the nonce is in the request's words."""

    by: Account
    nonce: Nonce
    photos: tuple[Photo, ...]
    purpose: str
    recipient: Account
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Tapped(Step):
    """Somebody chose an answer of an event; *yes* is None where the answer is neither a yes nor a no."""

    account: Account
    event_id: str
    label: str
    yes: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Dropped(Step):
    """The server accepted an event and gave it to nobody."""

    event_id: str


@dataclass(frozen=True, kw_only=True)
class HeldBack(Step):
    """From now on nothing comes through to this account, until it is let through."""

    account: Account


@dataclass(frozen=True, kw_only=True)
class LetThrough(Step):
    """What was held back may come through."""

    account: Account


@dataclass(frozen=True, kw_only=True)
class ClockMoved(Step):
    """The practice's clock was set; *at* is the new time."""


# --- what could be seen


@dataclass(frozen=True)
class Tap:
    """An answer that can be chosen: its id, and what is written on it."""

    id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """The server gave an event of the assistant's to these accounts; *body* is all the text in it, also in a file."""

    at: datetime
    event_id: str
    readers: frozenset[Account]
    body: str = ""
    type: str = "m.room.message"
    room: str = ""
    taps: tuple[Tap, ...] = ()
    relates_to: str | None = None
    pictures: frozenset[Photo] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
class Filed:
    """The record has a new entry under this patient; *body* is all the text in it."""

    at: datetime
    entry: str
    mrn: Mrn
    body: str = ""
    kind: str = ""
    pictures: frozenset[Photo] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
class Unfiled:
    """The record does not have an entry any more."""

    at: datetime
    entry: str


@dataclass(frozen=True, kw_only=True)
class CopyLies:
    """A copy of an entry lies somewhere outside under this patient; *body* is all the text in it."""

    entry: str
    mrn: Mrn
    body: str = ""
    pictures: frozenset[Photo] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
class Lying:
    """All that lies in one place outside, after what was done had its effect; others than staff may read it, or not."""

    at: datetime
    place: str
    staff_only: bool
    copies: frozenset[CopyLies]


@dataclass(frozen=True, kw_only=True)
class Released:
    """A picture, or the words that came with it, reached somebody outside."""

    at: datetime
    event_id: str
    photo: Photo
    account: Account


@dataclass(frozen=True, kw_only=True)
class CalledBack:
    """Who asked was told that a reply is called back; *standing* are the assistant's events that were not deleted by then.

    *told* are the accounts that heard of its picture in the same moment.
    """

    at: datetime
    nonce: Nonce
    standing: frozenset[str]
    told: frozenset[Account]


Observation = Delivered | Filed | Unfiled | Lying | CalledBack
Event = Step | Observation


@dataclass(frozen=True)
class Fault:
    """A rule that is broken, and how."""

    rule: str
    why: str


@dataclass(frozen=True)
class Violation:
    """A rule was broken: by what came of which step, and who got what."""

    rule: str
    why: str
    who: str
    what: str
    step: int

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.rule}: {self.who} got {self.what}: {self.why} (step {self.step})"
