"""`python -m tests.histories [COUNT] [SEED]`: play histories in as many processes as there are cores, in batches, and add up.

Each batch has a seed of its own, from SEED on, so any can be played again: `--batch COUNT SEED` plays one in this process and
writes its table as a line of JSON. Ends with 1 when a rule was broken, or when a long run lacked something.
Ctrl-C ends it with the table of what was played. CONSENTRY_HISTORIES_TO names a file for the histories that broke one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from .table import Table

BATCH = 100  # histories
LONG = 2000  # histories after which every row of the table must have come up often
CORES = os.cpu_count() or 1


def batches(count: int, seed: int) -> Iterator[tuple[int, int]]:
    """Divide a number of histories; each part with its seed."""
    for number, start in enumerate(range(0, count, BATCH)):
        yield min(BATCH, count - start), seed + number


def played_apart(batch: tuple[int, int]) -> Table:
    """Play a batch in a process of its own, which gives back its memory."""
    command = [sys.executable, "-m", "tests.histories", "--batch", *map(str, batch)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The batch of seed {batch[1]} ended early:\n{done.stdout}\n{done.stderr}")
    return Table.from_json(done.stdout.splitlines()[-1])


def play_all(count: int, seed: int) -> Table:
    """Play all batches, and say after each how far it is."""
    began, whole = time.monotonic(), Table()
    with ThreadPoolExecutor(CORES) as pool:
        playing = [pool.submit(played_apart, batch) for batch in batches(count, seed)]
        try:
            for done in as_completed(playing):
                whole.add_table(done.result())
                broken, minutes = whole.broken.total(), (time.monotonic() - began) / 60
                print(
                    f"{whole.histories} of {count} histories in {minutes:.0f} min, {broken} times a rule broken",
                    flush=True,
                )
        except KeyboardInterrupt:  # what was played counts
            pool.shutdown(wait=False, cancel_futures=True)
    return whole


def main(words: list[str]) -> int:
    if words[:1] == ["--batch"]:
        from .play import play  # which takes a while to load

        count, seed = map(int, words[1:])
        print(play(count, seed).to_json())
        return 0
    count, seed = [*map(int, words), *(LONG, 1)[len(words) :]]
    table = play_all(count, seed)
    print(table.with_examples())
    to = os.environ.get("CONSENTRY_HISTORIES_TO")
    if to:
        Path(to).write_text(table.with_examples(), encoding="utf-8")
    missed = table.too_rare if count >= LONG else []
    for row in missed:
        print(f"too rare for so many histories: {row}")
    return 1 if table.broken or missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
