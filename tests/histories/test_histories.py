"""Whole histories of a practice, judged by the rules alone after every step. `make histories` runs many more."""

import os

from .play import play
from .table import TABLE

COUNT = int(os.environ.get("CONSENTRY_HISTORIES", "20"))  # 150 for mutants
TO_THE_FIRST = (
    os.environ.get("CONSENTRY_HISTORIES_END") == "first"
)  # for mutants: whether it ends at the first rule broken


def test_no_history_breaks_a_rule() -> None:
    try:
        play(COUNT, to_the_first=TO_THE_FIRST)
    finally:
        print(TABLE)  # shown with -s, and when the test fails
    assert not TABLE.broken, TABLE.with_examples()
