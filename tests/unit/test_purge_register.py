"""The purger's register: what was written stays as it was written, or it shows."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.purger.deletion_cap import RateCap
from bot.purger.deletion_log import Register, whose_media
from bot.purger.protocol import Media
from bot.purger.refusals import CannotServe

SAM, TOM = whose_media("@sam:practice.test"), whose_media("@tom:practice.test")
NOON = datetime(2026, 3, 7, 12, tzinfo=UTC)


def written(path: Path, count: int) -> None:
    register = Register(path)
    for number in range(count):
        register.append(Media("practice.test", f"media{number}"), SAM, NOON + timedelta(seconds=number))
    register.close()


def test_times_and_owners_are_remembered_over_a_restart(tmp_path: Path) -> None:
    written(tmp_path / "register", 3)
    register = Register(tmp_path / "register")
    assert register.begun == [(NOON + timedelta(seconds=second), SAM) for second in range(3)]
    register.close()


def test_the_register_names_no_account(tmp_path: Path) -> None:
    written(tmp_path / "register", 1)
    assert "sam" not in (tmp_path / "register").read_text()


def test_a_register_of_before_owners_were_written_down_is_read(tmp_path: Path) -> None:
    path = tmp_path / "register"
    entry = {"n": 1, "at": NOON.isoformat(), "media": "mxc://practice.test/media0", "previous": "0" * 64}
    digest = hashlib.sha256(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    path.write_text(json.dumps(entry | {"hash": digest}, sort_keys=True, separators=(",", ":")) + "\n")
    (tmp_path / "register.head").write_text(f"{1:012d} {digest}\n")
    register = Register(path)
    assert register.begun == [(NOON, "")]
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
    written_again.append(Media("practice.test", "media1"), SAM, NOON)
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
        register.append(Media("practice.test", "media0"), SAM, NOON)
    assert path.read_bytes() == b""
    monkeypatch.setattr(os, "write", write)
    register.append(Media("practice.test", "media0"), SAM, NOON)
    register.close()
    Register(path).close()


def test_what_is_altered_under_an_open_register_stops_it(tmp_path: Path) -> None:
    register = Register(tmp_path / "register")
    (tmp_path / "register").write_bytes(b"{}\n")
    with pytest.raises(OSError, match="altered"):
        register.append(Media("practice.test", "media0"), SAM, NOON)
    register.close()


def test_a_clock_that_was_years_ahead_keeps_nothing_from_being_erased_for_longer_than_the_cap() -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    ahead = [(now + timedelta(days=1000), SAM)] * 5
    cap = RateCap(per_hour=5, per_minute=5, past=ahead)
    assert cap.wait(TOM, now) == 3600, "later times count as just now: a clock set back lets nothing more through"
    assert RateCap(per_hour=5, per_minute=5, past=ahead[:4]).wait(TOM, now) == 0


def begun(cap: RateCap, whose: str, now: datetime) -> int:
    """How many of this owner's are let through at one moment."""
    for count in range(1000):
        if cap.wait(whose, now):
            return count
        cap.count(whose, now)
    raise AssertionError("no cap")


def test_one_owner_has_a_third_of_the_cap_and_the_rest_is_for_others() -> None:
    cap = RateCap(per_hour=600, per_minute=120)
    assert begun(cap, SAM, NOON) == 40
    assert begun(cap, TOM, NOON) == 40, "another's photo is erased beside a flood"
    assert [begun(cap, "third", NOON), begun(cap, "fourth", NOON)] == [40, 0], "and all of them keep to the whole"


def test_the_share_of_an_hour_outlasts_the_minute_and_comes_back_by_itself() -> None:
    cap = RateCap(per_hour=600, per_minute=120)
    let_through = [begun(cap, SAM, NOON + timedelta(minutes=minute)) for minute in range(7)]
    assert let_through == [40] * 5 + [0, 0]
    assert begun(cap, SAM, NOON + timedelta(hours=1)) == 40


def test_a_restart_gives_nobody_a_new_share() -> None:
    past = [(NOON, SAM)] * 40
    assert begun(RateCap(600, 120, past), SAM, NOON) == 0


def test_the_smallest_cap_lets_everybody_have_one() -> None:
    assert begun(RateCap(1, 1), SAM, NOON) == 1
