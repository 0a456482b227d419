"""Intents: what has been decided and must now be carried out, each safe to carry out twice.

They are committed with the decision and survive any crash. `lane` keeps those in order that must not overtake one another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar

from .identifiers import (
    NO_COPY,
    NO_DOCUMENT,
    NO_IMAGE,
    NO_INVITATION,
    NO_PATIENT,
    NO_USE,
    Account,
    Address,
    CopyId,
    DocumentId,
    ImageId,
    InvitationId,
    MediaId,
    PatientId,
    PersonId,
    RoomId,
    UseId,
    VerificationId,
)
from .marks import Mark, read_back
from .reminders import Reminder


@dataclass(frozen=True, slots=True)
class CaptureImage:
    kind: ClassVar[str] = "capture-image"
    image_id: ImageId


@dataclass(frozen=True, slots=True)
class ScreenImage:
    """Say what the file is and carries. This happens beside filing, never before it."""

    kind: ClassVar[str] = "screen-image"
    image_id: ImageId


# One at a time: pictures that hang their decoder keep one hand of the worker busy, and the others are free for filing.
SCREENING = "screening"


@dataclass(frozen=True, slots=True)
class FileImage:
    """File, then read back."""

    kind: ClassVar[str] = "file-image"
    image_id: ImageId


@dataclass(frozen=True, slots=True)
class MoveImage:
    """Re-file it with all that is filed about it, to the right patient's record; `by` confirmed it (R15)."""

    kind: ClassVar[str] = "move-image"
    image_id: ImageId
    from_patient: PatientId
    to_patient: PatientId
    by: PersonId


@dataclass(frozen=True, slots=True)
class DiscardImage:
    kind: ClassVar[str] = "discard-image"
    image_id: ImageId


@dataclass(frozen=True, slots=True)
class DestroySealed:
    """Remove the blob of an image whose key is destroyed already."""

    kind: ClassVar[str] = "destroy-sealed"
    object_id: str


@dataclass(frozen=True, slots=True)
class DestroyImage:
    """Remove a destroyed image, and all that is filed about it, from the record: the journal forgot it already (R23)."""

    kind: ClassVar[str] = "destroy-image"
    image_id: ImageId
    by: PersonId


@dataclass(frozen=True, slots=True)
class DestroyWords:
    """Remove words about a patient and no image from the record: the journal forgot them already (R23)."""

    kind: ClassVar[str] = "destroy-words"
    patient_id: PatientId
    document_ids: tuple[DocumentId, ...]
    by: PersonId


@dataclass(frozen=True, slots=True)
class FileDocument:
    kind: ClassVar[str] = "file-document"
    document_id: DocumentId


class Hearing(StrEnum):
    """What somebody who does not work here must be, to be told of the images that words are about. It is
    asked when they are sent.
    """

    SPEAKS = "speaks"  # one who may hear of the image (R29), or works here
    THEIRS = "theirs"  # one who may hear of the image: those who work here are spoken to as one of the patient's people
    SENDING = "own-sending"  # the one who sent it: receipt, the question about it, why it was not kept (R28)
    LISTED = "listed"  # one whose list of photos includes it (R24)
    # One whose words count for the image, also while it is doubted whose it is: the answer to what they said, or a question.
    SAYS = "says"
    LINKED = "linked"  # one who is recorded as answering for the patients that words name, also from a later day on
    RECALL = "recall"  # one who holds what must be deleted (R25)
    USE = "use"  # one to whom the images of this case may be shown now (R28, R31)


