"""The questions of lists, each read in the order of its index and no further than it is shown: an ordinary practice's day and a
record of many years are answered alike.

The partial indexes are found only by conditions spelt as the indexes spell them: those stand here as text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    TextClause,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
    tuple_,
)

from bot.domain.assurance import Level
from bot.domain.copies import CopyState, What
from bot.domain.delivery_reasons import FOR_A_PERSON, WITHHELD
from bot.domain.identifiers import PatientId, PersonId
from bot.domain.image import Image, State
from bot.domain.planned import Progress
from bot.ports.journal_rows.of_lists import LastEntry, Place, RecordPlace
from storage.records.record_tables import deliveries
from storage.sql.database import Connection
from storage.sql.schema import Day, Instant

from . import tables
from .looked_up import last_entries, unnoted

_MOST = bindparam("most", type_=Integer())
_IMAGE = tables.images.c
_PLACE = tuple_(bindparam("at", type_=Instant()), bindparam("id", type_=String()))
_OLDEST_FIRST = (_IMAGE.received_at, _IMAGE.id)
_NEWEST_FIRST = (_IMAGE.received_at.desc(), _IMAGE.id.desc())

_WAITING = (
    select(tables.images)
    .where(text(tables.WAITS), tuple_(*_OLDEST_FIRST) > _PLACE)
    .order_by(*_OLDEST_FIRST)
    .limit(_MOST)
)
_UNNOTED = (
    select(tables.images)
    .join(unnoted, unnoted.c.image_id == _IMAGE.id)
    .where(tuple_(unnoted.c.received_at, unnoted.c.image_id) > _PLACE)
    .order_by(unnoted.c.received_at, unnoted.c.image_id)
    .limit(_MOST)
)


def _newest(*of: ColumnElement[bool]) -> Select[Any]:
    before = tuple_(_IMAGE.received_at, _IMAGE.id) < _PLACE
    return select(tables.images).where(*of, before).order_by(*_NEWEST_FIRST).limit(_MOST)


_WHOSE = bindparam("whose", type_=String())
_NOTED = ~select(unnoted).where(unnoted.c.image_id == _IMAGE.id).exists()
_TAKEN = _newest(_IMAGE.taken_by == _WHOSE, _IMAGE.state == State.VERIFIED, _NOTED)
_SENT = _newest(_IMAGE.sender_id == _WHOSE)
_OF_PATIENT = _newest(_IMAGE.patient_id == _WHOSE)


_ENTRY = last_entries.c
_ENTERED_BY = _ENTRY.at <= bindparam("entered_by", type_=Instant())


def _records(key: ColumnElement[Any], kind: Instant | Day, *of: ColumnElement[bool] | TextClause) -> Select[Any]:
    """Return the question for records in the order of `key`, after a place in it."""
    place = tuple_(bindparam("key", type_=kind), bindparam("id", type_=String()))
    in_order = (key, _ENTRY.patient_id)
    asked = select(_ENTRY.patient_id, _ENTRY.at, _ENTRY.born)
    return asked.where(*of, _ENTERED_BY, tuple_(*in_order) > place).order_by(*in_order).limit(_MOST)


_OF_GROWN_UPS = _records(_ENTRY.at, Instant(), text("of_child = 0"))
_OF_CHILDREN = _records(_ENTRY.born, Day(), text("of_child = 1"), _ENTRY.born <= bindparam("born_by", type_=Day()))
_IMAGES_IN = (
    select(_IMAGE.state, func.count().label("images"))
    .where(_IMAGE.state.in_(bindparam("states", expanding=True)))
    .group_by(_IMAGE.state)
)
_COPIES_IN = select(func.count()).select_from(
    select(literal_column("1")).where(tables.copies.c.state == bindparam("state")).limit(_MOST).subquery()
)
_INTENT = tables.intents.c
_GIVEN_UP = (
    select(_INTENT.kind, _INTENT.trouble, func.count().label("intents"))
    .where(_INTENT.progress == Progress.HELD)
    .group_by(_INTENT.kind, _INTENT.trouble)
    .order_by(func.min(_INTENT.seq))
)
# Few fail, and many are due: the plus keeps SQLite from looking among these.
_FAILING = select(_INTENT.trouble).where(text(tables.FAILING), text("+progress = 'due'")).limit(_MOST)

_SENT_BY_PEOPLE = (What.MESSAGE, What.FILE, What.THUMBNAIL)
_COPY, _DELIVERY = tables.copies.c, deliveries.c
_IN_CHAT = (
    select(literal_column("1"))
    .where(
        or_(_COPY.image_id == _DELIVERY.entry_id, _COPY.document_id == _DELIVERY.entry_id),
        _COPY.what.in_(_SENT_BY_PEOPLE),
        _COPY.state.in_((CopyState.KNOWN, CopyState.ERASING)),
    )
    .exists()
)
_REFUSED = and_(_DELIVERY.state == Level.REFUSED, _DELIVERY.why.not_in(sorted(WITHHELD)))
_NOBODY_KNOWS = and_(_DELIVERY.state == Level.UNKNOWN, _DELIVERY.why.in_(FOR_A_PERSON))
_KEPT = (
    select(_DELIVERY.destination)
    .where(_DELIVERY.destination.in_(bindparam("places", expanding=True)), _DELIVERY.residue.is_(None))
    .where(or_(_REFUSED, _NOBODY_KNOWS), _IN_CHAT)
    .limit(_MOST)
)


class ListRows:
    """Implements `bot.ports.journal_rows.of_lists.Lists` on one transaction's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def waiting(self, after: Place, most: int) -> list[Image]:
        return await self._images(_WAITING, after, most)

    async def without_a_note(self, after: Place, most: int) -> list[Image]:
        return await self._images(_UNNOTED, after, most)

    async def taken_by(self, person_id: PersonId, before: Place, most: int) -> list[Image]:
        return await self._images(_TAKEN, before, most, person_id)

    async def sent_by(self, sender_id: PersonId, before: Place, most: int) -> list[Image]:
        return await self._images(_SENT, before, most, sender_id)

    async def of_patient(self, patient_id: PatientId, before: Place, most: int) -> list[Image]:
        return await self._images(_OF_PATIENT, before, most, patient_id)

    async def _images(self, asked: Select[Any], place: Place, most: int, whose: str | None = None) -> list[Image]:
        values = {"at": place.at, "id": place.id, "most": most} | ({"whose": whose} if whose is not None else {})
        return [Image(**row._mapping) for row in await self._connection.execute(asked, values)]

    async def records_of_grown_ups(self, entered_by: datetime, after: RecordPlace, most: int) -> list[LastEntry]:
        return await self._records(_OF_GROWN_UPS, after, {"entered_by": entered_by, "most": most})

    async def records_of_children(
        self, entered_by: datetime, born_by: date, after: RecordPlace, most: int
    ) -> list[LastEntry]:
        return await self._records(_OF_CHILDREN, after, {"entered_by": entered_by, "born_by": born_by, "most": most})

    async def _records(self, asked: Select[Any], after: RecordPlace, values: dict[str, object]) -> list[LastEntry]:
        values |= {"key": after.key, "id": after.patient_id}
        return [LastEntry(**row._mapping) for row in await self._connection.execute(asked, values)]

    async def images_in(self, states: Collection[State]) -> Mapping[State, int]:
        counted = await self._connection.execute(_IMAGES_IN, {"states": list(states)})
        return {row.state: row.images for row in counted}

    async def copies_in(self, state: CopyState, most: int) -> int:
        counted: int = (await self._connection.execute(_COPIES_IN, {"state": state, "most": most})).scalar_one()
        return counted

    async def given_up(self) -> Mapping[tuple[str, str], int]:
        counted = await self._connection.execute(_GIVEN_UP)
        return {(row.kind, row.trouble): row.intents for row in counted}

    async def failing(self, most: int) -> list[str]:
        return list((await self._connection.execute(_FAILING, {"most": most})).scalars())

    async def kept_in_chat(self, destinations: Collection[str], most: int) -> Mapping[str, int]:
        if not destinations:
            return {}
        kept = await self._connection.execute(_KEPT, {"places": sorted(destinations), "most": most})
        return Counter(kept.scalars())
