"""What pictures cost: screening and stripping them against the usual tools, and a hundred at once through the bot.

Time is that of the bot's own way, with a fresh confined child for each file; memory is the most any child or tool
held, seen from outside. All in one run, so that the ratios mean something on any machine. The
hundred photos go through the real core, storage and screener, on a stand-in for the homeserver that makes each when asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

from bot.domain.image import State
from bot.domain.terms import Terms
from bot.imaging.sample import sample_photo
from bot.imaging.screener import SandboxedScreener
from tests.practice import Staffed, staffed_practice

SIZES = (3, 12, 48, 108)  # megapixels
AT_ONCE = 100
EXIFTOOL = Path(__file__).resolve().parents[1] / "tests/judge/node_modules/exiftool-vendored.pl/bin/exiftool"
TERMS = Terms("IMG-7F3K", "Hill Street Practice: confidential.")
LOOKING_EVERY = 0.004  # seconds

Rows = list[tuple[str, str]]


def photo_of(megapixels: int) -> bytes:
    """The sample photo; beyond 12 megapixels the same picture made larger, because to paint it takes minutes."""
    if megapixels <= 12:
        return sample_photo(1, megapixels)
    with Image.open(BytesIO(sample_photo(1, 12))) as photo:
        scale = (megapixels / 12) ** 0.5
        large = photo.resize((round(photo.width * scale), round(photo.height * scale)))
        out = BytesIO()
        large.save(out, "JPEG", quality=90, exif=photo.info["exif"])
        return out.getvalue()


@dataclass
class Seen:
    most: int = 0  # KB


def measured(sizes: tuple[int, ...] = SIZES, at_once: int = AT_ONCE) -> Rows:
    return asyncio.run(_measured(sizes, at_once))


async def _measured(sizes: tuple[int, ...], at_once: int) -> Rows:
    rows: Rows = []
    screener = SandboxedScreener(patience=timedelta(seconds=60))
    await screener.layers()  # the fork server is there before anything is timed
    try:
        for megapixels in sizes:
            photo = photo_of(megapixels)
            rows += await _one_size(screener, photo, f"{megapixels} MP, {len(photo) / 1e6:.0f} MB")
    finally:
        await screener.close()
    return rows + await _many_at_once(at_once)


async def _one_size(screener: SandboxedScreener, photo: bytes, name: str) -> Rows:
    took, memory = await _timed(lambda: screener.screen(photo))
    rows = [(f"{name}: screened", f"{took * 1000:.0f} ms, {memory / 1024:.0f} MB")]
    ours, memory = await _timed(lambda: screener.clean_copy(photo, TERMS))
    rows.append((f"{name}: clean copy", f"{ours * 1000:.0f} ms, {memory / 1024:.0f} MB"))
    return rows + await asyncio.to_thread(_tools, photo, name, ours)


def _tools(photo: bytes, name: str, ours: float) -> Rows:
    rows = []
    with tempfile.TemporaryDirectory(prefix="consentry-bench-") as directory:
        before, after = Path(directory, "before.jpg"), Path(directory, "after.jpg")
        before.write_bytes(photo)
        tools = {"exiftool -all=": ["perl", str(EXIFTOOL), "-q", "-all=", "-o", str(after), str(before)]}
        if shutil.which("jpegtran"):
            tools["jpegtran -copy none"] = ["jpegtran", "-copy", "none", "-outfile", str(after), str(before)]
        for tool, command in tools.items():
            theirs, memory = _ran(command, after)
            told = f"{theirs * 1000:.0f} ms, {memory / 1024:.0f} MB; ours took {ours / theirs:.2f} times as long"
            rows.append((f"{name}: {tool}", told))
    return rows


async def _timed(act: Callable[[], Awaitable[object]]) -> tuple[float, int]:
    """The median of three, and the most that any child held."""
    took = []
    with _looking(own=False) as seen:
        for _ in range(3):
            began = time.monotonic()
            await act()
            took.append(time.monotonic() - began)
    return sorted(took)[1], seen.most


def _ran(command: list[str], result: Path) -> tuple[float, int]:
    took = []
    with _looking(own=False, named=command[0]) as seen:
        for _ in range(3):
            result.unlink(missing_ok=True)
            began = time.monotonic()
            subprocess.run(command, check=True)
            took.append(time.monotonic() - began)
    return sorted(took)[1], seen.most


# ---- memory, seen from outside


@contextmanager
def _looking(*, own: bool, named: str = "") -> Iterator[Seen]:
    """The most memory of any process below this one; with `own`, of all of them and this one together.

    `named`: only of processes of this name, since a tool is a copy of this process until it begins.
    """
    seen, ended = Seen(), threading.Event()

    def look() -> None:
        while not ended.wait(LOOKING_EVERY):
            below = [pid for pid in _below(os.getpid()) if _read(Path(f"/proc/{pid}/comm")).startswith(named)]
            held = [_resident(pid) for pid in below] + ([_resident(os.getpid())] if own else [])
            seen.most = max(seen.most, sum(held) if own else max(held, default=0))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield seen
    finally:
        ended.set()
        looking.join()


def _below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*"):  # a child belongs to the thread that started it
        for child in _read(task / "children").split():
            yield int(child)
            yield from _below(int(child))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""  # it has ended


def _resident(pid: int) -> int:
    """What it holds, pages shared by several processes divided among them."""
    for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


# ---- many at once


class MadeWhenAsked(dict[str, bytes]):
    """Media that weigh nothing until they are fetched: a homeserver has a machine of its own."""

    def __init__(self, photo: bytes) -> None:
        super().__init__()
        self.photo = photo

    def __getitem__(self, mxc: str) -> bytes:
        return self.photo + super().__getitem__(mxc)


async def _many_at_once(number: int) -> Rows:
    photo = sample_photo(1, 12)
    screener = SandboxedScreener()
    with tempfile.TemporaryDirectory(prefix="consentry-bench-") as directory:
        around = lambda name, port: screener if name == "screener" else port  # noqa: E731
        async with staffed_practice(Path(directory), around=around) as people:
            media = MadeWhenAsked(photo)
            media.update(people.practice.homeserver.media)
            people.practice.homeserver.media = media
            try:
                with _looking(own=True) as seen:
                    took = await _sent(people, media, number)
                images = await people.practice.images()
            finally:
                await screener.close()
    verified = sum(image.state is State.VERIFIED for image in images)
    return [
        (f"{number} photos of 12 MP at once: filed, read back and screened", f"{verified} in {took:.1f} s"),
        ("memory of all processes of the bot together, at most", f"{seen.most / 1024:.0f} MB"),
    ]


async def _sent(people: Staffed, media: MadeWhenAsked, number: int) -> float:
    practice, album = people.practice, []
    for each in range(number):
        tail = each.to_bytes(2, "big")
        whole = hashlib.sha256(media.photo + tail).hexdigest()
        arrival = people.sam.photo(tail, f"rash, photo {each}")
        content = arrival.content or {}
        content["file"]["sha256"], content["info"]["size"] = whole, len(media.photo) + len(tail)
        album.append(arrival)
    began = time.monotonic()
    await practice.receive(*album)
    await practice.inbox.drain()
    working = asyncio.create_task(practice.worker.run_for_ever())
    try:
        while (due_at := await practice.journal.next_due_at()) and due_at <= practice.clock.now():
            await practice.journal.news("bench", timedelta(seconds=1))
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    return time.monotonic() - began


if __name__ == "__main__":
    print("\n".join(f"| {what} | {value} |" for what, value in measured()))
