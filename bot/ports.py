"""What the core needs of the world. Ports name a need; adapters (matrix, storage, purger, imaging) name a technology.

Every method is safe to call twice with the same arguments. All raise `OutsideFailure` (try again) or `Permanent` (do not).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from .domain.arrivals import Arrival, Batch
from .domain.breach import Breach
from .domain.choices import Choice
from .domain.consents import Consent, ConsentAnswer, Disclosure, Line
from .domain.conversation import Question
from .domain.copies import Copy
from .domain.documents import Document
from .domain.entries import Entry, HeldEntry, PatientIdentity
from .domain.image import Image
from .domain.invitations import Invitation
from .domain.people import Authority, Patient, Person
from .domain.planned import Hands, Planned
from .domain.retention import Destruction, LegalHold
from .domain.rooms import Room
from .domain.screening import Findings, Screening
from .domain.sealed import SealedObject
from .domain.terms import Terms
from .domain.use import Use
from .domain.verification import Reached, Verification

T = TypeVar("T")


class Clock(Protocol):
    def now(self) -> datetime:
        """The current time, UTC and aware."""


class Ids(Protocol):
    def new(self) -> str:
        """A fresh unguessable id, 26 lower-case base32 characters (128 bits)."""

    def reference(self) -> str:
        """A short spoken reference such as 7F3K: letters and digits that are not mistaken for one another."""

    def number(self) -> str:
        """Four spoken digits."""

    def code(self) -> tuple[str, str]:
        """An invitation code as (selector, secret); the secret has 40 random bits."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may read what is sent. Anyone else joined or invited, or an unsafe room, and nothing is sent.

    `pins` maps each allowed user id to the master key pinned for that person; "" means: in the room, but gets no room key.
    An `open` audience is for fixed sentences without anything about anybody: any member and any device may read.
    `passing`: a lobby, made by somebody's app, so its history setting is theirs; the bot takes back what it said there.
    `homeservers`: where everybody's account must be; empty for anywhere.
    """

    pins: Mapping[str, str]
    open: bool = False
    passing: bool = False
    homeservers: frozenset[str] = frozenset()


class UnsafeRoom(Exception):
    """Nothing was sent: the room is not what it should be. `reason` is a short word, `who` a user id or ""."""

    def __init__(self, reason: str, who: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.who = who


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A room to be made by the bot. `key` is random and names the wish: asking twice gives the same room."""

    key: str
    name: str  # travels in clear: nothing about health, no patient's name
    invite: tuple[str, ...]


class Feed(Protocol):
    """What arrives."""

    async def next_batch(self, since: str | None, timeout: timedelta) -> Batch:
        """Everything after `since`, back-filled, decrypted and judged; waits up to `timeout` for news."""

    async def retry(self, arrival: Arrival) -> Arrival | None:
        """The same UNDECRYPTABLE arrival, decrypted and judged, or None while the room key is still missing."""


