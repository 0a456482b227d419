"""The durable core: inbox, domain rows, intents and audit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.arrivals import Arrival, Batch
from bot.domain.assurance import CopyForm, Level
from bot.domain.delivery import Delivery
from bot.domain.identifiers import Account, Actor, EventId, ImageId, InvitationId, MediaId, PersonId, RoomId
from bot.domain.planned import Hands, Planned, Progress
from bot.domain.use import Use
from bot.ports.journal_rows.of_conversations import BurstRows, ChoiceRows, QuestionRows
from bot.ports.journal_rows.of_deliveries import DeliveryRows
from bot.ports.journal_rows.of_images import (
    BreachRows,
    CopyRows,
    DestructionRows,
    DocumentRows,
    ImageRows,
    LegalHoldRows,
    ScreeningRows,
)
from bot.ports.journal_rows.of_lists import Lists
from bot.ports.journal_rows.of_people import (
    AuthorityRows,
    InvitationRows,
    PatientRows,
    PersonRows,
    RoomRows,
    VerificationRows,
    WrongGuessRows,
)
from bot.ports.journal_rows.of_uses import (
    ConsentAnswerRows,
    ConsentRows,
    DisclosureRows,
    LineRows,
    UnheardNoRows,
    UseRows,
)


class Conflict(Exception):
    """Somebody else changed this row since it was read: nothing was written; decide again."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What goes into the audit chain (R27). `details` enter it only as a salted commitment; the rest are ids and words."""

    actor: Actor
    action: str
    subject: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeliveryCount:
    """How many entries stand alike at one destination."""

    destination: str
    state: Level
    form: CopyForm
    why: str
    entries: int


class Commit(Protocol):
    """One transaction: everything in it is committed together, or nothing is."""

    @property
    def people(self) -> PersonRows: ...
    @property
    def patients(self) -> PatientRows: ...
    @property
    def authorities(self) -> AuthorityRows: ...
    @property
    def invitations(self) -> InvitationRows: ...
    @property
    def rooms(self) -> RoomRows: ...
    @property
    def images(self) -> ImageRows: ...
    @property
    def copies(self) -> CopyRows: ...
    @property
    def documents(self) -> DocumentRows: ...
    @property
    def screenings(self) -> ScreeningRows: ...
    @property
    def consents(self) -> ConsentRows: ...
    @property
    def disclosures(self) -> DisclosureRows: ...
    @property
    def bursts(self) -> BurstRows: ...
    @property
    def questions(self) -> QuestionRows: ...
    @property
    def uses(self) -> UseRows: ...
    @property
    def consent_answers(self) -> ConsentAnswerRows: ...
    @property
    def unheard_noes(self) -> UnheardNoRows: ...
    @property
    def lines(self) -> LineRows: ...
    @property
    def choices(self) -> ChoiceRows: ...
    @property
    def breaches(self) -> BreachRows: ...
    @property
    def legal_holds(self) -> LegalHoldRows: ...
    @property
    def destructions(self) -> DestructionRows: ...
    @property
    def wrong_guesses(self) -> WrongGuessRows: ...
    @property
    def verifications(self) -> VerificationRows: ...
    @property
    def lists(self) -> Lists: ...

    @property
    def deliveries(self) -> DeliveryRows: ...

    async def deliveries_due(self, destination: str, at: datetime, most: int) -> list[Delivery]:
        """Return what is to be looked at by now: what was not tried in the order it was filed, then what failed longest ago."""

    async def deliveries_failing(self, destination: str) -> list[str]:
        """Return the entries that wait there and failed when they were tried last."""

    async def troubles_told(self, destination: str) -> dict[str, str]:
        """Return what people were told of trouble there, and not yet that it is over, by entry; "" is all of it."""

    async def keep_troubles_told(self, destination: str, told: Mapping[str, str]) -> None: ...

    async def delivery_due_at(self, destination: str) -> datetime | None:
        """Return when the next delivery there is due; None while none waits."""

    async def delivery_begun(self, destination: str) -> bool:
        """Return whether anything was ever placed there."""

    async def delivery_counts(self) -> list[DeliveryCount]:
        """Count the deliveries of all destinations; those whose copy was taken out do not count."""

    async def uses_of(self, *image_ids: ImageId) -> list[Use]:
        """Return every use of one of these images, oldest first."""

    async def uses_with(self, person_id: PersonId) -> list[Use]:
        """Return every use that this person asked for or is a recipient of, oldest first."""

    async def plan(self, *planned: Planned) -> None:
        """Add intents."""

    async def settle(self, planned: Planned) -> None:
        """Write back an intent's progress. One that was cancelled meanwhile stays cancelled."""

    async def finish(self, planned: Planned) -> None:
        """Forget an intent that is done, or is no longer to be done: nothing of it is kept."""

    async def hurry(self, lane: str, at: datetime) -> None:
        """Make what waits in this lane due now."""

    async def postpone(self, by: timedelta) -> None:
        """Move what waits for its time, because the clock was set by as much; what has a date of its own stays.

        `by` may be negative.
        """

    async def waiting(self, *progress: Progress) -> list[Planned]:
        """Return the intents in these states, oldest first."""

    async def waiting_in(self, lane: str) -> list[Planned]:
        """Return what is due or held in this lane, oldest first."""

    async def audit(self, entry: AuditEntry, at: datetime) -> None: ...

    async def latest_audited(self, since: str) -> datetime | None:
        """Return the latest time, by the clocks of then, in the last hundred audit entries; `None` before the first.

        What stands before the last entry of the action `since` does not count.
        """

    async def forget_details(self, subjects: Collection[str], at: datetime) -> None:
        """Destroy salts and details of all audit entries about these subjects.

        The chain stays whole, and says no more of them than that their details were erased. Details that are gone without this
        being said are found to be missing.
        """

    async def registration_token(self, invitation_id: InvitationId, valid_until: datetime) -> str:
        """Take one token for an account on the embedded homeserver, good until then; return "" when there is none left."""

    async def told_unreadable(self, inbox_ids: Sequence[int]) -> None:
        """Note that the sender was asked to send again; the arrivals still wait for their key."""

    async def set_aside(self, received_after: datetime) -> Mapping[str, int]:
        """Return how many arrivals could not be acted upon since then, by reason: malformed, waiting-for-key, unreadable, and
        the class of error for what was quarantined.
        """

    async def wait_for_key(self, event_id: EventId, of: EventId, received_after: datetime, most: int) -> bool:
        """Have this arrival wait until `of`, another of its sender's, can be read: then it is decided again.

        Return False when there is nothing to wait for: `of` was read, is not theirs or came before `received_after`, or `most`
        of theirs are waiting already.
        """

    async def may_show(
        self, mxc: MediaId, sender: Account, room_ids: Collection[RoomId], received_after: datetime
    ) -> bool:
        """Return whether an undecided arrival from this sender shows this media, or may.

        It may because it came into one of these rooms after `received_after` and its key is late.
        """

    async def is_first(self, event_id: EventId, once: str) -> bool:
        """Note that this arrival has that name; return whether no other of its sender had it, and was decided."""

    async def handled(self, inbox_id: int, quarantined: str = "") -> None:
        """Mark an inbox row as handled, unless it was made to wait; `quarantined` names the error class of a poison event."""


