"""Mistakes in the configuration, each as a sentence with the key and the line it stands on.

Guarantees: all mistakes of a file are reported together; no value of the file is repeated.
Deliberately has no TOML grammar of its own: lines are found by parsing ever longer beginnings of the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

_SENTENCES = {
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false, without quotes",
    "int_type": "must be a whole number, without quotes",
    "tuple_type": 'must be a list in square brackets, such as ["one", "two"]',
    "model_type": "must be a table of keys, not a single value",
    "too_short": "must not be empty",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: `key` as in "practice.hours.0.from", "" for the whole file; `line` from 1, or None if it stands nowhere."""

    key: str
    line: int | None
    sentence: str

    @staticmethod
    def of_syntax(message: str, text: str) -> Problem:
        """Return the place where the TOML parser gave up; its message names characters, never a value."""
        found = re.search(r"\(at line (\d+), column \d+\)", message)
        line = int(found[1]) if found else text.count("\n") + 1
        what = message.partition(" (at ")[0]
        return Problem("", line, f"is not valid TOML here: {what[:1].lower()}{what[1:]}")


class ConfigInvalid(Exception):
    """The configuration cannot be used; `problems` holds every mistake, in the order of the file."""

    def __init__(self, path: Path, problems: Iterable[Problem]) -> None:
        self.path = path
        self.problems = tuple(sorted(problems, key=lambda p: (p.line is None, p.line or 0)))
        super().__init__("\n".join(self._told(problem) for problem in self.problems))

    def _told(self, problem: Problem) -> str:
        place = f"{self.path}:{problem.line}" if problem.line else str(self.path)
        return f"{place}: {problem.key} {problem.sentence}" if problem.key else f"{place}: {problem.sentence}"


def line_of(text: str, key: Sequence[str | int]) -> int | None:
    """Return the line (from 1) of the statement that brings `key` into being; None when the text does not hold it."""
    lines = text.split("\n")
    statement = 1
    for end in range(1, len(lines) + 1):
        try:
            document = tomllib.loads("\n".join(lines[:end]))
        except tomllib.TOMLDecodeError:
            continue  # within a value of several lines
        if _holds(document, key):
            return statement
        statement = end + 1
    return None


def nearest_line(text: str, key: Sequence[str | int]) -> int | None:
    """Return the line of `key` or, if it was left out, of the innermost table around it that the text does hold."""
    beginnings = (key[:length] for length in range(len(key), 0, -1))
    return next((line for beginning in beginnings if (line := line_of(text, beginning))), None)


def explain(error: ValidationError, model: type[BaseModel], text: str) -> list[Problem]:
    """Return every mistake that pydantic found, in the words of the house."""
    found = error.errors(include_url=False, include_input=False)
    keys = {details["loc"] for details in found}
    return [
        _of_kind(details["loc"], str(details["ctx"]["expected_tags"]), text)
        if details["type"] == "union_tag_invalid"
        else _problem(details["loc"], details["type"], details["msg"], model, text)
        for details in found
        # A list whose only entries are bad ones is reported as empty too: saying so would mislead.
        if details["type"] != "too_short" or not _any_within(details["loc"], keys)
    ]


def _problem(key: tuple[str | int, ...], kind: str, message: str, model: type[BaseModel], text: str) -> Problem:
    table, key = _tables_and_key(model, key)
    line = nearest_line(text, key)
    if kind == "union_tag_not_found":
        key, kind = (*key, "kind"), "missing"
    if kind == "missing":
        sentence = "is missing: add it; config.example.toml explains it"
    elif kind == "extra_forbidden":
        near = get_close_matches(str(key[-1]), _keys_of(table), n=1)
        sentence = f"is not a key here: did you mean {near[0]}?" if near else "is not a key here: remove it"
    elif kind == "value_error":
        sentence = message.removeprefix("Value error, ")
    else:
        sentence = _SENTENCES.get(kind) or message[:1].lower() + message[1:].replace("Input ", "")
        sentence = sentence.removeprefix("input ").replace("should be", "must be")
    return Problem(".".join(map(str, key)), line, sentence)


def _any_within(key: tuple[str | int, ...], keys: Iterable[tuple[str | int, ...]]) -> bool:
    return any(len(k) > len(key) and k[: len(key)] == key for k in keys)


def _holds(document: Any, key: Sequence[str | int]) -> bool:
    for part in key:
        if isinstance(document, dict) and part in document:
            document = document[part]
        elif isinstance(document, list) and str(part).isdigit() and int(part) < len(document):
            document = document[int(part)]
        else:
            return False
    return True


def _of_kind(key: tuple[str | int, ...], kinds: str, text: str) -> Problem:
    """Return that a table names a kind that there is not; pydantic's own words would repeat what was written."""
    key = (*key, "kind")
    return Problem(".".join(map(str, key)), nearest_line(text, key), f"must be {' or '.join(kinds.rsplit(', ', 1))}")


def _tables_and_key(
    model: type[BaseModel], key: tuple[str | int, ...]
) -> tuple[type[BaseModel], tuple[str | int, ...]]:
    """Return the table that holds `key`, and the key as it stands in the file: pydantic puts the kind of a table into it."""
    written: list[str | int] = []
    tables = [model]
    for part in key:
        chosen = [table for table in tables if len(tables) > 1 and _is_of_kind(table, part)]
        if chosen:
            tables = chosen
            continue
        written.append(part)
        fields = [field for n, field in tables[0].model_fields.items() if part in (n, field.alias)]
        inner = [table for field in fields for table in _tables_in(field.annotation)]
        tables = inner or tables  # the number of an entry in a list of tables: these are already the entry's
    return tables[0], tuple(written)


def _is_of_kind(table: type[BaseModel], part: str | int) -> bool:
    return "kind" in table.model_fields and part in get_args(table.model_fields["kind"].annotation)


def _tables_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [table for inner in get_args(annotation) for table in _tables_in(inner)]


def _keys_of(table: type[BaseModel]) -> list[str]:
    """Return the keys that a table may hold, as written in the file."""
    return [field.alias or name for name, field in table.model_fields.items()]
