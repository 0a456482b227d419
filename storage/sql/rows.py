"""Rows of one table as frozen dataclasses of the domain: one mapping for all, because each table mirrors its dataclass.

A statement is built once for each table and set of columns, because building it takes longer than carrying it out. A question
that was asked before in the same transaction is answered from memory until something is written to its table: nobody else can
write meanwhile, and checks of authority ask for the same few rows again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import (
    ColumnElement,
    Delete,
    Executable,
    Insert,
    Row,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)

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


@cache
def _all_where(table: Table, equal: frozenset[str], one_of: frozenset[str], nothing: frozenset[str]) -> Select[Any]:
    conditions = [
        *(table.c[name] == bindparam(name) for name in sorted(equal)),
        *(table.c[name].in_(bindparam(name, expanding=True)) for name in sorted(one_of)),
        *(table.c[name].is_(None) for name in sorted(nothing)),
    ]
    return select(table).where(*conditions).order_by(text("rowid"))


@cache
def _first_where(table: Table, equal: frozenset[str], one_of: frozenset[str], nothing: frozenset[str]) -> Select[Any]:
    return _all_where(table, equal, one_of, nothing).limit(1)


def _as_it_was(table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.id == bindparam("_id"), table.c.version == bindparam("_version")


@cache
def _guarded_update(table: Table) -> Update:
    columns: dict[Any, Any] = {column: bindparam(column.name) for column in table.c if column.name != "id"}
    return update(table).where(*_as_it_was(table)).values(columns)


@cache
def _guarded_delete(table: Table) -> Delete:
    return delete(table).where(*_as_it_was(table))


@cache
def _added(table: Table) -> Insert:
    return insert(table)


class TableRows(Generic[D]):
    """Implements `bot.ports.Rows` on one transaction's connection."""

    def __init__(self, connection: Connection, table: Table, of: type[D]) -> None:
        self._connection = connection
        self._table = table
        self._of = of
        self._answers: dict[object, Sequence[D]] = {}  # to questions since the last write

    def _made(self, row: Row[Any]) -> D:
        return self._of(**row._mapping)

    async def get(self, id: str) -> D:
        found = await self.first(id=id)
        if found is None:
            raise LookupError(f"no {self._table.name} row with this id")
        return found

    async def find(self, **equal: object) -> list[D]:
        return list(await self._answer(_all_where, equal))

    async def first(self, **equal: object) -> D | None:
        asking = (
            _all_where if "id" in equal else _first_where
        )  # an id has one row: this is the question that `find` asks
        return next(iter(await self._answer(asking, equal)), None)

    async def _answer(self, asking: Callable[..., Select[Any]], equal: dict[str, object]) -> Sequence[D]:
        names, values = _conditions(equal)
        return await self.among(asking(self._table, *names), values)

    async def among(self, statement: Select[Any], values: Mapping[str, object]) -> Sequence[D]:
        """Return the rows that a statement of the journal's own picks."""
        question = statement, frozenset((name, _hashable(value)) for name, value in values.items())
        if question not in self._answers:
            rows = await self._connection.execute(statement, values)
            self._answers[question] = [self._made(row) for row in rows]
        return self._answers[question]

    async def _write(self, statement: Executable, values: dict[str, Any] | list[dict[str, Any]]) -> int:
        """Carry the statement out, and forget what was read before; return the number of rows it changed."""
        self._answers.clear()
        changed: int = (await self._connection.execute(statement, values)).rowcount
        return changed

    async def add(self, *rows: D) -> None:
        if rows:
            await self._write(_added(self._table), [_values(row) for row in rows])

    async def save(self, row: D) -> D:
        newer: D = replace(row, version=row.version + 1)
        values = _values(newer) | {"_id": row.id, "_version": row.version}
        del values["id"]
        if await self._write(_guarded_update(self._table), values) != 1:
            raise Conflict(f"{self._table.name} row changed meanwhile")
        return newer

    async def remove(self, row: D) -> None:
        if await self._write(_guarded_delete(self._table), {"_id": row.id, "_version": row.version}) != 1:
            raise Conflict(f"{self._table.name} row changed meanwhile")


_Names = tuple[frozenset[str], frozenset[str], frozenset[str]]


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _conditions(equal: dict[str, object]) -> tuple[_Names, dict[str, object]]:
    """Return the columns compared with one value, with several and with none, and the values."""
    several = {name: list(value) for name, value in equal.items() if isinstance(value, (tuple, list, set, frozenset))}
    nothing = frozenset(name for name, value in equal.items() if value is None)
    single = {name: value for name, value in equal.items() if name not in several and name not in nothing}
    return (frozenset(single), frozenset(several), nothing), single | several
