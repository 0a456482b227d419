"""The durable core: inbox, domain rows, intents and audit, in one encrypted database, one writer, one commit per decision.

Implements `bot.ports.Journal`. An arrival's content and an intent's payload are wiped as soon as they are dealt with, so that
what people wrote is kept once, in the rows that need it.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.arrivals import Arrival, ArrivalKind, Batch, Standing, Verdict
from bot.domain.breach import Breach
from bot.domain.choices import Choice
from bot.domain.consents import Consent, ConsentAnswer, Disclosure, Line
from bot.domain.conversation import Question
from bot.domain.copies import Copy
from bot.domain.documents import Document
from bot.domain.image import Image
from bot.domain.intents import Planned, Progress, from_json, to_json, urgency
from bot.domain.invitations import Invitation
from bot.domain.people import Authority, Patient, Person
from bot.domain.retention import Destruction, LegalHold
from bot.domain.rooms import Room
from bot.domain.screening import Screening
from bot.domain.use import Use
from bot.domain.verification import Verification
from bot.ports import WORKER, AuditEntry

from . import audit, tables
from .bell import Bell
from .database import Connection, Database
from .rows import TableRows
from .schema import MICROSECOND, Instant, canonical

_TOKEN = "sync-token"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_INBOX = "inbox"
_AT_ONCE = 500  # values in one statement


# Statements of every photo are built once: building one takes longer than carrying it out.
def _due() -> Select[Any]:
    intents, earlier = tables.intents.c, tables.intents.alias("earlier").c
    overtaken = (
        select(earlier.seq)
        .where(and_(earlier.progress == Progress.DUE, earlier.lane == intents.lane, earlier.seq < intents.seq))
        .exists()
    )
    busy = bindparam("busy", expanding=True, type_=String())
    free = [column.not_in(busy) for column in (intents.id, intents.lane, intents.crowd)]
    mine = (
        intents.progress == Progress.DUE,
        intents.due_at <= bindparam("now"),
        *free,
        (intents.lane == "") | ~overtaken,
    )
    return (
        select(tables.intents)
        .where(*mine)
        .order_by(intents.urgency, intents.seq)
        .limit(bindparam("most", type_=Integer()))
    )


def _next_arrivals() -> Select[Any]:
    inbox = tables.inbox.c
    turn = func.row_number().over(partition_by=inbox.sender, order_by=inbox.id).label("turn")
    silent = bindparam("resting", expanding=True, type_=String())
    heard = select(inbox.id, turn).where(inbox.state == "new", inbox.sender.not_in(silent)).subquery()
    most = bindparam("most", type_=Integer())
    next_ones = select(heard.c.id, heard.c.turn).order_by(heard.c.turn, heard.c.id).limit(most).subquery()
    return select(tables.inbox).join(next_ones, inbox.id == next_ones.c.id).order_by(next_ones.c.turn, inbox.id)


def _given_up() -> Select[Any]:
    inbox = tables.inbox.c
    newest = func.row_number().over(partition_by=inbox.sender, order_by=inbox.id.desc()).label("newest")
    waiting = select(inbox.id, inbox.received_at, newest).where(inbox.state == "waiting-for-key").subquery()
    too_long = or_(waiting.c.received_at < bindparam("before"), waiting.c.newest > bindparam("most", type_=Integer()))
    return select(waiting.c.id).where(too_long)


_DUE = _due()
_GIVEN_UP = _given_up()
_NEXT_DUE_AT = (
    select(tables.intents.c.due_at)
    .where(tables.intents.c.progress == Progress.DUE)
    .order_by(tables.intents.c.due_at)
    .limit(1)
)
_NEXT_ARRIVALS = _next_arrivals()
_PLANNED = insert(tables.intents)
_SETTLED = (
    update(tables.intents)
    .where(tables.intents.c.id == bindparam("settled_id"))
    .values({name: bindparam(name) for name in ("due_at", "attempts", "progress", "trouble", "payload")})
)
_HANDLED = (
    update(tables.inbox)
    .where(tables.inbox.c.id == bindparam("handled_id"))
    .values(state=bindparam("state"), trouble=bindparam("trouble"), arrival=null())
)


class JournalCommit:
    """Implements `bot.ports.Commit` on one connection.

    Intents and audit entries are written together at the end: a statement costs more in thread hops than in SQLite.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._planned: list[Planned] = []
        self._audited: list[tuple[AuditEntry, datetime]] = []
        self.people = TableRows(connection, tables.people, Person)
        self.patients = TableRows(connection, tables.patients, Patient)
        self.authorities = TableRows(connection, tables.authorities, Authority)
        self.invitations = TableRows(connection, tables.invitations, Invitation)
        self.rooms = TableRows(connection, tables.rooms, Room)
        self.images = TableRows(connection, tables.images, Image)
        self.copies = TableRows(connection, tables.copies, Copy)
        self.documents = TableRows(connection, tables.documents, Document)
        self.screenings = TableRows(connection, tables.screenings, Screening)
        self.consents = TableRows(connection, tables.consents, Consent)
        self.disclosures = TableRows(connection, tables.disclosures, Disclosure)
        self.questions = TableRows(connection, tables.questions, Question)
        self.uses = TableRows(connection, tables.uses, Use)
        self.consent_answers = TableRows(connection, tables.consent_answers, ConsentAnswer)
        self.lines = TableRows(connection, tables.lines, Line)
        self.choices = TableRows(connection, tables.choices, Choice)
        self.breaches = TableRows(connection, tables.breaches, Breach)
        self.legal_holds = TableRows(connection, tables.legal_holds, LegalHold)
        self.destructions = TableRows(connection, tables.destructions, Destruction)
        self.verifications = TableRows(connection, tables.verifications, Verification)

    async def plan(self, *planned: Planned) -> None:
        self._planned += planned

    async def flush(self) -> None:
        """Write what was gathered. The transaction that made this calls it before it commits."""
        planned, self._planned = self._planned, []
        audited, self._audited = self._audited, []
        if planned:
            await self._connection.execute(_PLANNED, [_intent_row(one) for one in planned])
        if audited:
            await audit.append(self._connection, audited)

    async def settle(self, planned: Planned) -> None:
        finished = planned.progress in {Progress.DONE, Progress.CANCELLED}
        await self._connection.execute(
            _SETTLED,
            {
                "settled_id": planned.id,
                "due_at": planned.due_at,
                "attempts": planned.attempts,
                "progress": planned.progress,
                "trouble": planned.trouble,
                "payload": None if finished else to_json(planned.intent),
            },
        )

    async def hurry(self, lane: str, at: datetime) -> None:
        await self.flush()
        await self._connection.execute(
            update(tables.intents)
            .where(
                tables.intents.c.lane == lane, tables.intents.c.progress == Progress.DUE, tables.intents.c.due_at > at
            )
            .values(due_at=at)
        )

    async def postpone(self, by: timedelta) -> None:
        microseconds = literal(by // MICROSECOND, BigInteger)
        waiting = tables.intents.c.progress == Progress.DUE
        moved = type_coerce(type_coerce(tables.intents.c.due_at, BigInteger) + microseconds, Instant)
        await self._connection.execute(update(tables.intents).where(waiting).values(due_at=moved))

    async def waiting(self, *progress: str) -> list[Planned]:
        await self.flush()
        statement = select(tables.intents).where(tables.intents.c.progress.in_(progress)).order_by(tables.intents.c.seq)
        return [_planned(row) for row in await self._connection.execute(statement)]

    async def audit(self, entry: AuditEntry, at: datetime) -> None:
        self._audited.append((entry, at))

    async def forget_details(self, subjects: Collection[str]) -> None:
        wanted = sorted(set(subjects))
        for start in range(0, len(wanted), _AT_ONCE):
            about = tables.audit.c.subject.in_(wanted[start : start + _AT_ONCE])
            seqs = select(tables.audit.c.seq).where(about)
            await self._connection.execute(delete(tables.audit_details).where(tables.audit_details.c.seq.in_(seqs)))

    async def registration_token(self, invitation_id: str, valid_until: datetime) -> str:
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
            (inbox.state == "quarantined", inbox.trouble),
            (inbox.kind == ArrivalKind.MALFORMED, "malformed"),
            else_=inbox.state,
        ).label("why")
        aside = or_(
            inbox.state.in_(("quarantined", "waiting-for-key", "unreadable")), inbox.kind == ArrivalKind.MALFORMED
        )
        counted = (
            select(why, func.count().label("arrivals")).where(aside, inbox.received_at > received_after).group_by(why)
        )
        return {row.why: row.arrivals for row in await self._connection.execute(counted)}

    async def handled(self, inbox_id: int, quarantined: str = "") -> None:
        state = "quarantined" if quarantined else "handled"
        await self._connection.execute(_HANDLED, {"handled_id": inbox_id, "state": state, "trouble": quarantined})


