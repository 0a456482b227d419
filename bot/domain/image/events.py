"""What can happen to an image, in the past tense. Facts and wishes; whether they change anything, the table decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.identifiers import ImageId, PatientId
from bot.domain.purposes import NOT_STATED, Purpose
from bot.domain.sealed import SealedObject
from bot.domain.statement import Statement

from .value import ReasonBy


@dataclass(frozen=True, slots=True)
class Captured:
    sealed: SealedObject
    media_type: str


@dataclass(frozen=True, slots=True)
class CaptureFailed:
    because: str  # a code of to_patients.CAPTURE_FAILED


@dataclass(frozen=True, slots=True)
class DuplicateFound:
    of_id: ImageId


@dataclass(frozen=True, slots=True)
class PurposeStated:
    purpose: Purpose
    reason: str
    by: ReasonBy


@dataclass(frozen=True, slots=True)
class PatientChosen:
    patient_id: PatientId


@dataclass(frozen=True, slots=True)
class Filed:
    at: datetime


@dataclass(frozen=True, slots=True)
class FilingFailed:
    because: str


@dataclass(frozen=True, slots=True)
class ReadBack:
    at: datetime
    matches: bool


@dataclass(frozen=True, slots=True)
class SenderDeleted:
    """The chat event was redacted. That is not authenticated, so it is never obeyed, only asked about."""


@dataclass(frozen=True, slots=True)
class AskedBack:
    """Somebody who speaks for its patient wrote words that may take it back. No message was deleted: they are asked (R34)."""


@dataclass(frozen=True, slots=True)
class WithdrawalAsked:
    """The sender, authenticated, wants the image not to be used."""


@dataclass(frozen=True, slots=True)
class KeepAsked:
    """The sender or the practice says to keep it and file it."""

    wanted_back: bool = False  # whoever may answer was asked whether to withdraw it, and has not said


@dataclass(frozen=True, slots=True)
class Discarded:
    because: str


@dataclass(frozen=True, slots=True)
class IdentityChanged:
    """The sender's cryptographic identity is no longer the pinned one."""


@dataclass(frozen=True, slots=True)
class SomebodyElse:
    """The sender says that it shows neither them nor anybody they answer for."""


@dataclass(frozen=True, slots=True)
class RefileConfirmed:
    """It is in the wrong patient's record: two identifiers of the right one were echoed and confirmed (R15)."""

    patient_id: PatientId


@dataclass(frozen=True, slots=True)
class Refiled:
    """The record now has it under the right patient."""

    at: datetime
    matches: bool  # when it was read back again (R16)


@dataclass(frozen=True, slots=True)
class RefilingFailed:
    because: str


@dataclass(frozen=True, slots=True)
class Described:
    """A colleague said something more about it. Whatever was attested before is no longer attested."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class Attested:
    """The sender stands for what was echoed: it helps the patient's care, and the consent is as described (R2)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class LeftWithSender:
    """The colleague who sent it keeps it, and is responsible for consent and storage (R4)."""


@dataclass(frozen=True, slots=True)
class OwnPhoto:
    """Somebody who is both a clinician and a patient sent it as a patient."""

    patient_id: PatientId  # "" = to be asked


@dataclass(frozen=True, slots=True)
class FormKept:
    """The signed form with this id is sealed."""

    form_id: ImageId


@dataclass(frozen=True, slots=True)
class FormLost:
    """The form with this id could not be fetched, or was taken back."""

    form_id: ImageId


@dataclass(frozen=True, slots=True)
class Unattested:
    """The time for attesting is over."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """Its time is over, nothing forbids destroying it, and a manager decided it: its key and all words about it go (R23)."""


@dataclass(frozen=True, slots=True)
class AttestedAnew:
    """The consent is attested for the patient it now belongs to, after it lay in a wrong record (R30)."""

    covers_advice: bool


@dataclass(frozen=True, slots=True)
class Stopped:
    """The patient stopped every further disclosure (R13)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody of the practice looked at it (R27)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A clinician takes it on."""

    by: str  # person


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The clinician who had taken it leaves."""

    to: str  # person; "" = nobody has it again


Noted = AttestedAnew | Stopped | Seen | Taken | HandedOver  # nothing follows, and each has a line of its own in the log

Event = (
    SomebodyElse
    | RefileConfirmed
    | Refiled
    | RefilingFailed
    | Captured
    | CaptureFailed
    | DuplicateFound
    | PurposeStated
    | PatientChosen
    | Filed
    | FilingFailed
    | ReadBack
    | SenderDeleted
    | AskedBack
    | WithdrawalAsked
    | KeepAsked
    | Discarded
    | IdentityChanged
    | Described
    | Attested
    | LeftWithSender
    | OwnPhoto
    | FormKept
    | FormLost
    | Unattested
    | Destroyed
    | AttestedAnew
    | Stopped
    | Seen
    | Taken
    | HandedOver
)

UNSTATED = PurposeStated(Purpose.CARE, NOT_STATED, "unanswered")