class Chat(Protocol):
    """What is sent, and what is fetched."""

    @property
    def user_id(self) -> str: ...

    async def send(
        self,
        room_id: str,
        content: Mapping[str, Any],
        audience: Audience,
        *,
        transaction_id: str,
        event_type: str = "m.room.message",
    ) -> str:
        """Send an encrypted event; its id. Raises `UnsafeRoom` when the audience does not hold."""

    async def send_in_clear(self, room_id: str, body: str, *, transaction_id: str) -> None:
        """Send a fixed sentence of the program's own, without anything about anybody, into an unencrypted room."""

    async def redact(self, room_id: str, event_id: str, *, transaction_id: str) -> None:
        """Redact; already redacted is success. `Permanent("forbidden")` when the bot lacks the power."""

    async def fetch(self, file: Mapping[str, Any], limit: int) -> bytes:
        """Download an EncryptedFile, check its hash, decrypt it in memory.

        `Permanent`: "gone", "too-large", "wrong-hash", "bad-attachment".
        """

    async def put(self, mxc: str, data: bytes) -> dict[str, Any]:
        """Encrypt `data`, upload it under a reserved id, and return its EncryptedFile.

        `Permanent("already-uploaded")` when the id was used before: reserve another.
        """

    async def reserve_media(self) -> str:
        """Reserve a media id (/_matrix/media/v1/create) so that it can be ledgered before any byte is uploaded."""

    async def upload(self, mxc: str, ciphertext: bytes) -> None:
        """Put ciphertext under a reserved id; already there is success. No file name travels."""

    async def download(self, mxc: str, limit: int) -> bytes:
        """The ciphertext, at most `limit` bytes: `Permanent("too-large")`, `Permanent("gone")`."""

    async def media_is_gone(self, mxc: str) -> bool:
        """Whether the homeserver now answers 404 for this media: the observation that a purge receipt rests on."""

    async def create_room(self, wish: NewRoom) -> str:
        """An encrypted room (history `joined`, guests forbidden, invite only) the bot has all power in; its id."""

    async def invite(self, room_id: str, user_id: str) -> None: ...

    async def remove(self, room_id: str, user_id: str) -> None:
        """Put somebody out of a room of the bot's; already out is success."""

    async def join(self, room_id: str) -> None: ...

    async def leave(self, room_id: str) -> None: ...


class Verifier(Protocol):
    """Emoji verification with the apps of other people. What is secret in it ends with the running program."""

    async def step(self, check: Verification, event: str, content: Mapping[str, Any], *, key: str) -> Reached:
        """Take one event, send what follows from it, and say how far the check is. Twice with the same `key` is once.

        `event`: `ask`, `same`, `different`, `give-up`, or what the other side sent. `LOST` when the check began before
        the program did; the other side is then told that it has ended.
        """

    async def sign_identity(self, account: str, identity: str) -> None:
        """Vouch for this identity with the bot's own. `Permanent("identity-changed")` when it is not theirs any more."""


class Vault(Protocol):
    """Sealed blobs on disk."""

    async def seal(self, object_id: str, patient_id: str, data: bytes) -> SealedObject:
        """Encrypt and store durably; sealing an id again replaces the blob whole."""

    async def open(self, sealed: SealedObject) -> bytes:
        """The bytes, authenticated from disk; `Permanent("damaged")` or `Permanent("missing")`."""

    async def rewrap(self, sealed: SealedObject, patient_id: str) -> SealedObject:
        """The same blob with its key bound to another patient; touches no blob."""

    async def destroy(self, object_id: str) -> None:
        """Remove the blob; already gone is success."""


class PatientRecord(Protocol):
    """Where images and notes are filed."""

    async def file(self, entry: Entry) -> None:
        """File; the same id with the same digest is success, with another digest `Permanent("conflict")`."""

    async def move(self, entry_ids: Sequence[str], to: PatientIdentity) -> None:
        """Make all these entries another patient's, or none: found and opened there from now on, and nowhere else (R15).

        What is there already is success. `Permanent("missing")` when one was never filed.
        """

    async def read_back(self, entry_id: str) -> str:
        """SHA-256 (hex) of the filed content, computed from bytes read from the record itself (R16)."""

    async def secured(self, entry_id: str) -> bool:
        """Whether every copy the practice keeps of this entry was written and read back: chat copies may go only then.

        True of what was never filed.
        """

    async def inventory(self, patient_id: str) -> Sequence[HeldEntry]:
        """What is filed for a patient and may be shown to them, in order; what the law conceals is left out (R13a)."""

    async def bundle(self, patient_id: str, entry_ids: Sequence[str], at: datetime) -> bytes:
        """Of these entries those that are this patient's now: one zip in memory, files byte for byte and a page to read."""

    async def destroy(self, entry_ids: Sequence[str]) -> None:
        """Remove entries for ever: words, wrapped keys and blobs, overwritten in the files; gone already is success (R23).

        Only what stands in the destruction register: anything else is refused by the record itself. Backups are beyond reach.
        """

    async def content(self, entry_id: str) -> bytes:
        """The filed bytes (UTF-8 for texts); `Permanent("missing")`."""


