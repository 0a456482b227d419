"""The life of one image, as a table: every (state, event) is decided or refused, and nothing else can happen.

    received → captured → ready → filed → verified        aside: held, discarded, left-with-sender

Promises: filed only when nothing is missing (R14, R15); verified only by reading back (R16); chat copies purged only then
(R17); a deletion or withdrawal before filing stops the filing. *Purged* is not a state: it is what the copies say.
An image from a colleague is nobody's until its sender attested what was echoed to them (R2, R15): any other words undo that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from .errors import Refused
from .purposes import NOT_STATED, Purpose
from .sealed import SealedObject
from .statement import Missing, Statement, may_be_attested, what_it_lacks
from .uses import Kind, Source, Subject


class State(StrEnum):
    RECEIVED = "received"
    CAPTURED = "captured"
    READY = "ready"
    FILED = "filed"
    VERIFIED = "verified"
    HELD = "held"
    DISCARDED = "discarded"
    LEFT_WITH_SENDER = "left-with-sender"


class HeldFor(StrEnum):
    """Why a person must look."""

    SENDER_DELETED = "sender-deleted"
    WITHDRAWAL = "withdrawal"
    SOMEBODY_ELSE = "somebody-else"  # an unsolicited photo of another person: confirmed, never implied
    FILING_FAILED = "filing-failed"
    READ_BACK_DIFFERED = "read-back-differed"
    IDENTITY_CHANGED = "identity-changed"
    UNATTESTED = "unattested"


@dataclass(frozen=True, slots=True)
class Image:
    id: str
    ref: str  # spoken, e.g. IMG-7F3K
    sender_id: str  # person
    room_id: str
    event_id: str
    received_at: datetime
    state: State = State.RECEIVED
    patient_id: str = ""
    purpose: Purpose | None = None
    reason: str = ""
    reason_by: str = ""  # "caption", "answer", "unanswered", "correction"
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    sealed: SealedObject | None = None  # until the record has taken it over
    attachment: dict[str, object] = field(default_factory=dict)  # EncryptedFile, until captured
    proof: dict[str, object] = field(default_factory=dict)  # see docs/decisions.md, proof
    held_for: HeldFor | None = None
    deleted_by_sender: bool = False
    discarded_because: str = ""
    acknowledged: bool = False
    taken_by: str = ""  # person
    source: Source = Source.PATIENT
    kind: Kind = Kind.BODY
    covers_advice: bool = False  # the colleague's consent discussion covered sharing for advice (R7)
    statement: Statement | None = None  # what a colleague says of it
    attested_at: datetime | None = None  # and stands for (R2)
    form_of: str = ""  # a signed consent form: the image it belongs to
    stopped: bool = False  # the patient stopped every further disclosure (R13)
    seen_at: datetime | None = None
    filed_at: datetime | None = None
    verified_at: datetime | None = None
    moving_to: str = ""  # patient: it is being re-filed (R15)
    version: int = 0

    @property
    def in_record(self) -> bool:
        """Also while it is held: what the record has, only a person moves."""
        return self.state in {State.FILED, State.VERIFIED} or (self.state is State.HELD and self.filed_at is not None)

    @property
    def may_be_seen(self) -> bool:
        """Not while it is being moved, nor while its sender says that it shows somebody else, nor once they took it back."""
        doubted = self.held_for in {HeldFor.SOMEBODY_ELSE, HeldFor.WITHDRAWAL}
        return self.in_reach and not self.moving_to and not doubted

    @property
    def in_reach(self) -> bool:
        """Kept, or about to be."""
        return self.state not in {State.DISCARDED, State.LEFT_WITH_SENDER}

    @property
    def needs_its_copies(self) -> bool:
        """What the chat has of it may be all there is: not filed and read back yet, and nobody said that it may go (R17)."""
        return self.in_reach and self.verified_at is None

    @property
    def from_colleague(self) -> bool:
        return self.source is not Source.PATIENT

    @property
    def needs_its_original(self) -> bool:
        """Secondary or third-party: to be judged on its own platform, not on this picture (R20)."""
        return self.from_colleague and (self.kind is Kind.DOCUMENT or self.source is Source.OUTSIDE)

    @property
    def subject(self) -> Subject:
        """What the rules of use need to know of it."""
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
    """What must still be known before the image can be filed, in whatever order the answers come."""
    if image.from_colleague:
        attestation = frozenset() if image.attested_at else frozenset({Missing.ATTESTATION})
        return what_it_lacks(image.statement or Statement()) | attestation
    missing = set()
    if image.purpose is None:
        missing.add(Missing.PURPOSE)
    if not image.patient_id:
        missing.add(Missing.PATIENT)
    return frozenset(missing)


# ---- events


@dataclass(frozen=True, slots=True)
class Captured:
    sealed: SealedObject
    media_type: str


@dataclass(frozen=True, slots=True)
class CaptureFailed:
    because: str  # a code of wording.CAPTURE_FAILED


@dataclass(frozen=True, slots=True)
class DuplicateFound:
    of_ref: str


@dataclass(frozen=True, slots=True)
class PurposeStated:
    purpose: Purpose
    reason: str
    by: str  # see Image.reason_by


@dataclass(frozen=True, slots=True)
class PatientChosen:
    patient_id: str


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
    """The chat event was redacted: not authenticated, so never obeyed, only asked about."""


@dataclass(frozen=True, slots=True)
class WithdrawalAsked:
    """The sender, authenticated, wants it not to be used."""


@dataclass(frozen=True, slots=True)
class KeepAsked:
    """The sender or the practice says: keep it, file it."""


@dataclass(frozen=True, slots=True)
class Discarded:
    because: str


@dataclass(frozen=True, slots=True)
class IdentityChanged:
    """The sender's cryptographic identity is no longer the pinned one."""


