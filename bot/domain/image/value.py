"""What is known of one image, and what must still be known before it can be filed (R14, R15, R20)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.domain.identifiers import NO_IMAGE, NO_PATIENT, NO_PERSON, EventId, ImageId, PatientId, PersonId, RoomId
from bot.domain.purposes import NOT_STATED, Purpose
from bot.domain.sealed import SealedObject
from bot.domain.statement import Missing, Statement, what_it_lacks
from bot.domain.use_rules import Kind, Source, Subject


class State(StrEnum):
    RECEIVED = "received"
    CAPTURED = "captured"
    READY = "ready"
    FILED = "filed"
    VERIFIED = "verified"
    HELD = "held"
    DISCARDED = "discarded"
    LEFT_WITH_SENDER = "left-with-sender"
    DESTROYED = "destroyed"  # at the end of its retention (R23)


IN_REACH = frozenset(State) - {State.DISCARDED, State.LEFT_WITH_SENDER, State.DESTROYED}


class HeldFor(StrEnum):
    """Why a person must look."""

    SENDER_DELETED = "sender-deleted"
    ASKED_BACK = "asked-back"  # words may take it back; whoever wrote them was asked
    WITHDRAWAL = "withdrawal"
    SOMEBODY_ELSE = "somebody-else"  # an unsolicited photo of another person: confirmed, never implied
    FILING_FAILED = "filing-failed"
    READ_BACK_DIFFERED = "read-back-differed"
    IDENTITY_CHANGED = "identity-changed"
    UNATTESTED = "unattested"
    UNMATCHED = "unmatched"  # attested by an outside clinician, with identifiers that are no patient's


# Where the reason for a photo was said, or that nobody said it in time.
ReasonBy = Literal["caption", "answer", "unanswered", "correction", "attestation"]


@dataclass(frozen=True, slots=True)
class Image:
    id: ImageId
    ref: str  # spoken, e.g. IMG-7F3K
    sender_id: PersonId
    room_id: RoomId
    event_id: EventId
    received_at: datetime
    state: State = State.RECEIVED
    patient_id: PatientId = NO_PATIENT
    purpose: Purpose | None = None
    reason: str = ""
    reason_by: ReasonBy | Literal[""] = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    sealed: SealedObject | None = None  # until the record has taken it over
    attachment: dict[str, object] = field(default_factory=dict)  # EncryptedFile, until captured
    proof: dict[str, object] = field(default_factory=dict)  # see docs/decisions.md, proof
    held_for: HeldFor | None = None
    deleted_by_sender: bool = False
    discarded_because: str = ""  # a code
    duplicate_of: ImageId = NO_IMAGE  # the one that is kept instead
    acknowledged: bool = False
    taken_by: PersonId = NO_PERSON
    source: Source = Source.PATIENT
    kind: Kind = Kind.BODY
    covers_advice: bool = False  # the colleague's consent discussion covered sharing for advice (R7)
    statement: Statement | None = None  # what a colleague says of it
    attested_at: datetime | None = None  # when they stood for it (R2)
    form_of: ImageId = NO_IMAGE  # a signed consent form: the image it belongs to
    stopped: bool = False  # the patient stopped every further disclosure (R13)
    seen_at: datetime | None = None
    filed_at: datetime | None = None
    verified_at: datetime | None = None
    moving_to: PatientId = NO_PATIENT  # the patient it is being re-filed to (R15)
    sent_for: PatientId = NO_PATIENT  # the patient it was sent for, once it was moved to another record (R30)
    place: int = 0  # among the pictures that its message brought
    version: int = 0

    @property
    def in_record(self) -> bool:
        """Return whether the record has it, also while it is on hold: what the record has, only a person moves."""
        return self.state in {State.FILED, State.VERIFIED} or (self.state is State.HELD and self.filed_at is not None)

    @property
    def misfiled(self) -> bool:
        """Return whether it lay in a wrong record: no consent or attestation from then counts now (R30)."""
        return self.sent_for not in {"", self.patient_id}

    @property
    def was_moved(self) -> bool:
        """Return whether it was ever moved to another record, even where it lies again where it was sent for."""
        return bool(self.sent_for)

    @property
    def may_be_seen(self) -> bool:
        """Return whether people may look at it: not while it is being moved, nor while its sender says that it shows somebody
        else, nor once they took it back.
        """
        doubted = self.held_for in {HeldFor.SOMEBODY_ELSE, HeldFor.WITHDRAWAL}
        return self.in_reach and not self.moving_to and not doubted

    @property
    def in_reach(self) -> bool:
        """Return whether it is kept, or about to be."""
        return self.state in IN_REACH

    @property
    def needs_its_copies(self) -> bool:
        """Return whether the chat's copies may be all there is of it: it is not filed and read back yet, and nobody
        said that it may go (R17).
        """
        return self.in_reach and self.verified_at is None

    @property
    def must_go(self) -> bool:
        """Return whether it was taken back, left with its sender or destroyed: its chat copies then wait for nothing."""
        taken_back = self.state is State.DISCARDED and self.held_for is HeldFor.WITHDRAWAL
        return taken_back or self.stopped or self.state in {State.LEFT_WITH_SENDER, State.DESTROYED}

    @property
    def stands_for_repeats(self) -> bool:
        """Return whether the same photo sent again counts as this one: not where a person may still decide that this one goes."""
        return self.in_reach and (self.held_for is None or self.verified_at is not None)

    @property
    def from_colleague(self) -> bool:
        return self.source is not Source.PATIENT

    @property
    def needs_its_original(self) -> bool:
        """Return whether it is secondary or third-party: to be judged on its own platform, not from this picture (R20)."""
        return self.from_colleague and (self.kind is Kind.DOCUMENT or self.source is Source.OUTSIDE)

    @property
    def subject(self) -> Subject:
        """Return what the rules of use need to know of it."""
        return Subject(
            sha256=self.sha256,
            source=self.source,
            kind=self.kind,
            purpose=self.purpose or Purpose.CARE,
            reason_stated=bool(self.reason) and self.reason != NOT_STATED,
            covers_advice=self.covers_advice,
            in_record=self.state is State.VERIFIED,
            stopped=self.stopped,
        )


def what_is_missing(image: Image) -> frozenset[Missing]:
    """Return what must still be known before the image can be filed, in whatever order the answers come."""
    if image.from_colleague:
        attestation = frozenset() if image.attested_at else frozenset({Missing.ATTESTATION})
        return what_it_lacks(image.statement or Statement()) | attestation
    missing = set()
    if image.purpose is None:
        missing.add(Missing.PURPOSE)
    if not image.patient_id:
        missing.add(Missing.PATIENT)
    return frozenset(missing)
