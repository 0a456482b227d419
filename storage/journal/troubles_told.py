"""What people were told of trouble at a destination, and not yet that it is over: kept over a start, beside its other notes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from storage.records.record_tables import place_notes
from storage.sql.database import Connection

_ABOUT = "troubles told"
_TOLD = select(place_notes.c.note).where(
    place_notes.c.destination == bindparam("to"), place_notes.c.about == bindparam("about")
)
_KEPT = insert(place_notes).prefix_with("OR REPLACE")


async def troubles_told(connection: Connection, destination: str) -> dict[str, str]:
    found = await connection.execute(_TOLD, {"to": destination, "about": _ABOUT})
    return dict(found.scalar_one_or_none() or {})


async def keep(connection: Connection, destination: str, told: Mapping[str, str]) -> None:
    await connection.execute(_KEPT, {"destination": destination, "about": _ABOUT, "note": dict(told)})