@dataclass(frozen=True, slots=True)
class SomebodyElse:
    """The sender says that it does not show them, nor anybody they answer for."""


@dataclass(frozen=True, slots=True)
class RefileConfirmed:
    """It is in the wrong patient's record: two identifiers of the right one were echoed and confirmed (R15)."""

    patient_id: str


@dataclass(frozen=True, slots=True)
class Refiled:
    """The record has it for the right patient."""

    at: datetime
    matches: bool  # read back again (R16)


@dataclass(frozen=True, slots=True)
class RefilingFailed:
    because: str


@dataclass(frozen=True, slots=True)
class Described:
    """What a colleague says of it so far. Whatever was attested before is not attested any more."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class Attested:
    """The sender stands for what was echoed: it helps the patient's care, and the consent is as described (R2)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class LeftWithSender:
    """Their colleague keeps it, and consent and storage with it (R4)."""


@dataclass(frozen=True, slots=True)
class OwnPhoto:
    """Somebody who is a clinician and a patient sent it as a patient."""

    patient_id: str  # "" = to be asked


@dataclass(frozen=True, slots=True)
class FormKept:
    """The signed form with this id is sealed."""

    form_id: str


@dataclass(frozen=True, slots=True)
class FormLost:
    """The form with this id could not be had, or was taken back."""

    form_id: str


@dataclass(frozen=True, slots=True)
class Unattested:
    """The time for attesting is over."""


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
)


class Then(StrEnum):
    """What follows from a transition, carried out later by intents."""

    ANNOUNCE = "announce"  # tell the practice of a new image
    ACKNOWLEDGE = "acknowledge"  # one message back to the sender
    FILE = "file"
    PURGE = "purge"  # the chat copies
    DISCARD = "discard"  # destroy the sealed bytes, then say so
    ASK_WITHDRAW = "ask-withdraw"
    SAY_FAILED = "say-failed"
    SAY_DUPLICATE = "say-duplicate"
    SAY_DISCARDED = "say-discarded"
    SAY_IT_STAYS = "say-it-stays"
    SAY_KEPT = "say-kept"
    FILE_CORRECTION = "file-correction"
    TELL_HELD = "tell-held"  # tell the practice that a person must look
    LEAVE = "leave"  # destroy the sealed bytes, and the chat copies with them
    TELL_FORM_KEPT = "tell-form-kept"  # tell the image that its form is sealed
    TELL_FORM_LOST = "tell-form-lost"
    ASK_DELETED = "ask-deleted"  # did the clinician delete it from their own device? (R18)
    AWAIT_NOTE = "await-note"  # the case stays open until a note exists (R5)


