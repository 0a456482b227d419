"""The stage: an embedded homeserver, the purger, the bot, and people with real apps, in one directory, on loopback.

Every process is started here, ended here by its own handle, and ends by itself if this one is killed. Nothing is reused from an
earlier run.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import secrets
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rich.console import Console

from bot.capped_http import ask_once
from bot.config import load
from bot.config.policy_of import policy_of
from bot.domain.errors import Permanent
from bot.domain.identifiers import Account
from bot.homeserver import EmbeddedHomeserver
from bot.operate.first_managers import manager_codes
from storage.vault.key_ring import KeyRing

from .practice_record import PracticeRecord

SERVER = "practice.localhost"
PYTHON = sys.executable
CHECKOUT = Path(__file__).resolve().parents[2]

CONFIG = """\
[practice]
name = "Hill Street Practice"
timezone = "Australia/Sydney"

[[practice.hours]]
days = ["mon", "tue", "wed", "thu", "fri"]
from = "08:00"
until = "18:00"

[duty]
person = "@lee:{server}"

[managers]
accounts = ["@kim:{server}"]

[homeserver]
url = "{url}"
user = "@consentry:{server}"
password_file = "keys/bot-password"
allowed = ["{server}"]
embedded = true
registration_tokens = "{tokens}"
redaction_retention = "1h"

[purger]
socket = "purger/purger.socket"

[data]
directory = "data"
keys_directory = "keys"

[page]
url = "{page}"
listen = "{listen}"

