"""Column types for the journal's own shapes: sets of roles, ordered ids, a nested sealed object."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from bot.domain.people import (
    Relation,
    Role,
)
from bot.domain.sealed import SealedObject
from bot.domain.statement import (
    ConsentKind,
    Statement,
)
from bot.domain.use_rules import Kind

from .schema import canonical


class Roles(TypeDecorator[frozenset[Role]]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[Role] | None, dialect: Dialect) -> str | None:
        return None if value is None else canonical(sorted(role.value for role in value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> frozenset[Role] | None:
        return None if value is None else frozenset(Role(word) for word in json.loads(value))


class Sequence(TypeDecorator[tuple[str, ...]]):
    """An ordered list of ids, which comes back as a tuple."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        return None if value is None else canonical(list(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(json.loads(value))


class Nested(TypeDecorator[SealedObject]):
    """A sealed object's envelope, inside its owner's row."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: SealedObject | None, dialect: Dialect) -> str | None:
        return None if value is None else canonical(asdict(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> SealedObject | None:
        return None if value is None else SealedObject(**json.loads(value))


class Stated(TypeDecorator[Statement]):
    """What a colleague says of an image, inside the image's row."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Statement | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        days = {"consent_on": value.consent_on, "born": value.born}
        return canonical(asdict(value) | {name: day.isoformat() if day else None for name, day in days.items()})

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Statement | None:
        if value is None:
            return None
        kept = json.loads(value)
        read: dict[str, Callable[[str], object]] = {
            "kind": Kind,
            "consent": ConsentKind,
            "given_by": Relation,
            "consent_on": date.fromisoformat,
            "born": date.fromisoformat,
        }
        known = {name: make(kept[name]) for name, make in read.items() if kept.get(name) is not None}
        return Statement(**kept | known)
