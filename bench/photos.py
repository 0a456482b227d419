"""Photos from arrival to verified and purged: one at a time beside the floor and nio, a backlog, and many people at once."""

from __future__ import annotations

import asyncio
import time
from statistics import median, quantiles

from bench.floor import Took
from bench.ground import Ground
from bench.people import Phone
from bench.tables import Row, seconds
from bot.domain.arrivals import ArrivalKind

IN_FLIGHT = 4  # of the floor


def different(photo: bytes, number: int) -> bytes:
    """Another photo of the same size."""
    return photo + number.to_bytes(4, "big")


async def one_by_one(ground: Ground, photo: bytes, count: int, first: int) -> list[Row]:
    """Interleaved, so that whatever else the machine does falls on all of them."""
    patient = ground.patients[0]
    floor: list[Took] = []
    bot: list[Took] = []
    ground.nio.took.clear()
    for number in range(first, first + count):
        sent = await ground.sender.send(different(photo, number))
        await ground.nio.look(number - first + 1)
        floor.append(await ground.floor.handle(sent))
        bot += await ground.taken([await patient.send(different(photo, number))])
    verified, purged = [one.verified for one in floor], [one.purged for one in floor]
    bots_verified, bots_purged = [one.verified for one in bot], [one.purged for one in bot]
    size = f"{len(photo) / 1e6:.1f} MB"
    return [
        Row(f"{size}: nio callback, to a plain file", seconds(ground.nio.took), ""),
        Row(f"{size}: floor, to verified", seconds(verified), "1"),
        Row(f"{size}: bot, to verified", seconds(bots_verified), _ratio(bots_verified, verified), "≤ 1.25"),
        Row(f"{size}: floor, to purged", seconds(purged), "1"),
        Row(f"{size}: bot, to purged", seconds(bots_purged), _ratio(bots_purged, purged), "≤ 1.4"),
    ]


def _ratio(ours: list[float], theirs: list[float]) -> str:
    return f"{median(ours) / median(theirs):.2f}"


async def backlog(ground: Ground, photo: bytes, count: int) -> list[Row]:
    """What was sent while nobody looked, by all patients in turn; the floor has as many."""
    for_floor = [await ground.sender.send(different(photo, number)) for number in range(count)]
    ground.stop_bot()
    for_bot = []
    for number in range(count):
        patient = ground.patients[number % len(ground.patients)]
        for_bot.append(await patient.send(different(photo, 1_000_000 + number)))
    took = await ground.floor.handle_all(for_floor, IN_FLIGHT)
    ground.start_bot()
    before, at_rest = ground.cpu(), ground.memory("VmRSS")
    span = await ground.span(for_bot)
    used = {who: spent - before[who] for who, spent in ground.cpu().items()}
    rate, floors = count / span.purged, count / took
    return [
        Row(f"backlog of {count}: floor, {IN_FLIGHT} in flight", f"{floors:.1f} images/s", "1"),
        Row(f"backlog of {count}: bot, to purged", f"{rate:.1f} images/s", f"{rate / floors:.2f}", "≥ 0.8"),
        Row(
            f"backlog of {count}: bot, to verified",
            f"{count / span.verified:.1f} images/s",
            f"{count / span.verified / floors:.2f}",
        ),
        *(Row(f"CPU of the {who} for each image", f"{spent / count * 1000:.0f} ms", "") for who, spent in used.items()),
        Row("memory of the bot before the backlog", f"{at_rest:.0f} MB", ""),
        Row("memory of the bot at most", f"{ground.memory('VmHWM'):.0f} MB", "", "≤ 250 MB"),
    ]


async def crowd(ground: Ground, photo: bytes, rounds: int) -> list[Row]:
    """Everybody at once: how long each waits for the first answer, as their own client sees it.

    The first round is shown by itself: in it the bot speaks in all these rooms for the first time, and hands out their keys.
    """
    strangers, waited = await _round(ground, photo, 0), []
    for turn in range(1, 1 + rounds):
        waited += await _round(ground, photo, turn)
    people = len(ground.patients)
    return [
        Row(f"{people} people at once: first answer, median", f"{median(waited):.2f} s", ""),
        Row(f"{people} people at once: first answer, 95th percentile", f"{_most(waited):.2f} s", "", "≤ 1 s"),
        Row(f"{people} people never spoken to before, 95th percentile", f"{_most(strangers):.2f} s", "", "≤ 1 s"),
    ]


async def _round(ground: Ground, photo: bytes, turn: int) -> list[float]:
    for each in ground.patients:
        await each.listen(0)
    first, size = 2_000_000 + turn * 1000, len(photo) + 4
    files = [await each.upload(different(photo, first + number)) for number, each in enumerate(ground.patients)]
    waited = await asyncio.gather(
        *(_answered(each, file, size) for each, file in zip(ground.patients, files, strict=True))
    )
    await asyncio.sleep(10)  # until all is purged: the next round begins at rest
    return waited


def _most(waited: list[float]) -> float:
    return quantiles(waited, n=20, method="inclusive")[-1]


async def _answered(phone: Phone, file: dict[str, object], size: int) -> float:
    await phone.post(file, size)
    sent = time.monotonic()
    while time.monotonic() - sent < 60:
        for arrival in await phone.listen(5):
            if arrival.kind is ArrivalKind.MESSAGE and arrival.sender != phone.account.user_id:
                return time.monotonic() - sent
    raise AssertionError("no answer")
