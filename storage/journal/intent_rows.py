"""Intents as rows: what is due, in which order; planned and settled.

Statements of every photo are built once: building one takes longer than carrying it out.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BindParameter,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    union_all,
    update,
)

from bot.core.schedule import queue_of
from bot.domain.intents import (
    from_json,
    to_json,
)
from bot.domain.planned import (
    Hands,
    Planned,
    Progress,
    Queue,
)

from . import tables


def _due(queue: Queue, most: BindParameter[int]) -> Select[Any]:
    """What may be begun of one queue: read in the order of its index, and no further than is asked for."""
    intents, earlier = tables.intents.c, tables.intents.alias("earlier").c
    overtaken = (
        select(earlier.seq)
        .where(and_(earlier.progress == Progress.DUE, earlier.lane == intents.lane, earlier.seq < intents.seq))
        .exists()
    )
    busy = func.json_each(bindparam("busy", type_=String())).table_valued("value").c.value
    free = [
        name.not_in(select(busy)) for name in (intents.id, intents.lane, intents.crowd)
    ]  # the list is read once, not by row
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


# Of each of the hands so many, in the order of its queues: `now`, `busy` as JSON, and a number under the name of the hands.
DUE = union_all(*(_due_for(hands) for hands in Hands))
NEXT_DUE_AT = (
    select(tables.intents.c.due_at)
    .where(tables.intents.c.progress == Progress.DUE, tables.intents.c.due_at > bindparam("now"))
    .order_by(tables.intents.c.due_at)
    .limit(1)
)
PLANNED = insert(tables.intents)
FINISHED = delete(tables.intents).where(tables.intents.c.id == bindparam("finished_id"))
# An update: what was cancelled while it was under way, and failed, must not come back.
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