Decided = tuple[Image, tuple[Then, ...]]


def decide(image: Image, event: Event) -> Decided:
    """The image after `event`, and what follows. Raises `Refused` where the table says so."""
    return TRANSITIONS[image.state, type(event)](image, event)


def _onward(image: Image) -> Decided:
    """A captured image goes on to filing as soon as nothing is missing."""
    if what_is_missing(image):
        return replace(image, state=State.CAPTURED, held_for=None), ()
    greet = {Source.PATIENT: (Then.ACKNOWLEDGE,), Source.COLLEAGUE: (), Source.OUTSIDE: (Then.ANNOUNCE,)}[image.source]
    first = () if image.acknowledged or image.form_of else greet
    return replace(image, state=State.READY, held_for=None, acknowledged=True), (*first, Then.FILE)


def _captured(image: Image, event: Captured) -> Decided:
    kept = replace(
        image,
        sealed=event.sealed,
        sha256=event.sealed.sha256,
        size=event.sealed.size,
        media_type=event.media_type,
        attachment={},
    )
    if kept.held_for is HeldFor.WITHDRAWAL:
        return replace(kept, state=State.HELD), (Then.DISCARD,)
    # A colleague's is announced when they stand for it: until then it is nobody's business but theirs.
    announce = () if kept.from_colleague else (Then.ANNOUNCE,)
    tell = (Then.TELL_FORM_KEPT,) if kept.form_of else ()
    if kept.held_for is HeldFor.SOMEBODY_ELSE:
        return replace(kept, state=State.HELD), (*announce, Then.TELL_HELD)
    if kept.deleted_by_sender and kept.held_for is None:
        held = replace(kept, state=State.HELD, held_for=HeldFor.SENDER_DELETED)
        return held, (*announce, *tell, Then.ASK_WITHDRAW)
    if kept.held_for is HeldFor.IDENTITY_CHANGED:
        return replace(kept, state=State.HELD), (*announce, *tell, Then.TELL_HELD)
    onward, then = _onward(kept)
    return onward, (*announce, *tell, *then)


def _capture_failed(image: Image, event: CaptureFailed) -> Decided:
    gone = replace(image, state=State.DISCARDED, discarded_because=event.because, attachment={})
    if image.held_for is HeldFor.WITHDRAWAL:
        return gone, (Then.PURGE, Then.SAY_DISCARDED, *_lost(image))
    return gone, (Then.PURGE, Then.SAY_FAILED, *_lost(image))


def _lost(form: Image) -> tuple[Then, ...]:
    return (Then.TELL_FORM_LOST,) if form.form_of else ()


def _duplicate(image: Image, event: DuplicateFound) -> Decided:
    gone = replace(image, state=State.DISCARDED, discarded_because=f"same as {event.of_ref}", attachment={})
    return gone, (Then.PURGE, Then.SAY_DUPLICATE, *_lost(image))


def _stated(image: Image, event: PurposeStated) -> Image:
    if image.from_colleague:
        raise Refused(f"{image.ref} came from a colleague: what it is for, they attested.", "R2")
    return replace(image, purpose=event.purpose, reason=event.reason, reason_by=event.by)


def _note_purpose(image: Image, event: PurposeStated) -> Decided:
    if image.acknowledged:
        return _correct(image, event)  # a consent rests on the old words: new words are a new one
    return _stated(image, event), ()


def _state_purpose(image: Image, event: PurposeStated) -> Decided:
    return _onward(_stated(image, event))


def _correct(image: Image, event: PurposeStated) -> Decided:
    """After filing, a correction is a new record beside the old one, never an edit. A missed deadline corrects nothing."""
    if event.by == "unanswered":
        return image, ()
    return _stated(image, event), (Then.FILE_CORRECTION,)