WORKER = "worker"  # the one who listens for what is due


class Journal(Protocol):
    """The durable core: inbox, domain rows, intents and audit in one encrypted database."""

    def transaction(self) -> AbstractAsyncContextManager[Commit]: ...

    def reading(self) -> AbstractAsyncContextManager[Commit]:
        """Look at one moment of the journal, beside the writer: neither waits for the other, and nothing can be written."""

    async def token(self) -> str | None:
        """Return the sync token committed with the last batch."""

    async def receive(self, batch: Batch, at: datetime) -> None:
        """Store a batch and its token in one commit; an event id that is known already is not stored again."""

    async def next_arrivals(self, limit: int, resting: Collection[Account] = ()) -> Sequence[tuple[int, Arrival]]:
        """Return what is not handled yet: each sender's in order, senders taking turns, those in `resting` left out."""

    async def undecrypted(self) -> Sequence[tuple[int, Arrival]]:
        """Return the arrivals that still wait for their room key."""

    async def overdue_for_key(self, received_before: datetime) -> Sequence[tuple[int, Arrival]]:
        """Return those of them that were received before then and whose sender was not told yet."""

    async def stop_waiting(self, received_before: datetime, most: int) -> None:
        """Give up arrivals that have waited for their key since before then, and all but the last `most` of each sender."""

    async def decrypted(self, inbox_id: int, arrival: Arrival) -> None:
        """Put a decrypted arrival, whose room key came late, in the place it came in: before those of its
        sender's that wait for a key.
        """

    async def decide_anyway(self, received_before: datetime) -> None:
        """Let arrivals that came before then no longer wait for the key of another."""

    async def due(self, now: datetime, most: Mapping[Hands, int], busy: frozenset[str]) -> Sequence[Planned]:
        """Return intents that may be carried out now: due, first of their lane, with neither crowd nor lane nor id in `busy`.

        Return at most `most[hands]` intents for each kind of worker, the most urgent first.
        """

    async def next_due_at(self, now: datetime) -> datetime | None:
        """Return when the next intent becomes due that is not due by `now`."""

    async def news(self, listener: str, timeout: timedelta) -> None:
        """Return when something was committed since this listener was last told, by this process or by a command beside it, or
        after `timeout`. Asking what is due tells `WORKER` of everything before.
        """

    def has_arrived(self) -> bool:
        """Return whether anything was received since `next_arrivals` was last asked."""

    async def arrived(self, timeout: timedelta) -> None:
        """Return when something was received since `next_arrivals` was last asked, or after `timeout`."""
