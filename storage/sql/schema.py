"""What all tables share: one `metadata`, and column types that keep a row as exact as the value it came from.

Every type refuses, when a statement is bound, a value that it could not give back the same: a naive time, an unknown word, a
dict that JSON would change. Texts are canonical, so equal values are equal bytes and may be compared in SQL. No type reads a
clock or a locale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Dialect, MetaData, Text
from sqlalchemy.types import TypeDecorator

from bot.domain.people import Role

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

W = TypeVar("W", bound=StrEnum)
S = TypeVar("S")


def canonical(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, no NaN, nothing but JSON types with string keys."""
    # ASCII only: a lone surrogate, which any sender can put into JSON, could not be stored as UTF-8.
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    if json.loads(text) != _with_lists(value):
        raise ValueError("a value that JSON would change")  # e.g. integer keys, which come back as strings
    return text


def _with_lists(value: object) -> object:
    """Return the value with lists in place of tuples; all else must already be what JSON gives back."""
    if isinstance(value, (list, tuple)):
        return [_with_lists(item) for item in value]
    if isinstance(value, dict):
        return {key: _with_lists(item) for key, item in value.items()}
    return value


class Instant(TypeDecorator[datetime]):
    """An aware time, kept as whole microseconds since 1970 UTC: exact, sortable, free of time zones. Refuses a naive time."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + int(value) * MICROSECOND


class Day(TypeDecorator[date]):
    """A calendar day without time or zone, kept as YYYY-MM-DD. Refuses a datetime, which is a day only somewhere."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            raise ValueError("a time where a day is meant")
        return value.isoformat()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


class JsonText(TypeDecorator[Any]):
    """A JSON value, usually a dict or a list, kept as canonical text. Tuples come back as lists."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        return None if value is None else json.loads(value)


class Word(TypeDecorator[W]):
    """One word of a StrEnum, kept as its text. Refuses any other word, going in and coming out."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[W]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: W | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> W | None:
        return None if value is None else self.words(value)


class Roles(TypeDecorator[frozenset[Role]]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[Role] | None, dialect: Dialect) -> str | None:
        return None if value is None else canonical(sorted(role.value for role in value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> frozenset[Role] | None:
        return None if value is None else frozenset(Role(word) for word in json.loads(value))


class Shaped(TypeDecorator[S]):
    """A value of the domain, kept as JSON. Refuses whatever has another shape, going in and coming out."""

    impl = Text
    cache_ok = True

    def __init__(self, of: type[S]) -> None:
        super().__init__()
        self.of = of
        self._adapter = TypeAdapter(of)

    def process_bind_param(self, value: S | None, dialect: Dialect) -> str | None:
        return None if value is None else canonical(self._adapter.dump_python(value, mode="json", warnings="error"))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> S | None:
        return None if value is None else self._adapter.validate_json(value)


IDS = Shaped(tuple[str, ...])  # ids, in order
