"""Starting up with many rooms: the first sync, which brings all of them, and a start from a kept token."""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median

from bench.ground import Ground
from bench.people import Phone
from bench.tables import Row
from bot.ports import NewRoom

TIMES = 5


async def many_rooms(ground: Ground, counts: tuple[int, ...]) -> list[Row]:
    phone = await Phone.of(ground.homeserver.url, ground.homeserver.account("rooms"), ground.directory / "phones")
    rows, made, took = [], 0, {}
    try:
        for count in counts:
            for number in range(made, count):
                await phone.matrix.create_room(NewRoom(f"room{number}", f"Room {number}", ()))
            made = count
            first = [await _seconds(phone, None) for _ in range(TIMES)]
            kept = (await phone.matrix.next_batch(None, timedelta(0))).token
            again = [await _seconds(phone, kept) for _ in range(TIMES)]
            took[count] = median(first)
            rows.append(Row(f"{count} rooms: first sync", f"{median(first) * 1000:.0f} ms"))
            rows.append(Row(f"{count} rooms: sync of a later start", f"{median(again) * 1000:.0f} ms"))
    finally:
        await phone.matrix.close()
    fewest, most = counts[0], counts[-1]
    each = (took[most] - took[fewest]) / (most - fewest) * 1000
    return [*rows, Row("first sync, for each room more", f"{each:.1f} ms", "", "≤ 4 ms")]


async def _seconds(phone: Phone, since: str | None) -> float:
    began = time.monotonic()
    await phone.matrix.next_batch(since, timedelta(0))
    return time.monotonic() - began