[purge]
rendition = "{rendition}"
messages = "{messages}"
"""


LONGEST_SOCKET = 107  # bytes of a path: Linux takes no more, and without its socket nothing would be purged


class Failed(Permanent):
    """The stage could not be set; the text says what to do."""

    def __init__(self, text: str) -> None:
        super().__init__("demo", text)


class DemoStage:
    """`async with DemoStage(...)` sets everything up; `bot` runs until `stop_bot`."""

    def __init__(self, home: Path, console: Console, *, brief: bool, record: PracticeRecord | None = None) -> None:
        self.home = home.resolve()
        self.console = console
        self.passwords: dict[str, str] = {}
        self.manager_code = ""
        self.brief = brief
        self.record = record
        self._bot: Process | None = None
        self._purger: Process | None = None
        self._page: Process | None = None
        self._people: list[Any] = []
        self.homeserver = EmbeddedHomeserver(self.home / "homeserver", SERVER, _free_port(), fast=True)
        self.page_at = f"127.0.0.1:{_free_port()}"

    @property
    def bot_account(self) -> str:
        return f"@consentry:{SERVER}"

    @property
    def config_file(self) -> Path:
        return self.home / "config.toml"

    def written(self, given: str, family: str) -> str:
        """Return a patient's name as it is to be written here: some records ask which is the family name."""
        return f"{family}, {given}" if policy_of(load(self.config_file)).names_apart else f"{given} {family}"

    async def __aenter__(self) -> Self:
        if len(bytes(self.purger_socket)) > LONGEST_SOCKET:
            raise Failed(
                f"Please run the demo in a directory with a shorter path: {self.home} is too long for a socket."
            )
        try:
            await self._set()
        except BaseException:  # also when Ctrl-C is pressed: processes that were started must end
            await self.clear()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self.clear()

    @property
    def purger_socket(self) -> Path:
        return self.home / "purger" / "purger.socket"

    async def _set(self) -> None:
        with self.console.status("Starting the homeserver"):
            self.home.mkdir(mode=0o700, parents=True)
            await self.homeserver.start()
            await self.homeserver.registration_tokens(5)
            await self.homeserver.admin_token()
        with self.console.status("Making the practice: keys, accounts, purger"):
            KeyRing.create(self.home / "keys")
            for localpart in ("consentry", "kim", "lee", "derm"):
                await self.make_account(localpart)
            password_file = self.home / "keys" / "bot-password"
            password_file.touch(0o600)
            password_file.write_text(self.passwords["consentry"] + "\n", encoding="utf-8")
            seconds = ("8s", "12s") if self.brief else ("15m", "24h")
            self.config_file.touch(0o600)
            self.config_file.write_text(
                CONFIG.format(
                    server=SERVER,
                    url=self.homeserver.url,
                    tokens=self.homeserver.directory / "registration-tokens.json",
                    page=f"http://{self.page_at}",
                    listen=self.page_at,
                    rendition=seconds[0],
                    messages=seconds[1],
                ),
                encoding="utf-8",
            )
            if self.record is not None:
                await self.record.start()
                with self.config_file.open("a", encoding="utf-8") as file:
                    file.write(f"\n[[destinations]]\n{self.record.destination}")
            await self._start_purger()
            self._page = await _started("bot", "page", "--config", str(self.config_file), said_in=DEVNULL)
            self.manager_code = (await manager_codes(load(self.config_file)))[Account(f"@kim:{SERVER}")]

    async def _start_purger(self) -> None:
        (self.home / "purger").mkdir(mode=0o700)
        self._purger = await _started(
            "bot.purger",
            *("--socket", str(self.purger_socket)),
            *("--homeserver", self.homeserver.url),
            *("--token-file", str(self.homeserver.purger_token_file)),
            *("--register", str(self.home / "purger" / "register.jsonl")),
            said_in=DEVNULL,
        )

    def require_the_page(self) -> None:
        """Raise `Failed` where its process has ended: the page is not built, or is not the one that was shipped."""
        if self._page is None or self._page.returncode is not None:
            raise Failed("The page does not start: run `make install`.")

    # ---- the bot, in a process of its own

    async def start_bot(self) -> None:
        with (self.home / "bot.log").open("ab") as log:
            self._bot = await _started("bot", "run", "--config", str(self.config_file), said_in=log.fileno())

    async def stop_bot(self) -> int:
        if self._bot is None:
            return 0
        code = await _end(self._bot)
        self._bot = None
        return code

    async def command(self, *words: str) -> str:
        """Run a `consentry` command in a new process and return its output, narrow enough to be shown in a frame."""
        width = str(max(40, self.console.width - 4))
        process = await asyncio.create_subprocess_exec(
            *(PYTHON, "-m", "bot", *words, "--config", str(self.config_file)),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            env={**os.environ, "COLUMNS": width, "TTY_COMPATIBLE": "0"},
        )
        try:
            out, err = await process.communicate()
        finally:
            await _end(process)
        if process.returncode:
            raise Failed(f"consentry {words[0]}: {err.decode()[-300:]}")
        return out.decode()

    # ---- people

    async def person(self, localpart: str) -> Any:
        """Return somebody's app: the independent client, strict (it talks to cross-signed devices only)."""
        user = await asyncio.to_thread(
            _independent_client(),
            self.homeserver.url,
            localpart,
            self.passwords[localpart],
            strict=True,
            device_name=f"{localpart}'s phone",
        )
        self._people.append(user)
        return user

    async def make_account(self, localpart: str) -> None:
        """Make an account as its owner would at the computer."""
        self.passwords[localpart] = secrets.token_urlsafe(12)
        await self.homeserver.register(localpart, self.passwords[localpart])

    async def register_with_token(self, localpart: str, token: str) -> None:
        """Register as an app does for somebody with a registration token."""
        self.passwords[localpart] = secrets.token_urlsafe(12)
        body: dict[str, Any] = {"username": localpart, "password": self.passwords[localpart], "inhibit_login": True}
        where = (self.homeserver.url, "/_matrix/client/v3/register")
        session = (await ask_once("POST", *where, body)).body["session"]
        body["auth"] = {"type": "m.login.registration_token", "token": token, "session": session}
        answer = await ask_once("POST", *where, body)
        if answer.status == 401:  # the token was right; one more stage is asked for
            body["auth"] = {"type": "m.login.dummy", "session": session}
            answer = await ask_once("POST", *where, body)
        _require(answer.status == 200)

    async def clear(self) -> None:
        for user in self._people:
            with contextlib.suppress(Exception):  # an app that fails to close must not keep the others open
                user.kill()  # also while it waits for something, which may take long
                await asyncio.to_thread(user.close)
        await self.stop_bot()
        for process in (self._page, self._purger):
            if process is not None:
                await _end(process)
        if self.record is not None:
            await self.record.stop()
        await self.homeserver.stop()


def _independent_client() -> Any:
    return with_the_tests("peer").MatrixUser


def with_the_tests(part: str) -> Any:
    """Return what drives people's apps or browsers. It lives with the tests, which an installed package does not carry."""
    if not (CHECKOUT / "tests" / part / "driver.py").exists():
        raise Failed("The demo needs the source checkout: run `make demo` there.")
    if str(CHECKOUT) not in sys.path:
        sys.path.insert(0, str(CHECKOUT))
    return importlib.import_module(f"tests.{part}.driver")


def _require(true: bool) -> None:
    if not true:
        raise Failed("The registration token did not make an account.")


async def _started(module: str, *arguments: str, said_in: int) -> Process:
    """Start a process that ends with this one; it is not in our group, because Ctrl-C is for us, who end it in order."""
    return await asyncio.create_subprocess_exec(
        *(PYTHON, "-m", "bot.tethered", module, *arguments),
        stdin=PIPE,  # its tether
        stdout=said_in,
        stderr=said_in,
        start_new_session=True,
    )


async def _end(process: Process) -> int:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()
            await process.wait()
    return process.returncode or 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
