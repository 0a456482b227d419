"""A bell that rings with every commit: whoever looks for work and finds none waits for it, and misses none.

Each listener counts for itself: one that was looking elsewhere while it rang would sleep through its own work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

_LOOK_EVERY = 1.0  # seconds


class Bell:
    """`stamp`: what changes with commits of other processes too; looked at while nothing rings."""

    def __init__(self, stamp: Callable[[], object] = lambda: None) -> None:
        self._stamp = stamp
        self._seen = stamp()
        self._event = asyncio.Event()
        self._rung = 0
        self._heard: dict[str, int] = {}

    def ring(self) -> None:
        self._rung += 1
        self._seen = self._stamp()
        self._event.set()
        self._event = asyncio.Event()

    def knows(self, listener: str) -> None:
        """This listener looks now, and sees all that was committed before."""
        self._heard[listener] = self._rung

    def has_rung(self, listener: str) -> bool:
        """Whether it has rung since this listener last knew all."""
        return self._heard.get(listener, 0) != self._rung

    async def wait(self, listener: str, timeout: timedelta) -> None:
        """Until it has rung since this listener last knew all, or for `timeout`."""
        end = asyncio.get_running_loop().time() + timeout.total_seconds()
        while not self.has_rung(listener):
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                return
            try:
                # Not wait_for: when it rings just as one is cancelled, that forgets the cancelling, and the bot never stops.
                async with asyncio.timeout(min(left, _LOOK_EVERY)):
                    await self._event.wait()
            except TimeoutError:
                if self._stamp() != self._seen:  # a command beside the running bot
                    self.ring()
        self.knows(listener)
