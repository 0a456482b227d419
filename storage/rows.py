"""Rows of one table as frozen dataclasses of the domain: one mapping for all, because each table mirrors its dataclass."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Row, Table, insert, select, text, update

from bot.ports import Conflict

from .database import Connection


class _Versioned(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...


D = TypeVar("D", bound=_Versioned)


def _values(row: _Versioned) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


class TableRows(Generic[D]):
    """Implements `bot.ports.Rows` on one transaction's connection."""

    def __init__(self, connection: Connection, table: Table, of: type[D]) -> None:
        self._connection = connection
        self._table = table
        self._of = of

    def _made(self, row: Row[Any]) -> D:
        return self._of(**row._mapping)

    async def get(self, id: str) -> D:
        found = await self.first(id=id)
        if found is None:
            raise LookupError(f"no {self._table.name} row with this id")
        return found

    async def find(self, **equal: object) -> list[D]:
        statement = select(self._table).order_by(text("rowid"))
        rows = await self._connection.execute(statement.where(*self._conditions(equal)))
        return [self._made(row) for row in rows]

    async def first(self, **equal: object) -> D | None:
        statement = select(self._table).where(*self._conditions(equal)).order_by(text("rowid")).limit(1)
        row = (await self._connection.execute(statement)).first()
        return None if row is None else self._made(row)

    async def add(self, *rows: D) -> None:
        if rows:
            await self._connection.execute(insert(self._table), [_values(row) for row in rows])

    async def save(self, row: D) -> D:
        newer: D = replace(row, version=row.version + 1)
        done = await self._connection.execute(
            update(self._table)
            .where(self._table.c.id == row.id, self._table.c.version == row.version)
            .values(_values(newer))
        )
        if done.rowcount != 1:
            raise Conflict(f"{self._table.name} row changed meanwhile")
        return newer

    def _conditions(self, equal: dict[str, object]) -> list[ColumnElement[bool]]:
        return [
            self._table.c[name].in_(list(value))
            if isinstance(value, (tuple, list, set, frozenset))
            else self._table.c[name] == value
            for name, value in equal.items()
        ]
