"""Intents as rows: what is due, in which order; planned and settled.

Statements of every photo are built once: building one takes longer than carrying it out.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Row, Select, String, and_, bindparam, delete, insert, select, update

from bot.domain.intents import from_json, to_json
from bot.domain.planned import FOR_KEEPING, Hands, Planned, Progress, urgency

from . import tables

_FOR_KEEPING = [intent.kind for intent in FOR_KEEPING]


def _due(hands: Hands | None) -> Select[Any]:
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
    if hands is not None:
        mine += (intents.kind.in_(_FOR_KEEPING) == (hands is Hands.KEEPING),)
    return (
        select(tables.intents)
        .where(*mine)
        .order_by(intents.urgency, intents.seq)
        .limit(bindparam("most", type_=Integer()))
    )


DUE = {hands: _due(hands) for hands in (None, *Hands)}
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
        "urgency": urgency(planned.intent),
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
