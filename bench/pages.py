"""Many pages at once, a hundred of them: how long each waits, and that nothing is lost.

All run under Node in one process (`tests/many_pages.py`): a hundred browsers would leave the practice nothing of two cores.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median, quantiles

from bench.photos import different
from bench.tables import Row
from tests.many_pages import BORN, CAPTION, links_for, nothing_is_lost, practice_with_pages

JOIN_TOGETHER = 10


def at_once(directory: Path, count: int, photo: bytes) -> list[Row]:
    """So many people open their links, ten at a time; then all send at the same moment. Raise where anything is lost."""
    photos = [directory / f"{number}.jpg" for number in range(count)]
    for number, path in enumerate(photos):
        path.write_bytes(different(photo, number))
    with practice_with_pages(directory, count) as (practice, pages):
        links = list(links_for(practice, count))
        joined = pages.call("open", links=links, born=BORN, together=JOIN_TOGETHER)
        told = [one for [one] in pages.call("send", photos=[[str(path)] for path in photos], words=CAPTION)]
        accounts = [one["account"] for one in joined]
        nothing_is_lost(practice, [[path] for path in photos], [set(one["refs"]) for one in told], accounts)
        assert not any(pages.call("waiting"))
    size = f"{len(photo) / 1e6:.1f} MB"
    return [
        *_rows(f"{count} pages, {JOIN_TOGETHER} at a time: from the link to a room", [one["took"] for one in joined]),
        *_rows(f"{count} pages at once, {size} each: sealed on the phone", [one["kept"] for one in told]),
        *_rows(f"{count} pages at once, {size} each: sent", [one["sent"] for one in told]),
        *_rows(f"{count} pages at once, {size} each: first answer", [one["answered"] for one in told]),
        *_rows(f"{count} pages at once, {size} each: from sent to first answer", [_after_sent(one) for one in told]),
        Row(f"{count} pages at once: lost, filed twice, told of another's photo, or sent in the clear", "none"),
    ]


def _after_sent(one: dict[str, float]) -> float:
    return one["answered"] - one["sent"]


def _rows(what: str, milliseconds: list[float]) -> list[Row]:
    took = [one / 1000 for one in milliseconds]
    most = quantiles(took, n=20, method="inclusive")[-1]
    return [Row(f"{what}, median", f"{median(took):.1f} s"), Row(f"{what}, 95th percentile", f"{most:.1f} s")]
