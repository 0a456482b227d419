"""Count the files of the product that are entered while one thing is done: how far a reader must follow it.

By `sys.setprofile`, on the fakes of the tests: a file counts once a function of it is called. Importing does not count.
`python -m bench.entered` names them, with the calls into each.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType

from bench.tables import Row
from tests.practice import Staffed, staffed_practice

ROOT = Path(__file__).parents[1]
HOUSE = tuple(f"{ROOT / top}/" for top in ("bot", "handlers", "storage"))

Deed = Callable[[Staffed], Awaitable[object]]


async def files_entered() -> list[Row]:
    """Return how many files are entered by `!mine`, and by a captioned photo until nothing more is due."""
    mine, photo = await calls_into(_takes_it, before=_sends_a_photo), await calls_into(_sends_a_photo)
    return [
        Row("`!mine IMG-7F3K`", f"{len(mine)} files", goal="≤ 25"),
        Row("a captioned photo, from arrival to verified and purged", f"{len(photo)} files", goal="≤ 50"),
    ]


async def calls_into(deed: Deed, before: Deed | None = None) -> Counter[str]:
    """Return how often each file of the house is called into while `deed` is done, at a staffed practice after `before`."""
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name != "<module>" and frame.f_code.co_filename.startswith(HOUSE):
            calls[str(Path(frame.f_code.co_filename).relative_to(ROOT))] += 1

    with tempfile.TemporaryDirectory(prefix="consentry-bench-") as directory:
        async with staffed_practice(Path(directory) / "practice") as people:
            if before is not None:
                await before(people)
            sys.setprofile(note)
            try:
                await deed(people)
            finally:
                sys.setprofile(None)
    return calls


async def _takes_it(people: Staffed) -> None:
    await people.lee.writes("!mine " + (await people.practice.only_image()).ref)


async def _sends_a_photo(people: Staffed) -> None:
    await people.sam.sends_photo(caption="rash on my arm, three days")


if __name__ == "__main__":
    for deed, before in ((_takes_it, _sends_a_photo), (_sends_a_photo, None)):
        for name, count in sorted(asyncio.run(calls_into(deed, before)).items()):
            print(f"{count:6}  {name}")
        print()