def _note_patient(image: Image, event: PatientChosen) -> Decided:
    _only_from_a_patient(image)
    if image.acknowledged:
        return _ON_ITS_WAY(image, event)  # it was on its way once, and the record may hold it under that name
    return replace(image, patient_id=event.patient_id), ()


def _choose_patient(image: Image, event: PatientChosen) -> Decided:
    _only_from_a_patient(image)
    return _onward(replace(image, patient_id=event.patient_id))


def _filed(image: Image, event: Filed) -> Decided:
    """The record has it: a fact, whatever was wished meanwhile. The sealed key is the record's from now on."""
    doubt = HeldFor.SOMEBODY_ELSE if image.held_for is HeldFor.SOMEBODY_ELSE else None
    filed = replace(image, state=State.FILED, filed_at=event.at, sealed=None, held_for=doubt)
    wished_away = image.held_for in {HeldFor.WITHDRAWAL, HeldFor.SENDER_DELETED}
    return filed, ((Then.SAY_IT_STAYS,) if wished_away else ())


def _filed_while_held(image: Image, event: Filed) -> Decided:
    """It was ready when the filing began: with anything missing it never was."""
    return _IMPOSSIBLE(image, event) if what_is_missing(image) else _filed(image, event)


def _filing_failed(image: Image, event: FilingFailed) -> Decided:
    return replace(image, state=State.HELD, held_for=HeldFor.FILING_FAILED), (Then.TELL_HELD,)


def _read_back(image: Image, event: ReadBack) -> Decided:
    if image.moving_to:
        return image, ()  # that filing was read back long ago
    if not event.matches:
        return replace(image, state=State.HELD, held_for=HeldFor.READ_BACK_DIFFERED), (Then.TELL_HELD,)
    ask = (Then.ASK_DELETED,) if image.from_colleague else ()
    note = (Then.AWAIT_NOTE,) if image.source is Source.OUTSIDE and not image.form_of else ()
    return _settled(replace(image, verified_at=event.at)), (Then.PURGE, *ask, *note)


def _settled(image: Image) -> Image:
    """Where an image in the record rests: on hold while it is doubted whom it shows."""
    doubted = image.held_for is HeldFor.SOMEBODY_ELSE
    return replace(image, state=State.HELD if doubted else State.VERIFIED, moving_to="")


def _mark_deleted(image: Image, event: SenderDeleted) -> Decided:
    return replace(image, deleted_by_sender=True), ()


def _hold_deleted(image: Image, event: SenderDeleted) -> Decided:
    if image.form_of and image.attested_at:
        return _mark_deleted(image, event)  # the consent that somebody stood for stays
    held = replace(image, state=State.HELD, held_for=HeldFor.SENDER_DELETED, deleted_by_sender=True)
    return held, (Then.ASK_WITHDRAW,)


def _mark_withdrawn(image: Image, event: WithdrawalAsked) -> Decided:
    """Not captured yet: the capture in flight decides what there is to destroy."""
    return replace(image, held_for=HeldFor.WITHDRAWAL), ()


def _delete_held(image: Image, event: SenderDeleted) -> Decided:
    """What is held for another cause is asked about too, or whoever settles that cause would file a deleted photo."""
    if image.filed_at is not None:
        return _it_stays(image, event)
    if image.held_for is HeldFor.FILING_FAILED:
        return _hold_deleted(image, event)
    return _mark_deleted(image, event)


def _hold_withdrawn(image: Image, event: WithdrawalAsked) -> Decided:
    return replace(image, state=State.HELD, held_for=HeldFor.WITHDRAWAL), (Then.DISCARD,)


def _withdraw_held(image: Image, event: WithdrawalAsked) -> Decided:
    if image.filed_at is not None:
        return image, (Then.SAY_IT_STAYS,)  # the record holds it, or may: a person must look first
    return _hold_withdrawn(image, event)


def _it_stays(image: Image, event: SenderDeleted | WithdrawalAsked) -> Decided:
    if isinstance(event, WithdrawalAsked):
        return image, (Then.SAY_IT_STAYS,)
    return replace(image, deleted_by_sender=True), () if image.deleted_by_sender else (Then.SAY_IT_STAYS,)


