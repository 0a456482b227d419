"""What a kind of place must remember beside what stands in the delivery: written at once, in a transaction of its own.

Of patients it holds nothing: only how a server works, and where on it a copy of some id lies.
"""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from storage.sql.database import Database

from .record_tables import place_notes

Note = dict[str, str]


class PlaceNotes:
    """The notes of one destination."""

    def __init__(self, database: Database, destination: str) -> None:
        self._database = database
        self._destination = destination

    async def about(self, what: str) -> Note:
        """Return what was noted; empty when nothing was."""
        query = select(place_notes.c.note).where(
            place_notes.c.destination == self._destination, place_notes.c.about == what
        )
        async with self._database.reading() as connection:
            return dict((await connection.execute(query)).scalar_one_or_none() or {})

    async def keep(self, what: str, note: Note) -> None:
        """Note this instead of what was noted; an empty note is none."""
        here = (place_notes.c.destination == self._destination) & (place_notes.c.about == what)
        noted = insert(place_notes).values(destination=self._destination, about=what, note=note)
        async with self._database.transaction() as connection:
            await connection.execute(
                noted.on_conflict_do_update(index_elements=["destination", "about"], set_={"note": note})
                if note
                else delete(place_notes).where(here)
            )