class EncryptedJournal:
    """Implements `bot.ports.Journal`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._commits = Bell(database.stamp)
        self._arrivals = Bell()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[JournalCommit]:
        async with self._database.transaction() as connection:
            commit = JournalCommit(connection)
            yield commit
            await commit.flush()
        self._commits.ring()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[JournalCommit]:
        async with self._database.reading() as connection:
            yield JournalCommit(connection)

    async def news(self, listener: str, timeout: timedelta) -> None:
        await self._commits.wait(listener, timeout)

    async def arrived(self, timeout: timedelta) -> None:
        await self._arrivals.wait(_INBOX, timeout)

    # ---- inbox

    async def token(self) -> str | None:
        return await self.setting(_TOKEN)

    async def setting(self, key: str) -> str | None:
        async with self._database.reading() as connection:
            found = select(tables.settings.c.value).where(tables.settings.c.key == key)
            value: str | None = (await connection.execute(found)).scalar()
            return value

    async def set(self, key: str, value: str) -> None:
        async with self._database.transaction() as connection:
            await _set(connection, key, value)

    async def receive(self, batch: Batch, at: datetime) -> None:
        async with self._database.transaction() as connection:
            if batch.arrivals:
                new = sqlite_insert(tables.inbox).on_conflict_do_nothing(index_elements=["event_id"])
                await connection.execute(new, [_inbox_row(_storable(each), at) for each in batch.arrivals])
            await _set(connection, _TOKEN, batch.token)
        if batch.arrivals:
            self._arrivals.ring()

    async def next_arrivals(self, limit: int, resting: Collection[str] = ()) -> Sequence[tuple[int, Arrival]]:
        self._arrivals.knows(_INBOX)
        return await self._read_arrivals(_NEXT_ARRIVALS, {"most": limit, "resting": sorted(resting)})

    async def undecrypted(self) -> Sequence[tuple[int, Arrival]]:
        return await self._read_arrivals(
            select(tables.inbox).where(tables.inbox.c.state == "waiting-for-key").order_by(tables.inbox.c.id)
        )

    async def overdue_for_key(self, received_before: datetime) -> Sequence[tuple[int, Arrival]]:
        waiting = (tables.inbox.c.state == "waiting-for-key", tables.inbox.c.trouble == "")
        return await self._read_arrivals(
            select(tables.inbox).where(*waiting, tables.inbox.c.received_at < received_before)
        )

    async def stop_waiting(self, received_before: datetime, most: int) -> None:
        bounds = {"before": received_before, "most": most}
        async with self._database.reading() as connection:
            if (await connection.execute(_GIVEN_UP.limit(1), bounds)).first() is None:
                return
        async with self._database.transaction() as connection:
            given_up = tables.inbox.c.id.in_(_GIVEN_UP)
            unreadable = update(tables.inbox).where(given_up).values(state="unreadable", arrival=null())
            await connection.execute(unreadable, bounds)

    async def _read_arrivals(
        self, statement: Select[Any], asked: Mapping[str, Any] | None = None
    ) -> Sequence[tuple[int, Arrival]]:
        async with self._database.reading() as connection:
            return [(row.id, _arrival(row.arrival)) for row in await connection.execute(statement, asked)]

    async def decrypted(self, inbox_id: int, arrival: Arrival) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(
                update(tables.inbox)
                .where(tables.inbox.c.id == inbox_id, tables.inbox.c.state == "waiting-for-key")
                .values(state="new", kind=arrival.kind, arrival=_arrival_json(arrival))
            )
        self._arrivals.ring()

    # ---- intents

    async def due(self, now: datetime, limit: int, busy: frozenset[str]) -> Sequence[Planned]:
        self._commits.knows(WORKER)
        asked = {"now": now, "most": limit, "busy": sorted(busy)}
        async with self._database.reading() as connection:
            return [_planned(row) for row in await connection.execute(_DUE, asked)]

    async def next_due_at(self) -> datetime | None:
        async with self._database.reading() as connection:
            due: datetime | None = (await connection.execute(_NEXT_DUE_AT)).scalar()
            return due

    # ---- set-up

    async def offer_registration_token(self, token: str, expires_at: datetime) -> None:
        """Add a token for a new account on the embedded homeserver; a known one is left as it is."""
        new = sqlite_insert(tables.registration_tokens).on_conflict_do_nothing(index_elements=["token"])
        async with self._database.transaction() as connection:
            await connection.execute(new.values(token=token, expires_at=expires_at, invitation_id=""))

    async def free_registration_tokens(self, valid_until: datetime) -> int:
        tokens = tables.registration_tokens
        free = select(func.count()).where(tokens.c.invitation_id == "", tokens.c.expires_at >= valid_until)
        async with self._database.reading() as connection:
            count: int = (await connection.execute(free)).scalar_one()
            return count


async def _set(connection: Connection, key: str, value: str) -> None:
    statement = sqlite_insert(tables.settings).values(key=key, value=value)
    await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


def _storable(arrival: Arrival) -> Arrival:
    """Itself; or, when it holds what no row can, a malformed arrival in its place. One arrival must not stop the sync."""
    try:
        canonical(_arrival_json(arrival))
        f"{arrival.event_id}{arrival.sender}".encode()
    except (ValueError, TypeError, RecursionError) as error:
        digest = hashlib.sha256(repr((arrival.event_id, arrival.sender)).encode()).hexdigest()
        return Arrival(
            ArrivalKind.MALFORMED, "", f"malformed:{digest}", "", _LONG_AGO, content={"error": type(error).__name__}
        )
    return arrival


def _inbox_row(arrival: Arrival, at: datetime) -> dict[str, Any]:
    waiting = arrival.kind is ArrivalKind.UNDECRYPTABLE
    return {
        "event_id": arrival.event_id,
        "kind": arrival.kind,
        "sender": arrival.sender,
        "arrival": _arrival_json(arrival),
        "state": "waiting-for-key" if waiting else "new",
        "trouble": "",
        "received_at": at,
    }


def _arrival_json(arrival: Arrival) -> dict[str, Any]:
    return {**asdict(arrival), "sent_at": arrival.sent_at.isoformat(), "kind": arrival.kind.value}


def _arrival(stored: dict[str, Any]) -> Arrival:
    verdict = Verdict(**{**stored["verdict"], "standing": Standing(stored["verdict"]["standing"])})
    return Arrival(
        **{
            **stored,
            "kind": ArrivalKind(stored["kind"]),
            "sent_at": datetime.fromisoformat(stored["sent_at"]),
            "verdict": verdict,
        }
    )


def _intent_row(planned: Planned) -> dict[str, Any]:
    return {
        "id": planned.id,
        "kind": planned.intent.kind,
        "lane": planned.lane,
        "crowd": planned.crowd,
        "urgency": urgency(planned.intent),
        "payload": to_json(planned.intent),
        "due_at": planned.due_at,
        "planned_at": planned.planned_at,
        "attempts": planned.attempts,
        "progress": planned.progress,
        "trouble": planned.trouble,
    }


def _planned(row: Row[Any]) -> Planned:
    return Planned(
        id=row.id,
        lane=row.lane,
        due_at=row.due_at,
        intent=from_json(row.kind, row.payload),
        attempts=row.attempts,
        progress=row.progress,
        trouble=row.trouble,
        planned_at=row.planned_at,
        crowd=row.crowd,
        seq=row.seq,
    )
