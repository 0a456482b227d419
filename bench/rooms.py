"""Starting up with many rooms: the first sync, which brings all of them, and a start from a kept token."""

from __future__ import annotations

import itertools
import time
from datetime import timedelta
from statistics import median

from bench.ground import Ground
from bench.people import Phone
from bench.tables import Row
from bot.ports import NewRoom

TIMES = 5
NOW = timedelta(0)


async def many_rooms(ground: Ground, counts: tuple[int, ...]) -> list[Row]:
    phone = await Phone.of(ground.homeserver.url, ground.homeserver.account("rooms"), ground.directory / "phones")
    rows, made, took = [], 0, {}
    # Synapse remembers for two minutes what it answered; another timeout is another question.
    different = (timedelta(milliseconds=number) for number in itertools.count(1))
    try:
        for count in counts:
            for number in range(made, count):
                await phone.matrix.create_room(NewRoom(f"room{number}", f"Room {number}", ()))
            made = count
            first = [await _seconds(phone, None, next(different)) for _ in range(TIMES)]
            kept = (await phone.matrix.next_batch(None, next(different))).token
            took[count] = median(first)
            rows.append(Row(f"{count} rooms: first sync", f"{median(first) * 1000:.0f} ms"))
            rows.append(
                Row(f"{count} rooms: sync of a later start", f"{await _seconds(phone, kept, NOW) * 1000:.0f} ms")
            )
    finally:
        await phone.matrix.close()
    fewest, most = counts[0], counts[-1]
    each = (took[most] - took[fewest]) / (most - fewest) * 1000
    return [*rows, Row("first sync, for each room more", f"{each:.1f} ms", "", "≤ 4 ms")]


async def _seconds(phone: Phone, since: str | None, timeout: timedelta) -> float:
    began = time.monotonic()
    await phone.matrix.next_batch(since, timeout)
    return time.monotonic() - began
