"""The real bot, that draws each number of four digits ten times in a row: `python -m tests.few_numbers_bot CONFIG`.

Two questions that are put to somebody one after the other draw the same one.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from bot.commands.run import run
from bot.ids import RandomIds

if __name__ == "__main__":
    drawn = count()
    RandomIds.number = lambda self: f"{4700 + next(drawn) // 10}"
    run(Path(sys.argv[1]))
