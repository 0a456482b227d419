"""The two queues as rows. Arrivals: whose turn it is, what has waited too long for a key, and what no row can hold. Intents:
what is due, in which order; planned and settled.

Statements for every message and photo are built once: building one takes longer than carrying it out.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    Integer,
    Row,
    Select,
    String,
    Update,
    and_,
    bindparam,
    delete,
    func,
    insert,
    null,
    or_,
    select,
    type_coerce,
    union_all,
    update,
)

from bot.core.schedule import queue_of
from bot.domain.arrivals import Arrival, ArrivalKind, Proof, TrustVerdict
from bot.domain.identifiers import NO_ACCOUNT, NO_ROOM, EventId
from bot.domain.intents import Remind, from_json, to_json
from bot.domain.planned import Hands, Planned, Progress, Queue
from bot.domain.reminders import DATED
from storage.sql.schema import canonical

from . import tables


class InboxState(StrEnum):
    NEW = "new"
    WAITING_FOR_KEY = "waiting-for-key"
    WAITING_FOR_ANOTHER = "waiting-for-another"  # waits for another of the same sender's, whose key is late
    UNREADABLE = "unreadable"  # given up
    HANDLED = "handled"
    QUARANTINED = "quarantined"  # deciding it failed: a poison event must not stop the others


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def _next_arrivals() -> Select[Any]:
    inbox = tables.inbox.c
    turn = func.row_number().over(partition_by=inbox.sender, order_by=inbox.id).label("turn")
    silent = bindparam("resting", expanding=True, type_=String())
    heard = select(inbox.id, turn).where(inbox.state == InboxState.NEW, inbox.sender.not_in(silent)).subquery()
    most = bindparam("most", type_=Integer())
    next_ones = select(heard.c.id, heard.c.turn).order_by(heard.c.turn, heard.c.id).limit(most).subquery()
    return select(tables.inbox).join(next_ones, inbox.id == next_ones.c.id).order_by(next_ones.c.turn, inbox.id)


def _given_up() -> Select[Any]:
    inbox = tables.inbox.c
    newest = func.row_number().over(partition_by=inbox.sender, order_by=inbox.id.desc()).label("newest")
    waiting = select(inbox.id, inbox.received_at, newest).where(inbox.state == InboxState.WAITING_FOR_KEY).subquery()
    too_long = or_(waiting.c.received_at < bindparam("before"), waiting.c.newest > bindparam("most", type_=Integer()))
    return select(waiting.c.id).where(too_long)


def _wait() -> Update:
    waiting, inbox, other, theirs = tables.inbox.c, tables.inbox, tables.inbox.alias(), tables.inbox.alias()
    unread = select(other.c.id).where(
        other.c.event_id == bindparam("awaited"),
        other.c.sender == waiting.sender,
        other.c.state == InboxState.WAITING_FOR_KEY,
        other.c.received_at > bindparam("since"),
    )
    so_many = select(func.count()).where(
        theirs.c.sender == waiting.sender, theirs.c.state == InboxState.WAITING_FOR_ANOTHER
    )
    few = so_many.scalar_subquery() < bindparam("most", type_=Integer())
    this = waiting.event_id == bindparam("waiting_id")
    return update(inbox).where(this, unread.exists(), few).values(state=InboxState.WAITING_FOR_ANOTHER)


def _may_show() -> Select[Any]:
    inbox = tables.inbox.c
    stored = type_coerce(inbox.arrival, String)
    room_ids = bindparam("in_rooms", expanding=True, type_=String())
    unread = and_(
        inbox.state == InboxState.WAITING_FOR_KEY,
        inbox.received_at > bindparam("since"),
        func.json_extract(stored, "$.room_id").in_(room_ids),
    )
    undecided = and_(inbox.state != InboxState.WAITING_FOR_KEY, func.instr(stored, bindparam("shown")) > 0)
    theirs = (
        inbox.state.in_((InboxState.NEW, InboxState.WAITING_FOR_KEY, InboxState.WAITING_FOR_ANOTHER)),
        inbox.sender == bindparam("by"),
    )
    return select(inbox.id).where(*theirs, or_(unread, undecided)).limit(1)


NEXT_ARRIVALS = _next_arrivals()
GIVEN_UP = _given_up()
WAIT = _wait()
MAY_SHOW = _may_show()
HANDLED = (
    update(tables.inbox)
    .where(tables.inbox.c.id == bindparam("handled_id"), tables.inbox.c.state == InboxState.NEW)
    .values(state=bindparam("state"), trouble=bindparam("trouble"), arrival=null())
)

# Changes no row where another one of the same sender has that name.
TAKEN_ONCE = (
    update(tables.inbox)
    .prefix_with("OR IGNORE")
    .where(tables.inbox.c.event_id == bindparam("taken"))
    .values(once=bindparam("as_once"))
)


def storable(arrival: Arrival) -> Arrival:
    """Return the arrival; or, when it holds what no row can, a malformed one in its place. One arrival must not stop the sync."""
    try:
        canonical(arrival_json(arrival))
        f"{arrival.event_id}{arrival.sender}".encode()
    except (ValueError, TypeError, RecursionError) as error:
        digest = hashlib.sha256(repr((arrival.event_id, arrival.sender)).encode()).hexdigest()
        return Arrival(
            ArrivalKind.MALFORMED,
            NO_ROOM,
            EventId(f"malformed:{digest}"),
            NO_ACCOUNT,
            _LONG_AGO,
            content={"error": type(error).__name__},
        )
    return arrival


def inbox_row(arrival: Arrival, at: datetime) -> dict[str, Any]:
    waiting = arrival.kind is ArrivalKind.UNDECRYPTABLE
    return {
        "event_id": arrival.event_id,
        "kind": arrival.kind,
        "sender": arrival.sender,
        "arrival": arrival_json(arrival),
        "state": InboxState.WAITING_FOR_KEY if waiting else InboxState.NEW,
        "trouble": "",
        "received_at": at,
    }


def arrival_json(arrival: Arrival) -> dict[str, Any]:
    return {**asdict(arrival), "sent_at": arrival.sent_at.isoformat(), "kind": arrival.kind.value}


def arrival_from(stored: dict[str, Any]) -> Arrival:
    verdict = TrustVerdict(**{**stored["verdict"], "standing": Proof(stored["verdict"]["standing"])})
    return Arrival(
        **{
            **stored,
            "kind": ArrivalKind(stored["kind"]),
            "sent_at": datetime.fromisoformat(stored["sent_at"]),
            "verdict": verdict,
        }
    )


def _due(queue: Queue, most: BindParameter[int]) -> Select[Any]:
    """Return what may be begun of one queue: read in the order of its index, and no further than is asked for."""
    intents, earlier = tables.intents.c, tables.intents.alias("earlier").c
    overtaken = (
        select(earlier.seq)
        .where(and_(earlier.progress == Progress.DUE, earlier.lane == intents.lane, earlier.seq < intents.seq))
        .exists()
    )
    busy = func.json_each(bindparam("busy", type_=String())).table_valued("value").c.value
    free = [
        name.not_in(select(busy)) for name in (intents.id, intents.lane, intents.crowd)
    ]  # the list is read once, not for every row
    first = (
        select(tables.intents)
        .where(
            intents.progress == Progress.DUE,
            intents.queue == int(queue),
            intents.due_at <= bindparam("now"),
            *free,
            (intents.lane == "") | ~overtaken,
        )
        .order_by(intents.due_at, intents.seq)
        .limit(most)
    )
    return select(first.subquery())


def _due_for(hands: Hands) -> Select[Any]:
    most = bindparam(hands.name, type_=Integer())
    return select(union_all(*(_due(queue, most) for queue in hands.value)).limit(most).subquery())


# So many for each kind of worker, in the order of its queues: `now`, `busy` as JSON, and a number under the kind's name.
DUE = union_all(*(_due_for(hands) for hands in Hands))
NEXT_DUE_AT = (
    select(tables.intents.c.due_at)
    .where(tables.intents.c.progress == Progress.DUE, tables.intents.c.due_at > bindparam("now"))
    .order_by(tables.intents.c.due_at)
    .limit(1)
)
PLANNED = insert(tables.intents)
HAS_A_DATE = and_(
    tables.intents.c.kind == Remind.kind,
    func.json_extract(type_coerce(tables.intents.c.payload, String), "$.what").in_(sorted(DATED)),
)
FINISHED = delete(tables.intents).where(tables.intents.c.id == bindparam("finished_id"))
# An update: an intent that was cancelled while under way, and failed, must not come back.
SETTLED = (
    update(tables.intents)
    .where(tables.intents.c.id == bindparam("settled_id"))
    .values({name: bindparam(name) for name in ("due_at", "attempts", "progress", "trouble", "payload")})
)


def intent_row(planned: Planned) -> dict[str, Any]:
    return {
        "id": planned.id,
        "kind": planned.intent.kind,
        "lane": planned.lane,
        "crowd": planned.crowd,
        "queue": int(queue_of(planned.intent)),
        "payload": to_json(planned.intent),
        "due_at": planned.due_at,
        "planned_at": planned.planned_at,
        "attempts": planned.attempts,
        "progress": planned.progress,
        "trouble": planned.trouble,
    }


def planned_from(row: Row[Any]) -> Planned:
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