@dataclass(frozen=True, slots=True)
class MediaErased:
    """What the purger did: `gone` means deleted or already absent on the homeserver it serves."""

    gone: bool
    reason: str = ""  # when not gone: "not-local", "not-theirs", "malformed", "no-purger"


class Purger(Protocol):
    """The only one who can delete media; a separate process (MATRIX_FACTS, Purge)."""

    async def available(self) -> bool: ...

    async def erase_media(self, mxc: str, owner: str) -> MediaErased:
        """Register the id, delete it if `owner` (a Matrix id) uploaded it, say what happened."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture made for looking at or for leaving, without any of the original's metadata; a document has no size."""

    data: bytes
    media_type: str
    width: int
    height: int


class Screener(Protocol):
    """What is done to untrusted image bytes, in a child process of its own."""

    async def rendition(self, data: bytes, longest_side: int) -> Rendition:
        """A metadata-free JPEG, upright; `Permanent("not-viewable")` when the bytes cannot be decoded safely."""

    async def clean_copy(self, data: bytes, terms: Terms) -> Rendition:
        """The whole picture or document without its metadata, for a copy that leaves (R19); `terms` go into a picture.

        Pixels unchanged where the format allows it. `Permanent("not-viewable")` when there can be no such copy.
        """

    async def screen(self, data: bytes) -> Findings:
        """What the file is and carries. `Permanent("not-viewable")`: the child crashed, hung or lied."""


class OutsideRegister(Protocol):
    """The destruction register once more, where restoring a backup does not take it back (R23)."""

    async def note(self, lines: Sequence[Destruction]) -> None:
        """Write these down in every place there is, durably; again changes nothing. `OutsideFailure` while one is away."""


class Witness(Protocol):
    """Where the end of the audit log is noted, outside what the bot itself keeps (R27)."""

    async def note(self, now: datetime, *, at_once: bool = False) -> bool:
        """Note it if that is due, or `at_once`; whether anything was noted. `OutsideFailure` when that can't be done now."""


class QrPainter(Protocol):
    def paint(self, text: str) -> Rendition:
        """A QR code as a PNG picture."""


class Conflict(Exception):
    """Somebody else changed this row since it was read: nothing was written; decide again."""


class Rows(Protocol[T]):
    """The rows of one kind. `version` guards every change."""

    async def get(self, id: str) -> T:
        """Raises `LookupError`."""

    async def find(self, **equal: object) -> list[T]:
        """Rows whose columns equal the values, oldest first; a tuple, list or set means "one of"."""

    async def first(self, **equal: object) -> T | None: ...

    async def add(self, *rows: T) -> None: ...

    async def save(self, row: T) -> T:
        """`UPDATE … WHERE id=? AND version=?`; the row with its new version, or `Conflict`."""

    async def remove(self, row: T) -> None:
        """For what is needed no longer and is nobody's record; `Conflict` as for `save`."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What goes into the audit chain (R27). `details` enter it as a salted commitment only; the rest are ids and words."""

    actor: str  # person id, "bot", or "stranger"
    action: str
    subject: str
    details: Mapping[str, Any]


