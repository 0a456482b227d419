"""`python -m tests.pages_soak`: kill bot, page process and homeserver while ten pages send, and see each photo filed once.

Fifty photos, five of each page, one after another; the dice choose whom SIGKILL ends, and when. In the end each photo is filed
once, each page was told of its own photos and of no others, and none has anything left to send.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from tests.many_pages import BORN, CAPTION, links_for, nothing_is_lost, practice_with_pages
from tests.page_visits import PagePractice
from tests.photos import small

LONGEST_PEACE = 2.0  # seconds


def deaths_of(practice: PagePractice) -> tuple[Callable[[], None], ...]:
    def bot() -> None:
        practice.running.bot.kill()
        practice.running.bot.start_again()

    def page_process() -> None:
        practice.kill_serving()
        practice.serve()

    def homeserver() -> None:
        practice.running.homeserver.kill()

    return bot, page_process, homeserver


def kill_while(sending: Future[Any], practice: PagePractice, dice: random.Random, most: int) -> dict[str, int]:
    """Kill so often, each in turn, in an order that the dice choose; return whom how often. Fail where all was sent before."""
    killed: dict[str, int] = {}
    deaths = deaths_of(practice)
    turns = chain.from_iterable(dice.sample(deaths, len(deaths)) for _ in count())
    for death in islice(turns, most):
        time.sleep(dice.uniform(0, LONGEST_PEACE))
        if sending.done():
            sending.result()
            raise AssertionError(f"all was sent after {sum(killed.values())} deaths of {most}")
        death()
        killed[death.__name__] = killed.get(death.__name__, 0) + 1
    return killed


def soak(directory: Path, seed: int, deaths: int, people: int, each: int) -> dict[str, int]:
    dice = random.Random(seed)
    photos = [[directory / f"{page}-{number}.jpg" for number in range(each)] for page in range(people)]
    for number, path in enumerate(path for of_page in photos for path in of_page):
        path.write_bytes(small(90_000 + number))
    with practice_with_pages(directory, people) as (practice, pages), ThreadPoolExecutor(1) as hand:
        joined = pages.call("open", links=list(links_for(practice, people)), born=BORN, together=people)
        named = [[str(path) for path in of_page] for of_page in photos]
        sending = hand.submit(pages.call, "send", photos=named, words=CAPTION)
        killed = kill_while(sending, practice, dice, deaths)
        told = [{ref for one in of_page for ref in one["refs"]} for of_page in sending.result()]
        nothing_is_lost(practice, photos, told, [one["account"] for one in joined])
        assert not any(pages.call("waiting"))
    return killed


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.pages_soak", description=__doc__)
    words.add_argument("--deaths", type=int, default=25)
    words.add_argument("--pages", type=int, default=10)
    words.add_argument("--photos", type=int, default=5, help="of each page")
    words.add_argument("--seed", type=int, default=1)
    given = words.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="consentry-soak-") as directory:
        killed = soak(Path(directory), given.seed, given.deaths, given.pages, given.photos)
    print(
        f"{given.pages * given.photos} photos of {given.pages} pages, each filed once, in {time.monotonic() - began:.0f} s;"
    )
    print("killed: " + ", ".join(f"{who} {count}" for who, count in sorted(killed.items())))


if __name__ == "__main__":
    main()
