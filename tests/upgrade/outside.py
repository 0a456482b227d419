"""The practice on its disk and what lives outside it, as the maker leaves them and a later version finds them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from bot.config import Config, load
from bot.domain.policy import Policy
from bot.operate.kept import mirror_of, places_of, register_of
from bot.ports import CopyPlace
from storage.vault.key_ring import KeyRing
from tests.fakes import Counter, CountingIds, FakeHomeserver, FakePurger, ManualClock
from tests.practice import POLICY, Practice, open_practice

CONFIG = """
[practice]
name = "Hill Street Practice"
timezone = "UTC"
[duty]
person = "@lee:hs.test"
[managers]
accounts = ["@kim:hs.test"]
[homeserver]
url = "http://localhost:8008"
user = "@bot:hs.test"
password_file = "password"
allowed = ["hs.test"]
[data]
directory = "data"
keys_directory = "keys"
[record]
mirror = "mirror"
[audit]
checkpoints = "checkpoints"
"""
TODAY = replace(POLICY, device_check_months=6, own_homeserver="https://chat.example.org")


class Trouble:
    """A port that does what it does, except for the methods of which something else was said."""

    def __init__(self, port: Any) -> None:
        self.port = port
        self.instead: dict[str, Any] = {}

    def __getattr__(self, method: str) -> Any:
        return self.instead.get(method) or getattr(self.port, method)


def begin(directory: Path) -> Config:
    for part in ("data", "keys", "mirror", "checkpoints"):
        (directory / part).mkdir(parents=True, mode=0o700)
    (directory / "config.toml").write_text(CONFIG)
    (directory / "password").write_text("invented")
    (directory / "password").chmod(0o600)
    KeyRing.create(directory / "keys")
    return load(directory / "config.toml")


@asynccontextmanager
async def opened_practice(
    directory: Path, policy: Policy = TODAY, reopen: Practice | None = None
) -> AsyncIterator[tuple[Practice, dict[str, Trouble]]]:
    """The core over this directory, with its second copy and the register outside; and each port, to be made trouble with."""
    config, ports = load(directory / "config.toml"), dict[str, Trouble]()
    link = directory / "data" / "keys"
    if not link.exists():
        link.symlink_to("../keys")

    def around(name: str, port: Any) -> Any:
        if name == "register":
            port = register_of(config, KeyRing.load(config.data.keys_directory))
        return ports.setdefault(name, Trouble(port))

    def places(keys: KeyRing) -> tuple[CopyPlace, ...]:
        return places_of(mirror_of(config, keys))

    async with open_practice(config.data.directory, policy, reopen=reopen, around=around, places=places) as practice:
        yield practice, ports
    link.unlink()


def said(practice: Practice) -> str:
    """What a later start needs to know of the world: the hour, which ids were given, and what apps have uploaded."""
    homeserver = practice.homeserver
    return json.dumps(
        {
            "now": practice.clock.now().isoformat(),
            "ids": practice.ids._count._last,
            "events": practice._events._last,
            "homeserver": homeserver._count._last,
            "media": {mxc: [homeserver.owners[mxc], data.hex()] for mxc, data in homeserver.media.items()},
        }
    )


def as_it_was(said: str) -> Practice:
    """To be reopened: a homeserver, a purger, a clock and chance that go on where those of the maker stopped."""
    world, homeserver = json.loads(said), FakeHomeserver()
    homeserver._count._last = world["homeserver"]
    homeserver.owners = {mxc: owner for mxc, (owner, _) in world["media"].items()}
    homeserver.media = {mxc: bytes.fromhex(data) for mxc, (_, data) in world["media"].items()}
    clock, ids, events = ManualClock(), CountingIds(), Counter()
    clock._now = datetime.fromisoformat(world["now"])
    ids._count._last, events._last = world["ids"], world["events"]
    there = SimpleNamespace(homeserver=homeserver, purger=FakePurger(homeserver), clock=clock, ids=ids, _events=events)
    return cast(Practice, there)