class Commit(Protocol):
    """One transaction: everything in it is committed together, or nothing is."""

    @property
    def people(self) -> Rows[Person]: ...
    @property
    def patients(self) -> Rows[Patient]: ...
    @property
    def authorities(self) -> Rows[Authority]: ...
    @property
    def invitations(self) -> Rows[Invitation]: ...
    @property
    def rooms(self) -> Rows[Room]: ...
    @property
    def images(self) -> Rows[Image]: ...
    @property
    def copies(self) -> Rows[Copy]: ...
    @property
    def documents(self) -> Rows[Document]: ...
    @property
    def screenings(self) -> Rows[Screening]: ...
    @property
    def consents(self) -> Rows[Consent]: ...
    @property
    def disclosures(self) -> Rows[Disclosure]: ...
    @property
    def questions(self) -> Rows[Question]: ...
    @property
    def uses(self) -> Rows[Use]: ...
    @property
    def consent_answers(self) -> Rows[ConsentAnswer]: ...
    @property
    def lines(self) -> Rows[Line]: ...
    @property
    def choices(self) -> Rows[Choice]: ...
    @property
    def breaches(self) -> Rows[Breach]: ...
    @property
    def legal_holds(self) -> Rows[LegalHold]: ...
    @property
    def destructions(self) -> Rows[Destruction]: ...
    @property
    def verifications(self) -> Rows[Verification]: ...

    async def plan(self, *planned: Planned) -> None:
        """Add intents."""

    async def settle(self, planned: Planned) -> None:
        """Write back an intent's progress. One that was cancelled meanwhile stays cancelled."""

    async def finish(self, planned: Planned) -> None:
        """It is done, or is not to be done any more: nothing of it is kept."""

    async def hurry(self, lane: str, at: datetime) -> None:
        """Make what waits in this lane due now."""

    async def postpone(self, by: timedelta) -> None:
        """Move everything that waits for its time: the clock was set by as much. May be negative."""

    async def waiting(self, *progress: str) -> list[Planned]:
        """Intents in these states, oldest first."""

    async def audit(self, entry: AuditEntry, at: datetime) -> None: ...

    async def forget_details(self, subjects: Collection[str]) -> None:
        """Destroy salts and details of all audit entries about these: the chain stays whole, and says no more of them."""

    async def registration_token(self, invitation_id: str, valid_until: datetime) -> str:
        """Take one token for an account on the embedded homeserver, good until then; "" when there is none left."""

    async def told_unreadable(self, inbox_ids: Sequence[int]) -> None:
        """The sender was asked to send again; the arrivals still wait for their key."""

    async def set_aside(self, received_after: datetime) -> Mapping[str, int]:
        """How many arrivals could not be acted upon since then, by why: malformed, waiting-for-key, unreadable, and the
        class of error for what was quarantined."""

    async def handled(self, inbox_id: int, quarantined: str = "") -> None:
        """Mark an inbox row; `quarantined` names the error class of a poison event."""


WORKER = "worker"  # who listens for what is due


class Journal(Protocol):
    """The durable core: inbox, domain rows, intents and audit in one encrypted database."""

    def transaction(self) -> AbstractAsyncContextManager[Commit]: ...

    def reading(self) -> AbstractAsyncContextManager[Commit]: ...

    async def token(self) -> str | None:
        """The sync token committed with the last batch."""

    async def receive(self, batch: Batch, at: datetime) -> None:
        """Store a batch and its token in one commit; an event id known already is not stored again."""

    async def next_arrivals(self, limit: int, resting: Collection[str] = ()) -> Sequence[tuple[int, Arrival]]:
        """What is not handled yet: each sender's in order, senders taking turns, those in `resting` left out."""

    async def undecrypted(self) -> Sequence[tuple[int, Arrival]]:
        """Arrivals still waiting for their room key."""

    async def overdue_for_key(self, received_before: datetime) -> Sequence[tuple[int, Arrival]]:
        """Of these, the ones received before then whose sender was not told yet."""

    async def stop_waiting(self, received_before: datetime, most: int) -> None:
        """Give up arrivals that have waited for their key since before then, and of each sender all but the last `most`."""

    async def decrypted(self, inbox_id: int, arrival: Arrival) -> None:
        """The room key came late: the arrival takes the place it came in."""

    async def due(
        self, now: datetime, limit: int, busy: frozenset[str], hands: Hands | None = None
    ) -> Sequence[Planned]:
        """Intents that may be carried out now, the most urgent first: due, first of their lane, nothing of them in `busy`:
        neither lane nor crowd nor id. All of them, or those of some `hands`."""

    async def next_due_at(self, now: datetime) -> datetime | None:
        """When the next intent becomes due that is not due by `now`."""

    async def news(self, listener: str, timeout: timedelta) -> None:
        """Return when something was committed since this listener was last told, by this process or by a command beside it,
        or after `timeout`. Asking what is due tells `WORKER` of all before."""

    async def arrived(self, timeout: timedelta) -> None:
        """Return when something was received since `next_arrivals` was last asked, or after `timeout`."""
