"""Play a number of histories in this process, and count what came up in them."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import Histories
from .table import TABLE, Table

STEPS = 8  # deeds of their own or scenes: with what each is made of, some seventy things are done in a history


def play(count: int, of: int | None = None, *, to_the_first: bool = False) -> Table:
    """Play histories: those of a seed, or always the same without one.

    With *to_the_first* it ends at the first rule that is broken, and raises.
    """
    long = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        derandomize=of is None,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    TABLE.end_at_first = to_the_first
    run_state_machine_as_test(Histories if of is None else seed(of)(Histories), settings=long)
    return TABLE
