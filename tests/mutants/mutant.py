"""One mutant."""

from __future__ import annotations

from dataclasses import dataclass

HISTORIES = "tests/histories/test_histories.py::test_no_history_breaks_a_rule"
SHOWN = "broken: "  # what is printed where a history breaks a rule


@dataclass(frozen=True)
class Mutant:
    breaks: str
    file: str
    text: str
    instead: str
    killed_by: str  # one test, as pytest names it
    says: str = ""  # what pytest must print then: not anything that goes wrong will do
    seen_by_histories: bool = False  # whether the histories notice it too, without having been told