@dataclass(frozen=True, slots=True)
class Say:
    """Post `text` to `address`. `copy_ids` ledger the post, one for each image it is about; `edits` names a copy of the
    post that this one replaces.

    `open`: a fixed sentence about nobody, which devices that are not pinned may read too. `reply_id`: the document that holds
    these words, whose author is told when they may not be said any more. `thread` names a copy of the post in whose thread
    they stand, as long as that is there. `patient_ids`: whom words name that are about no image; the reader is judged as one of
    these patients' people.
    """

    kind: ClassVar[str] = "say"
    address: Address
    text: str
    copy_ids: tuple[CopyId, ...] = ()
    edits: CopyId = NO_COPY
    open: bool = False
    hearing: Hearing = Hearing.SPEAKS  # read back from storage it is a plain str: compare it with ==
    reply_id: DocumentId = NO_DOCUMENT
    thread: CopyId = NO_COPY
    mark: Mark | None = None
    patient_ids: tuple[PatientId, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Post an encrypted poll to `address`: `answers` are (secret id, label) pairs, in the order shown."""

    kind: ClassVar[str] = "ask"
    address: Address
    question: str
    answers: tuple[tuple[str, str], ...]
    copy_id: CopyId = NO_COPY
    hearing: Hearing = Hearing.SPEAKS
    mark: Mark | None = None
    patient_ids: tuple[PatientId, ...] = ()  # as for Say


@dataclass(frozen=True, slots=True)
class CloseQuestion:
    """Tell apps that the post `asked`, a poll or words, waits for no answer any more. `copy_id` ledgers this."""

    kind: ClassVar[str] = "close-question"
    asked: CopyId
    copy_id: CopyId
    is_poll: bool


class Listing(StrEnum):
    """What the bot reads out when it is asked."""

    WAITING = "waiting"  # what waits for the team
    DUE = "due"  # whose time of keeping is over (R23)
    OWN_IMAGES = "own-images"  # what is held of the person who asks, and for whom they speak (R24)
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class ReadOut:
    """Read one page of a list, beside the writer, and say it to the person who asked. `after` is the end of the page before."""

    kind: ClassVar[str] = "read-out"
    listing: Listing  # read back from storage it is a plain str
    person_id: PersonId
    address: Address
    after: str = ""


@dataclass(frozen=True, slots=True)
class SayInClear:
    """Post the one fixed sentence that may travel unencrypted (this chat isn't encrypted), then leave."""

    kind: ClassVar[str] = "say-in-clear"
    room_id: RoomId


@dataclass(frozen=True, slots=True)
class ReservePicture:
    """Reserve a media id for a picture, so that it is ledgered before any byte is uploaded."""

    kind: ClassVar[str] = "reserve-picture"
    address: Address
    caption: str
    image_id: ImageId = NO_IMAGE  # a rendition of this image
    qr: str = ""  # or a QR picture of this text
    use_id: UseId = NO_USE  # shown for this use, and only while it is released
    leaves_for: str = ""  # the purpose of a whole copy that leaves without a use, because the law requires it (R13a)
    patient_id: PatientId = (
        NO_PATIENT  # whose it was when it was asked for: it is shown under that name and no other (R15)
    )
    page: int = 0  # of a document, as a picture, counted from 1; 0: the whole
    invitation_id: InvitationId = (
        NO_INVITATION  # whose QR picture it is: shown while the invitation waits, and gone with it
    )


@dataclass(frozen=True, slots=True)
class ShowPicture:
    kind: ClassVar[str] = "show-picture"
    address: Address
    caption: str
    mxc: MediaId
    media_copy_id: CopyId
    copy_id: CopyId
    image_id: ImageId = NO_IMAGE
    qr: str = ""
    use_id: UseId = NO_USE
    leaves_for: str = ""
    patient_id: PatientId = NO_PATIENT
    page: int = 0
    invitation_id: InvitationId = NO_INVITATION


@dataclass(frozen=True, slots=True)
class PrepareCopy:
    """Prepare the copy of a patient's record for a person who may have it: count what is filed, and divide it."""

    kind: ClassVar[str] = "prepare-copy"
    person_id: PersonId
    patient_id: PatientId


@dataclass(frozen=True, slots=True)
class ReserveCopy:
    """Reserve a media id for part `number` of `of`, so that it is ledgered before any byte is uploaded."""

    kind: ClassVar[str] = "reserve-copy"
    person_id: PersonId
    patient_id: PatientId
    entry_ids: tuple[str, ...]
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class SendCopy:
    kind: ClassVar[str] = "send-copy"
    person_id: PersonId
    patient_id: PatientId
    entry_ids: tuple[str, ...]
    number: int
    of: int
    mxc: MediaId
    media_copy_id: CopyId
    copy_id: CopyId


@dataclass(frozen=True, slots=True)
class EraseCopy:
    """Erase one copy. `hide_first`: a recall. The message goes before its media: what people see
    matters most, and at once (R25).
    """

    kind: ClassVar[str] = "erase-copy"
    copy_id: CopyId
    hide_first: bool = False


@dataclass(frozen=True, slots=True)
class OpenRoom:
    kind: ClassVar[str] = "open-room"
    address: Address
    key: str
    name: str
    invite: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Invite:
    kind: ClassVar[str] = "invite"
    address: Address
    account: Account


@dataclass(frozen=True, slots=True)
class RemoveMember:
    kind: ClassVar[str] = "remove-member"
    address: Address
    account: Account


@dataclass(frozen=True, slots=True)
class JoinRoom:
    kind: ClassVar[str] = "join-room"
    room_id: RoomId
    invited_by: Account


@dataclass(frozen=True, slots=True)
class LeaveRoom:
    kind: ClassVar[str] = "leave-room"
    room_id: RoomId


@dataclass(frozen=True, slots=True)
class StepVerification:
    """Take one step of a check by emoji: what the other side sent, or what a person here said about it."""

    kind: ClassVar[str] = "step-verification"
    verification_id: VerificationId
    event: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SignIdentity:
    """Vouch, with the bot's own identity, for the identity that was compared by emoji."""

    kind: ClassVar[str] = "sign-identity"
    account: Account
    identity: str


@dataclass(frozen=True, slots=True)
class LookIfOpened:
    """Look whether anything shows that the post which carries these words was opened."""

    kind: ClassVar[str] = "look-if-opened"
    document_id: DocumentId


@dataclass(frozen=True, slots=True)
class Remind:
    """Look at `what` about `subject` again when the deadline has come."""

    kind: ClassVar[str] = "remind"
    what: Reminder
    subject: str


Intent = (
    CaptureImage
    | ScreenImage
    | FileImage
    | MoveImage
    | DiscardImage
    | DestroySealed
    | DestroyImage
    | DestroyWords
    | FileDocument
    | Say
    | Ask
    | CloseQuestion
    | ReadOut
    | SayInClear
    | ReservePicture
    | ShowPicture
    | PrepareCopy
    | ReserveCopy
    | SendCopy
    | EraseCopy
    | OpenRoom
    | Invite
    | RemoveMember
    | JoinRoom
    | LeaveRoom
    | StepVerification
    | SignIdentity
    | LookIfOpened
    | Remind
)
KINDS: dict[str, Callable[..., Intent]] = {kind.kind: kind for kind in Intent.__args__}


def to_json(intent: Intent) -> dict[str, Any]:
    return asdict(intent)


def from_json(kind: str, payload: dict[str, Any]) -> Intent:
    """Return the intent. Raises KeyError or TypeError for an intent of another version of the program."""
    written = {name: _as_tuple(value) for name, value in payload.items()}
    if written.get("mark"):
        written["mark"] = read_back(written["mark"])
    return KINDS[kind](**written)


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(part) for part in value) if isinstance(value, list) else value
