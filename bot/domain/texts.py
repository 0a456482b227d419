"""Texts that a practice may replace: templates with named placeholders, checked before anybody reads them. Pure.

A placeholder becomes its value and nothing else happens: no expression, no attribute, no loop, and a value is never read as
a template itself. A text that lacks what the rules demand is refused (R9, R22: a practice tightens, never loosens). The
version is a hash of the template, so that a consent keeps which words were asked in, however often they change later.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from string import Template
from types import MappingProxyType

_GAP = re.compile(r"(?<=\S) +(?= |$)", re.MULTILINE)  # what a placeholder that said nothing leaves behind
LONGEST = 3000  # characters; it has to be read on a phone
DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder. `says` completes "it must say …"; a text may leave out what is not a `must`, and for what is one have
    `instead`.
    """

    name: str
    says: str
    sample: str
    must: bool = True
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One text: when it is said, the built-in words, and what may and must stand in it."""

    name: str
    said: str
    body: str
    placeholders: tuple[Placeholder, ...]

    @property
    def sample(self) -> dict[str, str]:
        return {placeholder.name: placeholder.sample for placeholder in self.placeholders}


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one practice: the built-in ones, or what it put in their place."""

    built_in: Mapping[str, Text]
    replaced: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def body(self, name: str) -> str:
        return self.replaced.get(name, self.built_in[name].body)

    def version(self, name: str) -> str:
        """Return the version of a text: the same for the same template, everywhere and for ever."""
        return f"{name}@{hashlib.sha256(self.body(name).encode()).hexdigest()[:12]}"

    def render(self, name: str, **values: str) -> str:
        """Return the words for a person. Raises `KeyError` when a value is missing, which `problems` keeps from happening."""
        return _GAP.sub("", Template(self.body(name)).substitute(values).strip())


def missing_elements(text: Text, body: str) -> list[str]:
    """Return what the rules demand of this text and `body` does not say, each as a sentence that names it."""
    there = set(Template(body).get_identifiers())
    return [
        f"must say {placeholder.says}: put ${placeholder.name} where it belongs"
        for placeholder in text.placeholders
        if placeholder.must and there.isdisjoint((placeholder.name, placeholder.instead))
    ]


def problems(text: Text, body: str) -> Iterator[str]:
    """Yield everything that keeps `body` from being used in place of `text`."""
    if not body.strip():
        yield "is empty"
        return
    if len(body) > LONGEST:
        yield f"is longer than {LONGEST} characters: nobody reads that on a phone"
    if any((not c.isprintable() and c != "\n") or c in DIRECTION for c in body):
        yield "holds invisible characters, which could hide or reorder its words"
    if not Template(body).is_valid():
        yield "has a $ that names no placeholder: write $$ for the sign itself"
    known = [placeholder.name for placeholder in text.placeholders]
    for name in Template(body).get_identifiers():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            yield f"names ${name}, which is not there to be said" + (f": did you mean ${near[0]}?" if near else "")
    yield from missing_elements(text, body)


def unknown_name(name: str, built_in: Mapping[str, Text]) -> str:
    """Say of a file that replaces nothing which text may have been meant."""
    near = get_close_matches(name, built_in, n=1, cutoff=0.5)
    return "is not a text that can be replaced: " + (
        f"did you mean {near[0]}?" if near else f"these can: {', '.join(sorted(built_in))}"
    )
