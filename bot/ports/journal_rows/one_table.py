"""The rows of one kind: what storage does alike for every table, and the questions that every table is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Set
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
Id = TypeVar("Id", bound=str)
S = TypeVar("S", bound=str)
Several = list[S] | tuple[S, ...] | Set[S] | Mapping[S, object]  # never a single string, which is a collection too


class Table(Protocol[T]):
    """One table, as storage keeps it. `version` guards every change."""

    async def get(self, id: str) -> T:
        """Return the row with this id. Raises `LookupError`."""

    async def find(self, **equal: object) -> list[T]:
        """Return the rows whose columns equal the values, oldest first; a tuple, list or set means "one of"."""

    async def first(self, **equal: object) -> T | None: ...

    async def add(self, *rows: T) -> None: ...

    async def save(self, row: T) -> T:
        """Save by `UPDATE … WHERE id=? AND version=?`; return the row with its new version, or raise `Conflict`."""

    async def remove(self, row: T) -> None:
        """Remove a row that is no longer needed and is nobody's record; `Conflict` as for `save`."""


class Rows(Generic[T, Id]):
    """The rows of one kind, by ids of one kind, oldest first. Each kind adds the questions it is asked."""

    def __init__(self, table: Table[T]) -> None:
        self._table = table
        self.find = table.find  # any columns, unchecked: only tests look at rows this way
        self.first = table.first
        self.add = table.add
        self.save = table.save
        self.remove = table.remove
        self.get: Callable[[Id], Awaitable[T]] = table.get

    async def known(self, id: Id) -> T | None:
        """Return the row with this id, if there is one."""
        return await self._table.first(id=id)

    async def among(self, ids: Several[Id]) -> list[T]:
        """Return the rows with these ids; for no ids, without asking. A single id may be answered from what was asked before."""
        if len(ids) > 1:
            return await self._table.find(id=list(ids))
        return [row for id in ids if (row := await self.known(id)) is not None]

    async def every(self) -> list[T]:
        """Return all there are: for commands that look at the whole, not for what somebody waits for."""
        return await self._table.find()


def given(**wanted: object) -> dict[str, object]:
    """Return those conditions that are asked for: None asks for nothing."""
    return {name: value for name, value in wanted.items() if value is not None}
