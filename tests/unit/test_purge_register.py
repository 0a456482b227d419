"""The purger's register: what was written stays as it was written, or it shows."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.purger.errors import CannotServe
from bot.purger.protocol import Media
from bot.purger.rate import RateCap
from bot.purger.register import Register

NOON = datetime(2026, 3, 7, 12, tzinfo=UTC)


def written(path: Path, count: int) -> None:
    register = Register(path)
    for number in range(count):
        register.append(Media("practice.test", f"media{number}"), NOON + timedelta(seconds=number))
    register.close()


def test_times_are_remembered_over_a_restart(tmp_path: Path) -> None:
    written(tmp_path / "register", 3)
    register = Register(tmp_path / "register")
    assert register.times == [NOON + timedelta(seconds=second) for second in range(3)]
    register.close()


@pytest.mark.parametrize(
    "alter",
    [
        lambda lines: [lines[0].replace(b"media0", b"media9"), *lines[1:]],
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: lines[:2],
        lambda lines: [],
        lambda lines: [*lines, lines[2]],
        lambda lines: [b"\n", *lines],
        lambda lines: [*lines, b"{}\n"],
    ],
    ids=["changed", "first-dropped", "dropped", "reordered", "last-cut-off", "emptied", "repeated", "blank", "added"],
)
def test_an_altered_register_is_refused(tmp_path: Path, alter: Callable[[list[bytes]], list[bytes]]) -> None:
    path = tmp_path / "register"
    written(path, 3)
    path.write_bytes(b"".join(alter(path.read_bytes().splitlines(keepends=True))))
    with pytest.raises(CannotServe):
        Register(path)


def test_a_register_that_vanished_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "register"
    written(path, 2)
    path.unlink()
    with pytest.raises(CannotServe):
        Register(path)


def test_a_crash_between_entry_and_head_is_mended(tmp_path: Path) -> None:
    path, head = tmp_path / "register", tmp_path / "register.head"
    written(path, 1)
    before = head.read_bytes()
    written_again = Register(path)
    written_again.append(Media("practice.test", "media1"), NOON)
    written_again.close()
    head.write_bytes(before)
    Register(path).close()
    written(path, 1)
    assert len(path.read_bytes().splitlines()) == 3


def test_a_full_disk_leaves_no_half_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "register"
    register = Register(path)
    write = os.write

    def full(file: int, data: bytes) -> int:
        monkeypatch.setattr(os, "write", no_space)
        return write(file, data[:10])

    def no_space(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="no space"):
        register.append(Media("practice.test", "media0"), NOON)
    assert path.read_bytes() == b""
    monkeypatch.setattr(os, "write", write)
    register.append(Media("practice.test", "media0"), NOON)
    register.close()
    Register(path).close()


def test_what_is_altered_under_an_open_register_stops_it(tmp_path: Path) -> None:
    register = Register(tmp_path / "register")
    (tmp_path / "register").write_bytes(b"{}\n")
    with pytest.raises(OSError, match="altered"):
        register.append(Media("practice.test", "media0"), NOON)
    register.close()


def test_a_clock_that_was_years_ahead_keeps_nothing_from_being_erased_for_longer_than_the_cap() -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    ahead = [now + timedelta(days=1000)] * 5
    cap = RateCap(per_hour=5, per_minute=5, past=ahead)
    assert cap.wait(now) == 3600, "later times count as just now: a clock set back lets nothing more through"
    assert RateCap(per_hour=5, per_minute=5, past=ahead[:4]).wait(now) == 0
