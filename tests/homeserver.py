"""The homeserver of the test run: a real Synapse, one for the whole suite, as every test sees it."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import secrets
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.identifiers import Account
from bot.homeserver import EmbeddedHomeserver, RegisteredAccount
from bot.matrix.device_lists import Identity, parse_identity
from tests.patience import PATIENCE

T = TypeVar("T")


PORTS = range(10_000, 32_768)  # below those from which connections are made
_ours: list[socket.socket] = []


def free_port() -> int:
    """A loopback port nobody listens on now, and no other process of any tests is given while this one lives.

    So whatever listens there may be ended and started again, and where nobody listens, nobody will.
    """
    for port in random.sample(PORTS, len(PORTS)):
        taken = socket.socket(socket.AF_UNIX)
        with closing(socket.socket()) as probe:
            try:
                taken.bind(f"\0port-of-the-tests-{port}")
                probe.bind(("127.0.0.1", port))
            except OSError:
                taken.close()
                continue
        _ours.append(taken)  # a name that lasts as long as the process
        return port
    raise AssertionError("no port is free")


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end from anywhere, also while this thread's loop is running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Homeserver:
    """Plain calls for fixtures and tests alike; `embedded` is the same homeserver for those who await."""

    def __init__(self, embedded: EmbeddedHomeserver) -> None:
        self.embedded = embedded
        self.url = embedded.url
        self.server_name = embedded.server_name
        self.data_dir: Path = embedded.directory
        self._numbers = itertools.count(1)

    def localpart(self, stem: str = "user") -> str:
        """A localpart nobody has, such as sam-4."""
        return f"{stem}-{next(self._numbers)}"

    def register(self, localpart: str, password: str | None = None, *, admin: bool = False) -> RegisteredAccount:
        """Make this account."""
        return finish(self.embedded.register(localpart, password or secrets.token_urlsafe(12), admin=admin))

    def account(self, stem: str = "user") -> RegisteredAccount:
        """Make an account nobody has used."""
        return self.register(self.localpart(stem))

    @property
    def admin_token(self) -> str:
        return finish(self.embedded.admin_token())

    def token(self, account: RegisteredAccount) -> str:
        """A fresh login's access token."""
        body = {"type": "m.login.password", "user": account.user_id, "password": account.password}
        _, answer = self.ask("POST", "/_matrix/client/v3/login", json.dumps(body).encode())
        return str(json.loads(answer)["access_token"])

    @property
    def uploader(self) -> str:
        """Whose uploads `upload` makes."""
        return self._somebody_account.user_id

    def upload(self, data: bytes) -> str:
        """Put these bytes on the homeserver as somebody; the mxc address."""
        _, answer = self.ask("POST", "/_matrix/media/v3/upload", data, self._somebody)
        return str(json.loads(answer)["content_uri"])

    def download_status(self, mxc: str) -> int:
        """What the homeserver answers somebody who asks for this media."""
        return self.ask("GET", f"/_matrix/client/v1/media/download/{mxc.removeprefix('mxc://')}", b"", self._somebody)[
            0
        ]

    def download(self, mxc: str) -> bytes:
        """The bytes the homeserver holds under this id."""
        return self.ask("GET", f"/_matrix/client/v1/media/download/{mxc.removeprefix('mxc://')}", b"", self._somebody)[
            1
        ]

    def identity(self, user_id: str) -> Identity:
        """The keys that the homeserver shows for this account."""
        body = json.dumps({"device_keys": {user_id: []}}).encode()
        return parse_identity(
            Account(user_id), json.loads(self.ask("POST", "/_matrix/client/v3/keys/query", body, self._somebody)[1])
        )

    def ask(self, method: str, path: str, body: bytes = b"", token: str = "") -> tuple[int, bytes]:
        """One plain request; status and body."""
        headers = {"Content-Type": "application/octet-stream"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(self.url + path, body or None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    @cached_property
    def _somebody(self) -> str:
        return self.token(self._somebody_account)

    @cached_property
    def _somebody_account(self) -> RegisteredAccount:
        return self.account("somebody")

    def start(self) -> None:
        finish(self.embedded.start())

    def stop(self) -> None:
        finish(self.embedded.stop())

    def kill(self) -> None:
        """End it as a power cut does, and start it again."""
        os.kill(int((self.embedded.directory / "homeserver.lock").read_text()), signal.SIGKILL)
        while self.embedded.running():
            time.sleep(0.05)
        self.start()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Stopped inside the block and running again after it, whatever happens there."""
        await self.embedded.stop()
        try:
            yield
        finally:
            await self.embedded.start()
