"""Room keys that never came are asked for until they were: a homeserver that is busy makes nobody wait for ever."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account, RoomId
from bot.matrix.device_lists import Device, Identity
from bot.matrix.feed import SyncFeed
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
    return LostKey(Account(f"@{sender}:hs.test"), RoomId("!room"), session)


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


async def test_whoever_names_keys_that_are_nobodys_fills_no_memory() -> None:
    """A device whose session broke is written to once an hour; what is remembered for that hour are devices, not claims."""
    phone, mended = Device(Account("@sam:hs.test"), "PHONE", "curve", "ed", signed=True), []

    class Known:
        async def identities(self, users: Any) -> dict[str, Identity]:
            return {user: Identity(user, "", (phone,) if user == phone.user_id else ()) for user in users}

    class Keys:
        async def mend(self, devices: Any) -> None:
            mended.extend(devices)

    machine: Any = SimpleNamespace(user_id="@bot:hs.test", device_id="BOT")
    nothing: Any = None
    known: Any = Known()
    keys: Any = Keys()
    feed = SyncFeed(nothing, nothing, machine, known, keys)
    for number in range(3):
        await feed._mend({("@mallory:hs.test", f"{number}" * 60_000), (phone.user_id, phone.curve25519)})
    assert mended == [phone]
    assert set(feed._mended) == {(phone.user_id, phone.curve25519)}
