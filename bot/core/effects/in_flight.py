"""A budget for the bytes of pictures that are in memory at once, however many intents are carried out together.

What would be beyond it waits for those before it. A file larger than the whole budget goes alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MOST = 64_000_000


class BytesInFlight:
    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._free = most
        self._freed = asyncio.Condition()

    @asynccontextmanager
    async def room_for(self, size: int) -> AsyncIterator[None]:
        """Hold room for so many bytes. Never within another room: two that wait for each other would wait for ever."""
        size = min(size, self._most)
        async with self._freed:
            await self._freed.wait_for(lambda: self._free >= size)
            self._free -= size
        try:
            yield
        finally:
            self._free += size
            async with self._freed:
                self._freed.notify_all()
