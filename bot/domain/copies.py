"""Every chat copy of an image or of words about it, and what became of it (R17).

    known → erasing → hidden (until date) → gone | beyond-reach

*gone*: seen to be gone (the homeserver answers 404). *hidden*: redacted; the homeserver itself forgets the ciphertext by
`hidden_until`. *beyond-reach*: nobody here can erase it, and the receipt says why. A media id is ledgered before anything is
uploaded under it, and media is erased before its event, so that no step can leave media that nobody knows of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from .identifiers import (
    NO_ACCOUNT,
    NO_DOCUMENT,
    NO_EVENT,
    NO_IMAGE,
    NO_MEDIA,
    NO_ROOM,
    Account,
    CopyId,
    DocumentId,
    EventId,
    ImageId,
    MediaId,
    PatientId,
    PersonId,
    QuestionId,
    RoomId,
)


class What(StrEnum):
    MESSAGE = "message"  # an event somebody sent
    FILE = "file"  # media: the attachment itself
    THUMBNAIL = "thumbnail"  # media
    POST = "post"  # the bot's own words
    RENDITION = "rendition"  # media: a picture the bot showed


class CopyState(StrEnum):
    KNOWN = "known"
    ERASING = "erasing"
    HIDDEN = "hidden"
    GONE = "gone"
    BEYOND_REACH = "beyond-reach"


NEVER_SENT = "never-sent"  # `because` of a post that had not been sent when it was to be erased
TAKEN_BACK = "taken-back"  # `because` of a post that is not to be said any more
# These begin the keys of what people read as patients: lists of their own photos, and what the law required.
OWN_LIST, LAW = "own-list:", "law:"
COPY = "copy:"  # begins the keys of the posts and files that bring somebody the copy of a record
_ASKS, _ASKS_WHOSE = "asked:", "whose:"  # begin the keys of posts that ask something
_WHICH_REPLY = "reply-of:"
SETTLED = frozenset({CopyState.HIDDEN, CopyState.GONE, CopyState.BEYOND_REACH})
# `because` of media that a person can bring within reach by setting up a purger or renewing its token: each start asks again.
CAN_BE_MENDED = frozenset({"no-purger", "purger-forbidden"})


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: a media id, or an event. `image_id` or `document_id` says what it is a copy of; both are "" for other words."""

    id: CopyId
    what: What
    room_id: RoomId = NO_ROOM
    event_id: EventId = NO_EVENT
    mxc: MediaId = NO_MEDIA
    owner: Account = NO_ACCOUNT  # the uploader's: nobody can have somebody else's media erased by naming it
    image_id: ImageId = NO_IMAGE
    document_id: DocumentId = NO_DOCUMENT
    post_key: str = ""  # the bot's own post this belongs to: its event is erased after its media
    state: CopyState = CopyState.KNOWN
    purge_after: datetime | None = None  # not before this; None = as soon as it is allowed
    hidden_until: datetime | None = None
    settled_at: datetime | None = None
    because: str = ""
    receipted: bool = False
    sha256: str = ""  # of the picture the bot showed: should it come back, it is known (R3)
    version: int = 0

    @property
    def is_media(self) -> bool:
        return bool(self.mxc)

    @property
    def may_be_erased(self) -> bool:
        """Return whether anything is left to do: not where it is gone or hidden, nor where nobody can bring it within reach."""
        mended = self.state is CopyState.BEYOND_REACH and self.is_media and self.because in CAN_BE_MENDED
        return mended or self.state not in SETTLED

    def stands_at(self, now: datetime) -> bool:
        """Return whether it is where people see it, and its time there is not over."""
        return self.state is CopyState.KNOWN and (self.purge_after is None or now < self.purge_after)

    @property
    def crowd(self) -> str:
        """Return the crowd its erasure belongs to: a sender's media are erased one at a time, so a flood of
        them leaves hands for others.
        """
        return f"erasures:{self.owner}" if self.what in {What.FILE, What.THUMBNAIL} and self.owner else ""


def detail(copy: Copy) -> str:
    """Return what a receipt says of it beside its state. Apps that forward a photo show the same media in both chats."""
    forwarded = copy.state is CopyState.GONE and copy.what in {What.FILE, What.THUMBNAIL}
    return "also in any chat it was forwarded from or to" if forwarded else copy.because


@dataclass(frozen=True, slots=True)
class ErasureBegun:
    pass


@dataclass(frozen=True, slots=True)
class SeenGone:
    at: datetime


@dataclass(frozen=True, slots=True)
class Redacted:
    at: datetime
    retention: timedelta  # how long the homeserver keeps redacted ciphertext


@dataclass(frozen=True, slots=True)
class OutOfReach:
    at: datetime
    because: str