def _note_patient_held(image: Image, event: PatientChosen) -> Decided:
    if image.filed_at is not None:
        return _IN_RECORD(image, event)
    return _note_patient(image, event)


def _mark_somebody_else(image: Image, event: SomebodyElse) -> Decided:
    """Not captured yet: it will be held as soon as it is. A wish to withdraw it stands."""
    _only_from_a_patient(image)
    return replace(image, held_for=image.held_for or HeldFor.SOMEBODY_ELSE), ()


def _hold_somebody_else(image: Image, event: SomebodyElse) -> Decided:
    _only_from_a_patient(image)
    return replace(image, state=State.HELD, held_for=HeldFor.SOMEBODY_ELSE), (Then.TELL_HELD,)


def _still_held(image: Image, event: SomebodyElse) -> Decided:
    if image.held_for in {HeldFor.WITHDRAWAL, HeldFor.READ_BACK_DIFFERED, HeldFor.SOMEBODY_ELSE}:
        return image, ()
    return _hold_somebody_else(image, event)


def _refile(image: Image, event: RefileConfirmed) -> Decided:
    """Until it is read back from the right record, it is as if it had just been filed: nobody is shown it."""
    if event.patient_id == image.patient_id:
        raise Refused(f"{image.ref} is in that patient's record already.", "R15")
    return replace(image, state=State.FILED, moving_to=event.patient_id), ()


def _refile_held(image: Image, event: RefileConfirmed) -> Decided:
    if image.held_for is not HeldFor.SOMEBODY_ELSE or image.verified_at is None:
        return _NOT_IN_RECORD(image, event)
    return _refile(image, event)


def _refiled(image: Image, event: Refiled) -> Decided:
    if not image.moving_to:
        return image, ()
    moved = replace(image, patient_id=image.moving_to, moving_to="")
    if not event.matches:
        return replace(moved, state=State.HELD, held_for=HeldFor.READ_BACK_DIFFERED), (Then.TELL_HELD,)
    return _settled(replace(moved, verified_at=event.at)), ()


def _not_refiled(image: Image, event: RefilingFailed) -> Decided:
    """The record kept it where it was."""
    return (_settled(image), ()) if image.moving_to else (image, ())


def _keep(image: Image, event: KeepAsked) -> Decided:
    if image.held_for is HeldFor.WITHDRAWAL:
        raise Refused(f"{image.ref} is being withdrawn at the sender's wish and can't be filed any more.", "R13")
    if image.held_for is HeldFor.READ_BACK_DIFFERED:
        raise Refused(f"{image.ref} could not be read back from the record. Please ask technical help first.", "R16")
    if image.held_for is HeldFor.UNATTESTED:
        raise Refused(f"{image.ref} can't be filed before its sender attests it. They still can.", "R2")
    if image.filed_at is not None:  # whom it shows is confirmed
        return _settled(replace(image, held_for=None)), (Then.SAY_KEPT,)
    if image.held_for in {HeldFor.IDENTITY_CHANGED, HeldFor.SOMEBODY_ELSE} and image.deleted_by_sender:
        return _hold_deleted(image, SenderDeleted())  # that much is settled, the deletion is not
    onward, then = _onward(replace(image, held_for=None, deleted_by_sender=False))
    return onward, (Then.SAY_KEPT, *then) if Then.ACKNOWLEDGE not in then else then


def _discarded(image: Image, event: Discarded) -> Decided:
    if image.held_for is not HeldFor.WITHDRAWAL:
        return _IMPOSSIBLE(image, event)
    gone = replace(image, state=State.DISCARDED, discarded_because=event.because, sealed=None, attachment={})
    return gone, (Then.PURGE, Then.SAY_DISCARDED, *_lost(image))


def _hold_identity(image: Image, event: IdentityChanged) -> Decided:
    return replace(image, state=State.HELD, held_for=HeldFor.IDENTITY_CHANGED), (Then.TELL_HELD,)


