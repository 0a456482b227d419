"""Work on a disk that may be at the far end of a network, which can stop answering in the middle of a call.

Promises: each caller is answered within the time given, and stopping is not held up: nothing waits for a call that hangs,
neither the bot nor the end of its process. While one call hangs no other is begun, so that a later one never overtakes it, and
threads do not pile up; as soon as it comes back, work goes on.

A call that was given up may still succeed later, as one before a power cut may, so it must be safe to do twice.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from bot.domain.errors import OutsideFailure

T = TypeVar("T")


class FarDisk:
    """One place, one call at a time. `code` is the failure's text when a call hangs."""

    def __init__(self, code: str, seconds: float) -> None:
        self._code = code
        self._seconds = seconds
        self._last: asyncio.Future[Any] | None = None
        self._hangs = False
        self._turns = asyncio.Lock()

    async def do(self, act: Callable[[], T]) -> T:
        """Return or raise what `act` does; raise `OutsideFailure(code)` when it, or the call before it, does not come back."""
        async with self._turns:
            if self._last is not None:  # the task that asked for it may have been cancelled meanwhile
                await self._back(self._last)
            loop = asyncio.get_running_loop()
            call: asyncio.Future[T] = loop.create_future()
            self._last = call
            # Not a thread of a pool: ending the loop, and the process, would wait for those.
            threading.Thread(target=_run, args=(act, call, loop), name=self._code, daemon=True).start()
            await self._back(call)
            return call.result()

    async def _back(self, call: asyncio.Future[Any]) -> None:
        await asyncio.wait({call}, timeout=0 if self._hangs else self._seconds)
        self._hangs = not call.done()
        if self._hangs:
            raise OutsideFailure(self._code)


def _run(act: Callable[[], T], call: asyncio.Future[T], loop: asyncio.AbstractEventLoop) -> None:
    try:
        result = act()
    except Exception as error:  # whatever it is, it belongs to the caller
        _tell(loop, _fail, call, error)
    else:
        _tell(loop, call.set_result, result)


def _fail(call: asyncio.Future[Any], error: Exception) -> None:
    call.set_exception(error)
    call.exception()  # marks it as retrieved: perhaps nobody waits for it any more


def _tell(loop: asyncio.AbstractEventLoop, *what: Any) -> None:
    with suppress(RuntimeError):  # the loop has ended meanwhile
        loop.call_soon_threadsafe(*what)
