"""Run every measurement and print the tables: `python -m bench`, or only some: `python -m bench photos growth`."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from bench import destinations, entered, growth, images, page, pages, photos, readers, rooms, verified_elsewhere
from bench.ground import ground
from bench.size import lines_by_folder
from bench.tables import Row, markdown, show
from bot.imaging.sample import sample_photo

SECTIONS = (
    "photos",
    "large",
    "crowd",
    "backlog",
    "hundred",
    "rooms",
    "images",
    "growth",
    "readers",
    "entered",
    "destinations",
    "elsewhere",
    "page",
    "pages",
    "size",
)
PATIENTS = 20


async def measured(only: list[str], count: int, backlog: int) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    photo = sample_photo()
    if {"photos", "large", "crowd", "backlog", "hundred", "rooms"} & set(only):
        with tempfile.TemporaryDirectory(prefix="consentry-bench-") as directory:
            async with ground(Path(directory), PATIENTS) as where:
                await photos.one_by_one(where, photo, 2, 3_000_000)  # the first ones meet new sessions and cold files
                if "photos" in only:
                    found["One photo at a time"] = await photos.one_by_one(where, photo, count, 0)
                if "large" in only:
                    large = sample_photo(megapixels=12)
                    found["12 megapixels"] = await photos.one_by_one(where, large, max(3, count // 3), 10_000)
                if "crowd" in only:
                    found["Everybody at once"] = await photos.crowd(where, photo, 3)
                if "backlog" in only:
                    found["A backlog"] = await photos.backlog(where, photo, backlog)
                if "hundred" in only:
                    found["A hundred at once"] = await images.many_at_once(where, sample_photo(megapixels=12), 100)
                if "rooms" in only:
                    found["Many rooms"] = await rooms.many_rooms(where, (10, 100, 400))
    if "images" in only:
        found["Images"] = await images.beside_the_usual_tools()
    if "growth" in only:
        found["Growth"] = await growth.growth((100, 10_000, 100_000))
    if "readers" in only:
        found["Readers of words"] = readers.by_doubling()
    if "entered" in only:
        found["Files entered"] = await entered.files_entered()
    if "destinations" in only:
        found["A destination that is down"] = await destinations.with_one_down(count * 5)
    if "elsewhere" in only:
        found["Verified elsewhere"] = await verified_elsewhere.beside_bare_calls(photo, count)
    if "page" in only:
        with tempfile.TemporaryDirectory(prefix="consentry-bench-") as directory:
            found |= await page.beside_js_sdk(Path(directory), photo, max(1, count // 7))
    if "pages" in only:
        with tempfile.TemporaryDirectory(prefix="consentry-bench-") as directory:
            found["Many pages at once"] = await asyncio.to_thread(pages.at_once, Path(directory), 100, photo)
    if "size" in only:
        found["Size"] = [Row(f"lines of Python in {name}/", f"{n:,}") for name, n in lines_by_folder().items()]
    return found


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument("sections", nargs="*", choices=[*SECTIONS, []], default=[], help="only these")
    words.add_argument("--photos", type=int, default=20, help="how many one at a time")
    words.add_argument("--backlog", type=int, default=200)
    words.add_argument("--markdown", type=Path, help="write the tables here too")
    chosen = words.parse_args()
    found = asyncio.run(measured(chosen.sections or list(SECTIONS), chosen.photos, chosen.backlog))
    for title, rows in found.items():
        show(title, rows)
    if chosen.markdown:
        chosen.markdown.write_text("\n\n".join(f"## {title}\n\n{markdown(rows)}" for title, rows in found.items()))


if __name__ == "__main__":
    main()