def _mark_identity(image: Image, event: IdentityChanged) -> Decided:
    """Not captured yet: that comes first, chat copies can vanish; then it is held."""
    return image if image.held_for else replace(image, held_for=HeldFor.IDENTITY_CHANGED), ()


def _unmark_identity(image: Image, event: KeepAsked) -> Decided:
    return replace(image, held_for=None) if image.held_for is HeldFor.IDENTITY_CHANGED else image, ()


# ---- images from colleagues


def _describe(image: Image, event: Described) -> Decided:
    _only_from_a_colleague(image)
    said = event.statement
    if image.form_of:  # a document, whatever is said
        said = Statement(Kind.DOCUMENT, said.patient_id, said.photographer, given_by=said.given_by)
    kind = said.kind or Kind.BODY  # unsure = body
    return replace(image, statement=said, kind=kind, attested_at=None, patient_id=""), ()


def _describe_held(image: Image, event: Described) -> Decided:
    if image.attested_at:  # it may be on its way to the record
        return _ON_ITS_WAY(image, event)
    return _describe(image, event)


def _note_attested(image: Image, event: Attested) -> Decided:
    """The patient is this one, and the purpose is care, because the sender stands for both from now on (R2, R15)."""
    _only_from_a_colleague(image)
    if image.attested_at:
        return image, ()  # once: since then it may have been moved to another record
    statement = image.statement or Statement()
    if not may_be_attested(statement):
        raise Refused(f"{image.ref} can't be attested yet: something is still missing.", "R2")
    attested = replace(
        image,
        attested_at=event.at,
        patient_id=statement.patient_id,
        purpose=Purpose.CARE,
        reason=statement.reason or NOT_STATED,
        reason_by="attestation",
        covers_advice=statement.kind is Kind.BODY and statement.covers_advice,
        taken_by=image.sender_id if image.source is Source.COLLEAGUE else image.taken_by,
    )
    return attested, ()


def _attest(image: Image, event: Attested) -> Decided:
    return _onward(_note_attested(image, event)[0])


def _attest_held(image: Image, event: Attested) -> Decided:
    """What was held only for want of it goes on; whatever else holds it is for a person to settle."""
    if image.held_for is HeldFor.UNATTESTED:
        return _attest(image, event)
    return _note_attested(image, event)


def _leave(image: Image, event: LeftWithSender) -> Decided:
    """Nothing is kept, not even whose it was said to be."""
    _only_from_a_colleague(image)
    left = replace(
        image,
        state=State.LEFT_WITH_SENDER,
        sealed=None,
        attachment={},
        proof={},
        statement=None,
        attested_at=None,
        patient_id="",
        reason="",
        sha256="",
        held_for=None,
    )
    return left, (Then.LEAVE,)


def _leave_held(image: Image, event: LeftWithSender) -> Decided:
    if image.held_for is not HeldFor.UNATTESTED:
        raise Refused(f"{image.ref} is on hold for another reason, so it can't be left with you now.", "R4")
    return _leave(image, event)


def _own_photo(image: Image, event: OwnPhoto) -> Decided:
    own = _note_own_photo(image, event)[0]
    onward, then = _onward(own)
    return onward, (Then.ANNOUNCE, *then)


def _own_photo_held(image: Image, event: OwnPhoto) -> Decided:
    if image.held_for is HeldFor.UNATTESTED:
        return _own_photo(image, event)
    return _note_own_photo(image, event)


def _note_own_photo(image: Image, event: OwnPhoto) -> Decided:
    _only_from_a_colleague(image)
    if replace(image.statement or Statement(), reason="") != Statement() or image.form_of:
        raise Refused(
            f"{image.ref} is described as a patient's already. To start again, leave it and send it anew.", "R15"
        )
    return replace(image, source=Source.PATIENT, statement=None, patient_id=event.patient_id), ()


def _form_kept(image: Image, event: FormKept) -> Decided:
    return _onward(_note_form_kept(image, event)[0])


def _note_form_kept(image: Image, event: FormKept) -> Decided:
    if image.statement is None or image.statement.form_id != event.form_id:
        return image, ()
    return replace(image, statement=replace(image.statement, form_kept=True)), ()


