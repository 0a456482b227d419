"""The homeserver of the test run: a real Synapse, one for the whole suite, as every test sees it."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import socket
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.homeserver import Account, EmbeddedHomeserver

T = TypeVar("T")


def free_port() -> int:
    """A loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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

    def register(self, localpart: str, password: str | None = None, *, admin: bool = False) -> Account:
        """Make this account."""
        return finish(self.embedded.register(localpart, password or secrets.token_urlsafe(12), admin=admin))

    def account(self, stem: str = "user") -> Account:
        """Make an account nobody has used."""
        return self.register(self.localpart(stem))

    @property
    def admin_token(self) -> str:
        return finish(self.embedded.admin_token())

    def start(self) -> None:
        finish(self.embedded.start())

    def stop(self) -> None:
        finish(self.embedded.stop())

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Stopped inside the block and running again after it, whatever happens there."""
        await self.embedded.stop()
        try:
            yield
        finally:
            await self.embedded.start()
