"""Whole histories of a practice, judged by the rules alone after every step. `make histories` runs many more."""

import os
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import Histories
from .table import ROWS, TABLE

COUNT = int(os.environ.get("CONSENTRY_HISTORIES", "20"))
SEED = os.environ.get("CONSENTRY_HISTORIES_SEED", "")
STEPS = 40


def test_no_history_breaks_a_rule() -> None:
    long = settings(
        max_examples=COUNT,
        stateful_step_count=STEPS,
        derandomize=not SEED,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    run = Histories
    if SEED:
        run = seed(int(SEED))(Histories)
    TABLE.end_at_first = os.environ.get("CONSENTRY_HISTORIES_END", "") == "first"
    try:
        run_state_machine_as_test(run, settings=long)
    finally:
        print(TABLE)  # shown with -s, and when the test fails
        _write_down()
    assert not TABLE.broken, f"{TABLE}\n\nThe shortest of each:\n" + "\n\n".join(
        map("\n".join, TABLE.examples.values())
    )
    if COUNT >= 2000:
        assert all(TABLE.counted[row] >= 50 for row in ROWS), TABLE


def _write_down() -> None:
    """Write what was broken, each with the history that led to it, where CONSENTRY_HISTORIES_TO says."""
    to = os.environ.get("CONSENTRY_HISTORIES_TO")
    if to:
        shown = [f"### {key}\n" + "\n".join(lines) for key, lines in TABLE.examples.items()]
        Path(to).write_text(f"{TABLE}\n\n" + "\n\n".join(shown))