def _form_lost(image: Image, event: FormLost) -> Decided:
    """What was attested rested on it; nothing was filed on it yet, because filing waits for the form."""
    if image.statement is None or image.statement.form_id != event.form_id:
        return image, ()
    without = replace(image.statement, form_id="", form_kept=False)
    return replace(image, statement=without, attested_at=None, patient_id=""), ()


def _form_lost_held(image: Image, event: FormLost) -> Decided:
    if image.attested_at and image.statement is not None and image.statement.form_kept:
        return image, ()  # it was on its way to the record: a person is told
    return _form_lost(image, event)


def _unattested(image: Image, event: Unattested) -> Decided:
    if not image.from_colleague or image.form_of:
        return image, ()
    return replace(image, state=State.HELD, held_for=HeldFor.UNATTESTED), (Then.TELL_HELD,)


def _gone_already(image: Image, event: Captured | DuplicateFound) -> Decided:
    """Left while it was being fetched: what was sealed meanwhile goes too."""
    return image, (Then.LEAVE,)


def _only_from_a_patient(image: Image) -> None:
    if image.from_colleague:
        raise Refused(f"{image.ref} came from a colleague: whose it is, they attest with two identifiers.", "R15")


def _only_from_a_colleague(image: Image) -> None:
    if not image.from_colleague:
        raise Refused(f"{image.ref} came from a patient, so there is nothing for a colleague to attest.", "R1")


def _nothing(image: Image, event: object) -> Decided:
    return image, ()


def _refuse(text: str, rule: str = "") -> Callable[[Image, Event], Decided]:
    def refuse(image: Image, event: Event) -> Decided:
        raise Refused(text.format(ref=image.ref), rule)

    return refuse


_NOT_KEPT = _refuse("{ref} was not kept, so there is nothing to change.")
_LEFT = _refuse("{ref} was left with its sender, so there is nothing here to change.", "R4")
_IMPOSSIBLE = _refuse("{ref} is not at a point where this can happen.")

_ON_ITS_WAY = _refuse("{ref} is already on its way to the record. Please tell the practice if it is wrong.", "R15")
_FILED_ALREADY = _refuse("{ref} is already in the record. Please tell the practice if it is the wrong one.", "R15")
_IN_RECORD = _refuse("{ref} is already in the record. Another patient's it becomes with !refile.", "R15")
_NOT_IN_RECORD = _refuse("{ref} is not in a record yet. Whose it is, you say with !match.", "R15")
_BEING_CHECKED = _refuse("{ref} is just being filed. Please try again in a moment.", "R15")

_ALL_EVENTS: tuple[type, ...] = Event.__args__
_FACTS_TOO_LATE = {
    SenderDeleted: _nothing,
    CaptureFailed: _nothing,
    IdentityChanged: _nothing,
    FormKept: _nothing,
    FormLost: _nothing,
    Unattested: _nothing,
}
_ATTESTED_ALREADY: dict[type, Callable[..., Decided]] = {
    Described: _ON_ITS_WAY,
    Attested: _nothing,
    LeftWithSender: _ON_ITS_WAY,
    OwnPhoto: _ON_ITS_WAY,
    FormKept: _nothing,
    FormLost: _nothing,
    Unattested: _nothing,
}

