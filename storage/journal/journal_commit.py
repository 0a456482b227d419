"""One commit of the journal: rows of the domain, intents and audit entries, written together or not at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import (
    BigInteger,
    bindparam,
    case,
    delete,
    func,
    literal,
    not_,
    select,
    text,
    type_coerce,
    update,
)

from bot.domain.arrivals import ArrivalKind
from bot.domain.breach import Breach
from bot.domain.choices import Choice
from bot.domain.consent import Consent, ConsentAnswer, Disclosure, Line, UnheardNo
from bot.domain.conversation import Burst, Question
from bot.domain.copies import Copy
from bot.domain.delivery import AT_ONCE, Delivery
from bot.domain.document import Document
from bot.domain.identifiers import Account, EventId, ImageId, InvitationId, MediaId, PersonId, RoomId
from bot.domain.image import Image
from bot.domain.intents import to_json
from bot.domain.invitations import Invitation
from bot.domain.people import Authority, Patient, Person
from bot.domain.planned import Planned, Progress
from bot.domain.retention_rules import Destruction, LegalHold
from bot.domain.rooms import Room
from bot.domain.screening import Screening
from bot.domain.use import Use
from bot.domain.verification import Verification
from bot.domain.wrong_guesses import WrongGuess
from bot.ports import AuditEntry, DeliveryCount
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
from storage.records.record_tables import deliveries
from storage.sql.database import Connection
from storage.sql.rows import TableRows
from storage.sql.schema import MICROSECOND, Instant

from . import audit_chain, tables, troubles_told
from .list_rows import ListRows
from .looked_up import use_people
from .patient_spellings import PatientSpellings
from .queue_rows import (
    FINISHED,
    HANDLED,
    HAS_A_DATE,
    MAY_SHOW,
    PLANNED,
    SETTLED,
    TAKEN_ONCE,
    WAIT,
    InboxState,
    intent_row,
    planned_from,
)

_AT_ONCE = 500  # values in one statement
_LINKED = tables.use_images.c
_OF_THESE = select(_LINKED.use_id).where(_LINKED.image_id.in_(bindparam("wanted", expanding=True)))
_DUE = (
    select(deliveries)
    .where(deliveries.c.destination == bindparam("to"), deliveries.c.due <= bindparam("by"))
    .order_by(deliveries.c.due, text("delivery.rowid"))
    .limit(bindparam("most"))
)
_NEXT_DUE = select(func.min(deliveries.c.due)).where(deliveries.c.destination == bindparam("to"))
_FAILING = (
    select(deliveries.c.entry_id)
    .where(deliveries.c.destination == bindparam("to"), deliveries.c.due.is_not(None), deliveries.c.tries > 0)
    .order_by(deliveries.c.due)
)
_WITH_THEM = select(use_people.c.use_id).where(use_people.c.person_id == bindparam("wanted"))
_USES_WITH = select(tables.uses).where(tables.uses.c.id.in_(_WITH_THEM)).order_by(text("uses.rowid"))
_IN_LANE = (
    select(tables.intents)
    .where(tables.intents.c.progress.in_(Progress), tables.intents.c.lane == bindparam("wanted"))
    .order_by(tables.intents.c.seq)
)
_BEGUN = (
    select(deliveries.c.id).where(deliveries.c.destination == bindparam("to"), deliveries.c.ref.is_not(None)).limit(1)
)
_ALIKE_THERE = (deliveries.c.destination, deliveries.c.state, deliveries.c.form, deliveries.c.why)
_COUNTED = select(*_ALIKE_THERE, func.count()).where(deliveries.c.residue.is_(None)).group_by(*_ALIKE_THERE)
# A lane is short, and much is due: the plus keeps SQLite from looking among all that is.
_HURRIED = (
    update(tables.intents)
    .where(
        tables.intents.c.progress == Progress.DUE,
        tables.intents.c.lane == bindparam("wanted"),
        text("+due_at > :at").bindparams(bindparam("at", type_=Instant())),
    )
    .values(due_at=bindparam("at", type_=Instant()))
)
_USES_OF = select(tables.uses).where(tables.uses.c.id.in_(_OF_THESE)).order_by(text("uses.rowid"))


class JournalCommit:
    """Implements `bot.ports.Commit` on one connection.

    Intents and audit entries are written together at the end: a statement costs more in thread hops than in SQLite.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._planned: list[Planned] = []
        self._audited: list[tuple[AuditEntry, datetime]] = []
        self.people = PersonRows(TableRows(connection, tables.people, Person))
        self.authorities = AuthorityRows(TableRows(connection, tables.authorities, Authority))
        self.invitations = InvitationRows(TableRows(connection, tables.invitations, Invitation))
        self.rooms = RoomRows(TableRows(connection, tables.rooms, Room))
        self.images = ImageRows(TableRows(connection, tables.images, Image))
        self.copies = CopyRows(TableRows(connection, tables.copies, Copy))
        self.documents = DocumentRows(TableRows(connection, tables.documents, Document))
        self.screenings = ScreeningRows(TableRows(connection, tables.screenings, Screening))
        self.consents = ConsentRows(TableRows(connection, tables.consents, Consent))
        self.disclosures = DisclosureRows(TableRows(connection, tables.disclosures, Disclosure))
        self.bursts = BurstRows(TableRows(connection, tables.bursts, Burst))
        self.questions = QuestionRows(TableRows(connection, tables.questions, Question))
        self._of_uses = TableRows(connection, tables.uses, Use)
        self.uses = UseRows(self._of_uses)
        self.consent_answers = ConsentAnswerRows(TableRows(connection, tables.consent_answers, ConsentAnswer))
        self.unheard_noes = UnheardNoRows(TableRows(connection, tables.unheard_noes, UnheardNo))
        self.lines = LineRows(TableRows(connection, tables.lines, Line))
        self.choices = ChoiceRows(TableRows(connection, tables.choices, Choice))
        self.breaches = BreachRows(TableRows(connection, tables.breaches, Breach))
        self.legal_holds = LegalHoldRows(TableRows(connection, tables.legal_holds, LegalHold))
        self.destructions = DestructionRows(TableRows(connection, tables.destructions, Destruction))
        self.wrong_guesses = WrongGuessRows(TableRows(connection, tables.wrong_guesses, WrongGuess))
        self._of_deliveries = TableRows(connection, deliveries, Delivery)
        self.deliveries = DeliveryRows(self._of_deliveries)
        self.verifications = VerificationRows(TableRows(connection, tables.verifications, Verification))

    @property
    def lists(self) -> ListRows:
        return ListRows(self._connection)

    @cached_property
    def patients(self) -> PatientRows:
        table = TableRows(self._connection, tables.patients, Patient)
        return PatientRows(table, PatientSpellings(table))

    async def plan(self, *planned: Planned) -> None:
        self._planned += planned

    async def flush(self) -> None:
        """Write what was gathered. The transaction that made this commit calls it before it commits."""
        planned, self._planned = self._planned, []
        audited, self._audited = self._audited, []
        if planned:
            await self._connection.execute(PLANNED, [intent_row(intent) for intent in planned])
        if audited:
            await audit_chain.append(self._connection, audited)

    async def settle(self, planned: Planned) -> None:
        await self._connection.execute(
            SETTLED,
            {
                "settled_id": planned.id,
                "due_at": planned.due_at,
                "attempts": planned.attempts,
                "progress": planned.progress,
                "trouble": planned.trouble,
                "payload": to_json(planned.intent),
            },
        )

    async def finish(self, planned: Planned) -> None:
        await self._connection.execute(FINISHED, {"finished_id": planned.id})

    async def hurry(self, lane: str, at: datetime) -> None:
        await self.flush()
        await self._connection.execute(_HURRIED, {"wanted": lane, "at": at})

    async def postpone(self, by: timedelta) -> None:
        microseconds = literal(by // MICROSECOND, BigInteger)
        waiting = tables.intents.c.progress == Progress.DUE
        moved = type_coerce(type_coerce(tables.intents.c.due_at, BigInteger) + microseconds, Instant)
        await self._connection.execute(update(tables.intents).where(waiting, not_(HAS_A_DATE)).values(due_at=moved))
        looked = type_coerce(type_coerce(deliveries.c.due, BigInteger) + microseconds, Instant)
        await self._connection.execute(update(deliveries).where(deliveries.c.due > AT_ONCE).values(due=looked))

    async def uses_of(self, *image_ids: ImageId) -> list[Use]:
        return list(await self._of_uses.among(_USES_OF, {"wanted": list(image_ids)}))

    async def deliveries_due(self, destination: str, at: datetime, most: int) -> list[Delivery]:
        return list(await self._of_deliveries.among(_DUE, {"to": destination, "by": at, "most": most}))

    async def deliveries_failing(self, destination: str) -> list[str]:
        return list((await self._connection.execute(_FAILING, {"to": destination})).scalars())

    async def troubles_told(self, destination: str) -> dict[str, str]:
        return await troubles_told.troubles_told(self._connection, destination)

    async def keep_troubles_told(self, destination: str, told: Mapping[str, str]) -> None:
        await troubles_told.keep(self._connection, destination, told)

    async def delivery_due_at(self, destination: str) -> datetime | None:
        return (await self._connection.execute(_NEXT_DUE, {"to": destination})).scalar()

    async def delivery_begun(self, destination: str) -> bool:
        return (await self._connection.execute(_BEGUN, {"to": destination})).first() is not None

    async def delivery_counts(self) -> list[DeliveryCount]:
        return [DeliveryCount(*tuple(counted)) for counted in await self._connection.execute(_COUNTED)]

    async def uses_with(self, person_id: PersonId) -> list[Use]:
        return list(await self._of_uses.among(_USES_WITH, {"wanted": person_id}))

    async def waiting(self, *progress: str) -> list[Planned]:
        await self.flush()
        statement = select(tables.intents).where(tables.intents.c.progress.in_(progress)).order_by(tables.intents.c.seq)
        return [planned_from(row) for row in await self._connection.execute(statement)]

    async def waiting_in(self, lane: str) -> list[Planned]:
        await self.flush()
        return [planned_from(row) for row in await self._connection.execute(_IN_LANE, {"wanted": lane})]

    async def audit(self, entry: AuditEntry, at: datetime) -> None:
        self._audited.append((entry, at))

    async def latest_audited(self, since: str) -> datetime | None:
        return await audit_chain.latest_written(self._connection, since)

    async def forget_details(self, subjects: Collection[str], at: datetime) -> None:
        wanted, details = sorted(set(subjects)), tables.audit_details.c
        for start in range(0, len(wanted), _AT_ONCE):
            about = tables.audit.c.subject.in_(wanted[start : start + _AT_ONCE])
            gone = delete(tables.audit_details).where(details.seq.in_(select(tables.audit.c.seq).where(about)))
            erased = sorted((await self._connection.execute(gone.returning(details.seq))).scalars())
            if erased:
                await self.audit(AuditEntry("bot", audit_chain.ERASED, "audit", {"entries": erased}), at)

    async def registration_token(self, invitation_id: InvitationId, valid_until: datetime) -> str:
        tokens = tables.registration_tokens
        free = select(tokens.c.token).where(tokens.c.invitation_id == "", tokens.c.expires_at >= valid_until).limit(1)
        token = (await self._connection.execute(free)).scalar()
        if token is None:
            return ""
        taken = update(tokens).where(tokens.c.token == token).values(invitation_id=invitation_id)
        await self._connection.execute(taken)
        return str(token)

    async def told_unreadable(self, inbox_ids: Sequence[int]) -> None:
        for start in range(0, len(inbox_ids), _AT_ONCE):
            told = tables.inbox.c.id.in_(inbox_ids[start : start + _AT_ONCE])
            await self._connection.execute(update(tables.inbox).where(told).values(trouble="told"))

    async def set_aside(self, received_after: datetime) -> Mapping[str, int]:
        inbox = tables.inbox.c
        why = case(
            (inbox.state == InboxState.QUARANTINED, inbox.trouble),
            (inbox.kind == ArrivalKind.MALFORMED, "malformed"),
            else_=inbox.state,
        ).label("why")
        counted = (
            select(why, func.count().label("arrivals"))
            .where(text(f"({tables.SET_ASIDE})"), inbox.received_at > received_after)
            .group_by(why)
        )
        return {row.why: row.arrivals for row in await self._connection.execute(counted)}

    async def wait_for_key(self, event_id: EventId, of: str, received_after: datetime, most: int) -> bool:
        asked = {"waiting_id": event_id, "awaited": of, "since": received_after, "most": most}
        return (await self._connection.execute(WAIT, asked)).rowcount == 1

    async def may_show(
        self, mxc: MediaId, sender: Account, room_ids: Collection[RoomId], received_after: datetime
    ) -> bool:
        asked = {"shown": mxc, "by": sender, "in_rooms": list(room_ids), "since": received_after}
        return (await self._connection.execute(MAY_SHOW, asked)).first() is not None

    async def is_first(self, event_id: EventId, once: str) -> bool:
        return (await self._connection.execute(TAKEN_ONCE, {"taken": event_id, "as_once": once})).rowcount == 1

    async def handled(self, inbox_id: int, quarantined: str = "") -> None:
        state = InboxState.QUARANTINED if quarantined else InboxState.HANDLED
        await self._connection.execute(HANDLED, {"handled_id": inbox_id, "state": state, "trouble": quarantined})
