"""The real bot with every logger open that a curious administrator could open: `python -m tests.debugged_bot CONFIG [TIME]`.

With a time, such as 25h, its clock is so much ahead.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from bot.config import load
from bot.config.values import duration
from bot.operate import app
from tests.later_bot import move_clock

if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s %(message)s")
    for ahead in sys.argv[2:]:
        move_clock(duration(ahead))
    asyncio.run(app.run(load(Path(sys.argv[1]))))
