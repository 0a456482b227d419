"""The suite itself: what takes longest is begun first."""

from __future__ import annotations

from pathlib import Path

from tests.slowest import SLOWEST, rank

ROOT = Path(__file__).parents[2]


def test_the_files_that_take_longest_are_there() -> None:
    assert [file for file in SLOWEST if not (ROOT / file).is_file()] == []


def test_they_come_first_and_the_others_keep_their_order() -> None:
    longest, next_longest, *_ = SLOWEST
    collected = ["tests/unit/test_b.py::one", f"{next_longest}::one", "tests/unit/test_a.py::one", f"{longest}::one"]
    assert sorted(collected, key=rank) == [collected[at] for at in (3, 1, 0, 2)]