Event = ErasureBegun | SeenGone | Redacted | OutOfReach

# Synapse's clean-up of redacted events runs in a loop of its own, every 5 minutes.
CLEAN_UP_LOOP = timedelta(minutes=10)


def after(copy: Copy, event: Event) -> Copy:
    """Return the copy after `event`. What is settled stays settled, except that a hidden copy or one
    beyond reach may be seen gone.
    """
    if copy.state is CopyState.GONE:
        return copy
    match event:
        case ErasureBegun():
            return copy if copy.state in SETTLED else replace(copy, state=CopyState.ERASING)
        case SeenGone(at):
            return replace(copy, state=CopyState.GONE, settled_at=at, hidden_until=None, because="", receipted=False)
        case _ if copy.state in SETTLED:
            return copy
        case Redacted(at, retention):
            until = at + retention + CLEAN_UP_LOOP
            return replace(copy, state=CopyState.HIDDEN, settled_at=at, hidden_until=until)
        case OutOfReach(at, because):
            return replace(copy, state=CopyState.BEYOND_REACH, settled_at=at, because=because)


def reopened(copy: Copy) -> Copy:
    """Return the copy as one found to be there after all: to be erased anew, and accounted for anew."""
    return replace(
        copy, state=CopyState.KNOWN, purge_after=None, hidden_until=None, settled_at=None, because="", receipted=False
    )


# ---- what moves none


def sent_as(copy: Copy, room_id: RoomId, event_id: EventId) -> Copy:
    """Return the copy of a post as it stands in the chat; one that was to be erased before it was sent is to be erased anew."""
    return replace(reopened(copy) if copy.because == NEVER_SENT else copy, room_id=room_id, event_id=event_id)


def showing(copy: Copy, sha256: str) -> Copy:
    return replace(copy, sha256=sha256)


def taken_back(copy: Copy, at: datetime) -> Copy:
    """Return the copy of a post that is not to be said any more: should it have been sent all the same, it goes at once."""
    return replace(copy, purge_after=at, because=TAKEN_BACK)


def gone_by(copy: Copy, until: datetime) -> Copy:
    """Return it as it goes by then; what goes sooner still does, and so does what was not to stay."""
    return replace(copy, purge_after=until) if copy.purge_after and copy.purge_after > until else copy


def claimed(copy: Copy, image_id: ImageId) -> Copy:
    """Return it as a copy of this photo: it goes with the photo, and not before."""
    return replace(copy, image_id=image_id, purge_after=None)


def accounted_for(copy: Copy) -> Copy:
    """Return it as a receipt has told of it."""
    return replace(copy, receipted=True)


def media_before(copy: Copy, others: Iterable[Copy]) -> list[Copy]:
    """Return the unsettled media that must be erased before this event copy is redacted."""
    if copy.is_media:
        return []
    return [
        other
        for other in others
        if other.is_media
        and other.state not in SETTLED
        and (
            (other.event_id and other.event_id == copy.event_id) or (other.post_key and other.post_key == copy.post_key)
        )
    ]


def copy_key(person_id: PersonId, patient_id: PatientId) -> str:
    """Return the beginning of the keys of all posts that bring this person a copy of this record."""
    return f"{COPY}{person_id}:{patient_id}:"


def is_for_patients(copy: Copy) -> bool:
    """Return whether these words were said to somebody as a patient, or as one of a patient's people, whatever else they are."""
    return copy.post_key.startswith((OWN_LIST, LAW))


def asks(subject: str) -> str:
    """Return the key of the posts that ask about this subject: a use, a question that waits for its answer, or another."""
    return f"{_ASKS}{subject}"


def asks_whose(question_id: QuestionId, again: int = 0) -> str:
    """Return the key of the post that asks whose a photo is, or asks it again."""
    return f"{_ASKS_WHOSE}{question_id}:{again}" if again else f"{_ASKS_WHOSE}{question_id}"


def which_reply(image_id: ImageId, person_id: PersonId) -> str:
    """Return the subject of the question which reply about an image to call back: one person's answer settles nobody else's."""
    return f"{_WHICH_REPLY}{image_id}:{person_id}"


def names_replies(copy: Copy) -> bool:
    """Return whether this post asks which reply to call back."""
    return copy.post_key.startswith(asks(_WHICH_REPLY))


def subject_asked(copies: Iterable[Copy]) -> str:
    """Return the subject that the post with these copies asks about; "" where it asks nothing, or was posted without a key."""
    for copy in copies:
        if copy.post_key.startswith(_ASKS):
            return copy.post_key.removeprefix(_ASKS)
        if copy.post_key.startswith(_ASKS_WHOSE):
            return copy.post_key.removeprefix(_ASKS_WHOSE).partition(":")[0]
    return ""
