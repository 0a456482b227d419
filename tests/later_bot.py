"""The real bot, some time from now, such as 16m or 15d: `python -m tests.later_bot CONFIG TIME`. Only its clock differs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.commands.run import run
from bot.config.values import duration
from bot.ids import SystemClock


def move_clock(by: timedelta) -> None:
    def now(self: SystemClock) -> datetime:
        return datetime.now(UTC) + by

    SystemClock.now = now


if __name__ == "__main__":
    move_clock(duration(sys.argv[2]))
    run(Path(sys.argv[1]))
