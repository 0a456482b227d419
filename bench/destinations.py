"""What a destination costs whoever waits: filing, showing and answering without one, with one, and with one that is down.

All in this process, with the tests' homeserver, so that what is compared is what the bot itself does; the practices take turns,
so that whatever else the machine does falls on all of them. The watch of each destination runs beside, as in the bot.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.tables import Row
from bot.core.watches.deliver import DeliveryWatch
from bot.domain.assurance import CopyForm
from bot.domain.destination import Destination
from bot.ports import CopyPlace
from storage.records.shared_folder import SharedFolder
from tests.practice import JPEG, Staffed, staffed_practice

NONE, THERE, AWAY, HANGS = "no destination", "one that is there", "one that is away", "one that hangs"
BOTH = "one that is there and one that is away"
PLACES = {NONE: (), THERE: (THERE,), AWAY: (AWAY,), HANGS: (HANGS,), BOTH: (THERE, AWAY)}
FILING, SHOWING, ANSWERING = "a photo is sent, filed and answered", "!show", "a patient's answer is filed"


class HangingFolder(SharedFolder):
    """A share that answers nothing, ever."""

    async def there(self) -> bool:
        await asyncio.Event().wait()
        return False


async def with_one_down(count: int) -> list[Row]:
    """Return what each of the three acts takes, and its ratio to a practice without a destination."""
    took: dict[tuple[str, str], list[float]] = {}
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="consentry-bench-")))
        practices = {
            how: await stack.enter_async_context(_practice(directory / how.replace(" ", "-"), how)) for how in PLACES
        }
        for number in range(count + 1):  # the first is for warming up
            for how, people in practices.items():
                for what, seconds in (await _one_round(people, number)).items():
                    if number:
                        took.setdefault((what, how), []).append(seconds)
    return [
        Row(
            f"{what}, {how}",
            f"{median(took[what, how]) * 1000:.1f} ms",
            f"{median(took[what, how]) / median(took[what, NONE]):.2f}",
            "≤ 1.1" if how in {AWAY, HANGS} else "",
        )
        for what in (FILING, SHOWING, ANSWERING)
        for how in practices
    ]


async def _one_round(people: Staffed, number: int) -> dict[str, float]:
    began = time.perf_counter()
    await people.sam.sends_photo(JPEG + str(number).encode(), "rash on my arm")
    filed = time.perf_counter()
    ref = (await people.practice.images())[-1].ref
    asked = time.perf_counter()
    await people.lee.writes(f"!show {ref}")
    shown = time.perf_counter()
    await people.sam.writes(f"it itches less than yesterday, {number}")
    answered = time.perf_counter()
    return {FILING: filed - began, SHOWING: shown - asked, ANSWERING: answered - shown}


@asynccontextmanager
async def _practice(directory: Path, how: str) -> AsyncIterator[Staffed]:
    places = [_place(directory / str(number), place) for number, place in enumerate(PLACES[how])]
    async with staffed_practice(directory / "practice", places=lambda _keys: places) as people:
        practice = people.practice
        watches = [
            asyncio.create_task(
                DeliveryWatch(
                    practice.journal, practice.dispatch, practice.record, practice.further, place
                ).run_for_ever()
            )
            for place in places
        ]
        try:
            yield people
        finally:
            for watch in watches:
                watch.cancel()
                with suppress(asyncio.CancelledError):
                    await watch


def _place(share: Path, how: str) -> CopyPlace:
    if how != AWAY:
        share.mkdir(parents=True)
    return CopyPlace(Destination(how, CopyForm.ORIGINAL), HangingFolder(share) if how == HANGS else SharedFolder(share))
