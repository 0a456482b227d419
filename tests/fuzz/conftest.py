"""A property that does not end fails: the bound, of its own time, is far beyond what any of them takes."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from . import EXAMPLES


@pytest.fixture(autouse=True)
def ends() -> Iterator[None]:
    def too_long(*_: object) -> None:
        raise AssertionError("a reader does not come to an end")

    before = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, 60 + EXAMPLES * 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
