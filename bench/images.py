"""What pictures cost: screening and stripping them against the usual tools, and a hundred at once in the bot's memory.

Time is that of the bot's own way, with a fresh confined child for each file; memory is the most that child or tool held, seen
from outside. All in one run, so that the ratios mean something on any machine. The hundred photos wait on a real homeserver
when the bot starts; what is counted is the bot, its purger, and the processes that decode, and nothing that measures.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from statistics import median

from PIL import Image

from bench.documents import documents
from bench.ground import Ground
from bench.memory import Seen, below, read, watching
from bench.photos import different
from bench.tables import Row
from bot.domain.terms import Terms
from bot.imaging.sample import sample_photo
from bot.imaging.screener import SandboxedScreener

SIZES = (3, 12, 48, 108)  # megapixels
TIMES = 5
EXIFTOOL = Path(__file__).resolve().parents[1] / "tests/judge/node_modules/exiftool-vendored.pl/bin/exiftool"
QUIET_SECONDS = 10
TERMS = Terms("IMG-7F3K", "Hill Street Practice: confidential.")


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


async def beside_the_usual_tools(sizes: tuple[int, ...] = SIZES) -> list[Row]:
    rows: list[Row] = []
    screener = SandboxedScreener(patience=timedelta(seconds=60))
    await screener.layers()  # the fork server is there before anything is timed
    try:
        rows.append(Row("a confined child, ready and ended", await _of_a_child(screener)))
        for megapixels in sizes:
            rows += await _one_size(screener, photo_of(megapixels), megapixels)
        for name, data in documents().items():
            rows += await _one_document(screener, name, data)
    finally:
        await screener.close()
    return rows


async def _one_document(screener: SandboxedScreener, name: str, data: bytes) -> list[Row]:
    """Screening draws every page, and so does the copy; the first page is what a phone shows at once."""
    sizes: dict[str, int] = {}

    async def copied() -> None:
        sizes["copy"] = len((await screener.clean_copy(data, TERMS)).data)

    async def shown() -> None:
        sizes["first page"] = len((await screener.page(data, 0)).picture.data)

    rows = []
    acts: dict[str, Callable[[], Awaitable[object]]] = {"screened": lambda: screener.screen(data), "copy": copied}
    for act, run in (acts | {"first page": shown}).items():
        seconds, seen = await _timed("", run)
        size = f", {sizes[act] / 1e6:.1f} MB large" if act in sizes else ""
        rows.append(
            Row(f"{name}, {len(data) / 1e6:.1f} MB: {act}", f"{seconds * 1000:.0f} ms, {seen.most:.0f} MB{size}")
        )
    return rows


async def _of_a_child(screener: SandboxedScreener) -> str:
    took = []
    for _ in range(20):
        began = time.perf_counter()
        await screener.layers()
        took.append(time.perf_counter() - began)
    return f"{median(took) * 1000:.1f} ms"


async def _one_size(screener: SandboxedScreener, photo: bytes, megapixels: int) -> list[Row]:
    """Interleaved, so that whatever else the machine does falls on all of them."""
    with tempfile.TemporaryDirectory(prefix="consentry-bench-") as directory:
        before, after = Path(directory, "before.jpg"), Path(directory, "after.jpg")
        await asyncio.to_thread(before.write_bytes, photo)
        acts: dict[str, tuple[str, Callable[[], Awaitable[object]]]] = {
            "screened": ("", lambda: screener.screen(photo)),
            "clean copy": ("", lambda: screener.clean_copy(photo, TERMS)),
            "exiftool -all=": ("perl", _running(after, "perl", EXIFTOOL, "-q", "-all=", "-o", after, before)),
        }
        if shutil.which("jpegtran"):
            command = ("jpegtran", "-copy", "none", "-outfile", after, before)
            acts["jpegtran -copy none"] = ("jpegtran", _running(after, *command))
        took: dict[str, list[float]] = {name: [] for name in acts}
        most = dict.fromkeys(acts, 0.0)
        for _ in range(TIMES):
            for name, (process, act) in acts.items():
                seconds, seen = await _timed(process, act)
                took[name].append(seconds)
                most[name] = max(most[name], seen.most)
    ours = median(took["clean copy"])
    return [
        Row(
            f"{megapixels} MP, {len(photo) / 1e6:.0f} MB: {name}",
            f"{median(took[name]) * 1000:.0f} ms, {most[name]:.0f} MB",
            f"{ours / median(took[name]):.2f}" if name not in {"screened", "clean copy"} else "",
        )
        for name in acts
    ]


def _running(result: Path, *command: str | Path) -> Callable[[], Awaitable[object]]:
    def run() -> None:
        result.unlink(missing_ok=True)
        subprocess.run(("nice", "-n", "10", *command), check=True)  # as the bot's own children are

    return lambda: asyncio.to_thread(run)


async def _timed(process: str, act: Callable[[], Awaitable[object]]) -> tuple[float, Seen]:
    """With the most held by the children at work, or by the tool, which is a copy of this process until it begins."""

    def at_work() -> dict[int, str]:
        return {pid: "" for pid in below(os.getpid()) if read(Path(f"/proc/{pid}/comm")).startswith(process)}

    with watching(at_work) as seen:
        began = time.perf_counter()
        await act()
        return time.perf_counter() - began, seen


# ---- many at once


async def many_at_once(ground: Ground, photo: bytes, count: int) -> list[Row]:
    """All of them wait when the bot starts, five of each patient."""
    ground.stop_bot()
    sent = []
    for number in range(count):
        patient = ground.patients[number % len(ground.patients)]
        sent.append(await patient.send(different(photo, 3_000_000 + number)))
    ground.start_bot()
    bot, purger = ground.practice.bot.pid, ground.practice.purger.pid

    def of_the_bot() -> dict[int, str]:
        decoding = dict.fromkeys(below(bot), "decoding")
        return {bot: "bot", purger: "purger", **dict.fromkeys(below(purger), "purger"), **decoding}

    with watching(of_the_bot) as seen:
        span = await ground.span(sent)
        await _all_looked_at(bot)
    parts = ", ".join(f"{part} {most:.0f}" for part, most in seen.parts.items())
    return [
        Row(f"{count} of {len(photo) / 1e6:.0f} MB at once: verified", f"{span.verified:.1f} s"),
        Row(f"{count} of {len(photo) / 1e6:.0f} MB at once: purged", f"{span.purged:.1f} s"),
        Row("memory of all processes of the bot together, at most", f"{seen.most:.0f} MB", "", "≤ 300 MB"),
        Row("at that moment", f"{parts} MB"),
    ]


async def _all_looked_at(bot: int) -> None:
    """Until no picture has been decoded for some seconds: they are looked at when nothing else is done, so last of all."""
    last = time.monotonic()
    while time.monotonic() - last < QUIET_SECONDS:
        if len(list(below(bot))) > 1:  # more than the server they are forked from
            last = time.monotonic()
        await asyncio.sleep(0.02)
