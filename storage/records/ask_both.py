"""Two questions to one place at the same time, where neither needs the answer to the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

T = TypeVar("T")


@asynccontextmanager
async def meanwhile(asking: Coroutine[Any, Any, T]) -> AsyncIterator[asyncio.Task[T]]:
    """Let it go on beside what follows, where its answer or its failure is awaited, or is not needed; it ends with that."""
    task = asyncio.create_task(asking)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # nobody may have needed it