_BY_STATE: dict[State, dict[type, Callable[..., Decided]]] = {
    State.RECEIVED: {
        SomebodyElse: _mark_somebody_else,
        RefileConfirmed: _NOT_IN_RECORD,
        Captured: _captured,
        CaptureFailed: _capture_failed,
        DuplicateFound: _duplicate,
        PurposeStated: _note_purpose,
        PatientChosen: _note_patient,
        SenderDeleted: _mark_deleted,
        WithdrawalAsked: _mark_withdrawn,
        KeepAsked: _unmark_identity,
        IdentityChanged: _mark_identity,
        Described: _describe,
        Attested: _note_attested,
        LeftWithSender: _leave,
        OwnPhoto: _note_own_photo,
        FormKept: _note_form_kept,
        FormLost: _form_lost,
        Unattested: _nothing,
    },
    State.CAPTURED: {
        SomebodyElse: _hold_somebody_else,
        RefileConfirmed: _NOT_IN_RECORD,
        Captured: _nothing,
        PurposeStated: _state_purpose,
        PatientChosen: _choose_patient,
        SenderDeleted: _hold_deleted,
        WithdrawalAsked: _hold_withdrawn,
        KeepAsked: _nothing,
        IdentityChanged: _hold_identity,
        Described: _describe,
        Attested: _attest,
        LeftWithSender: _leave,
        OwnPhoto: _own_photo,
        FormKept: _form_kept,
        FormLost: _form_lost,
        Unattested: _unattested,
    },
    State.READY: {
        **_ATTESTED_ALREADY,
        SomebodyElse: _hold_somebody_else,
        RefileConfirmed: _NOT_IN_RECORD,
        Captured: _nothing,
        PurposeStated: _correct,  # it may be on its way with the old words: the correction is filed beside it in any case
        PatientChosen: _ON_ITS_WAY,
        Filed: _filed,
        FilingFailed: _filing_failed,
        SenderDeleted: _hold_deleted,
        WithdrawalAsked: _hold_withdrawn,
        KeepAsked: _nothing,
        IdentityChanged: _hold_identity,
    },
    State.FILED: {
        **_ATTESTED_ALREADY,
        SomebodyElse: _mark_somebody_else,
        RefileConfirmed: _BEING_CHECKED,
        Refiled: _refiled,
        RefilingFailed: _not_refiled,
        Captured: _nothing,
        PurposeStated: _correct,
        PatientChosen: _FILED_ALREADY,
        Filed: _nothing,
        ReadBack: _read_back,
        SenderDeleted: _it_stays,
        WithdrawalAsked: _it_stays,
        KeepAsked: _nothing,
        IdentityChanged: _nothing,
    },
    State.VERIFIED: {
        **_ATTESTED_ALREADY,
        SomebodyElse: _hold_somebody_else,
        RefileConfirmed: _refile,
        Refiled: _nothing,
        RefilingFailed: _nothing,
        Captured: _nothing,
        PurposeStated: _correct,
        PatientChosen: _FILED_ALREADY,
        Filed: _nothing,
        ReadBack: _nothing,
        SenderDeleted: _it_stays,
        WithdrawalAsked: _it_stays,
        KeepAsked: _nothing,
        IdentityChanged: _nothing,
    },
    State.HELD: {
        SomebodyElse: _still_held,
        RefileConfirmed: _refile_held,
        Refiled: _nothing,
        RefilingFailed: _nothing,
        Captured: _nothing,
        PurposeStated: _note_purpose,
        PatientChosen: _note_patient_held,
        Filed: _filed_while_held,
        FilingFailed: _nothing,
        SenderDeleted: _delete_held,
        WithdrawalAsked: _withdraw_held,
        KeepAsked: _keep,
        Discarded: _discarded,
        IdentityChanged: _nothing,
        Described: _describe_held,
        Attested: _attest_held,
        LeftWithSender: _leave_held,
        OwnPhoto: _own_photo_held,
        FormKept: _note_form_kept,
        FormLost: _form_lost_held,
        Unattested: _nothing,
    },
    State.DISCARDED: {
        **dict.fromkeys(_ALL_EVENTS, _NOT_KEPT),
        **_FACTS_TOO_LATE,
        Captured: _nothing,
        Discarded: _nothing,
        FilingFailed: _nothing,
    },
    State.LEFT_WITH_SENDER: {
        **dict.fromkeys(_ALL_EVENTS, _LEFT),
        **_FACTS_TOO_LATE,
        Captured: _gone_already,
        DuplicateFound: _gone_already,
        LeftWithSender: _nothing,
    },
}

TRANSITIONS: dict[tuple[State, type], Callable[..., Decided]] = {
    (state, event): cells.get(event, _IMPOSSIBLE) for state, cells in _BY_STATE.items() for event in _ALL_EVENTS
}

UNSTATED = PurposeStated(Purpose.CARE, NOT_STATED, "unanswered")
