"""One mutant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    breaks: str
    file: str
    text: str
    instead: str
    killed_by: str  # one test, as pytest names it
    says: str = ""  # what pytest must print then: not anything that goes wrong will do
