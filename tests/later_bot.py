"""The real bot, some days from now: `python -m tests.later_bot CONFIG DAYS`. Only its clock differs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.commands.run import run
from bot.ids import SystemClock


def move_clock(days: int) -> None:
    def now(self: SystemClock) -> datetime:
        return datetime.now(UTC) + timedelta(days=days)

    SystemClock.now = now


if __name__ == "__main__":
    move_clock(int(sys.argv[2]))
    run(Path(sys.argv[1]))
