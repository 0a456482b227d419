"""The real bot, some time from now: `python -m tests.later_bot CONFIG FILE`. Only its clock differs.

It is as much ahead of the computer's as FILE says, such as 16m or 15d, and goes on from there when FILE says something else.
What it has read there, it writes into FILE.read.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.commands.run import run
from bot.config.values import duration
from bot.core.watches import clock_jumps
from bot.ids import SystemClock
from storage.sql.database import Database


def move_clock(by: timedelta) -> None:
    """What measures time is ahead by as much, so that nobody takes this for a clock put wrong."""

    def now(self: SystemClock) -> datetime:
        return datetime.now(UTC) + by

    SystemClock.now = now
    clock_jumps.elapsed = lambda: measured() + by


def follow(file: Path) -> None:
    """Look into the file where the bot looks for commits of other processes, every second: a change is news to whoever waits."""

    def look() -> timedelta:
        said = file.read_text()
        move_clock(duration(said))
        file.with_name(f"{file.name}.read").write_text(said)
        return duration(said)

    def stamp(self: Database) -> tuple[int, int]:
        by = look()
        written, size = stamp_of_log(self)
        return written + by // timedelta(microseconds=1), size

    look()
    Database.stamp = stamp


measured, stamp_of_log = clock_jumps.elapsed, Database.stamp

if __name__ == "__main__":
    follow(Path(sys.argv[2]))
    run(Path(sys.argv[1]))
