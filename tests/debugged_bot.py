"""The real bot with every logger open that a curious administrator could open: `python -m tests.debugged_bot CONFIG`."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from bot import app
from bot.config import load

if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s %(message)s")
    asyncio.run(app.run(load(Path(sys.argv[1]))))
