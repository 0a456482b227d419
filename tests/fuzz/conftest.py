"""A property that does not end fails: the bound is far beyond what any of them takes."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from . import EXAMPLES


@pytest.fixture(autouse=True)
def ends() -> Iterator[None]:
    def too_long(*_: object) -> None:
        raise AssertionError("a reader does not come to an end")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, 60 + EXAMPLES * 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
