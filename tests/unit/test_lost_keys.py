"""Room keys that never came are asked for until they were: a homeserver that is busy makes nobody wait for ever."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain.errors import OutsideFailure
from bot.matrix.lost_keys import MOST_IN_AN_HOUR, MOST_MISSING, LostKey, LostKeys


class Busy:
    """A homeserver that refuses so many requests, then takes them."""

    def __init__(self, refuses: int = 0) -> None:
        self.refuses = refuses
        self.asked: list[str] = []

    async def call(self, method: str, path: str, *, body: Any) -> None:
        if self.refuses:
            self.refuses -= 1
            raise OutsideFailure("HTTP 500")
        ((_, devices),) = body["messages"].items()
        self.asked.append(devices["*"]["body"]["session_id"])


def lost_keys(homeserver: Busy) -> LostKeys:
    machine: Any = SimpleNamespace(device_id="BOT")
    client: Any = homeserver
    return LostKeys(client, machine)


def of(sender: str, session: str) -> LostKey:
    return LostKey(f"@{sender}:hs.test", "!room", session)


async def test_what_could_not_be_asked_for_is_asked_for_later() -> None:
    homeserver = Busy(refuses=1)
    keys = lost_keys(homeserver)
    keys.missing([of("sam", "one"), of("sam", "two")])
    with pytest.raises(OutsideFailure):
        await keys.ask()
    await keys.ask()
    await keys.ask()
    assert homeserver.asked == ["one", "two"]


async def test_whoever_sends_what_nobody_can_read_does_not_keep_the_bot_asking() -> None:
    homeserver = Busy()
    keys = lost_keys(homeserver)
    keys.missing(of("mallory", f"{number}") for number in range(10 * MOST_MISSING))
    for _ in range(50):
        await keys.ask()
    assert len(homeserver.asked) == MOST_IN_AN_HOUR
    keys.missing([of("sam", "hers")])
    await keys.ask()
    assert homeserver.asked[-1] == "hers"
