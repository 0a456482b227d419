"""One commit of several transactions, each of which stands or falls by itself.

Guarantees: nobody's outcome is known before the commit is on the disk; one that fails is rolled back alone; when the commit
itself fails, or SQLite gave up all of it, everybody who took part hears so and nothing of theirs is written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy

from bot.domain.errors import OutsideFailure


class SharedCommit:
    """What several transactions wrote, on the way to the disk together."""

    def __init__(self, connection: sqlalchemy.Connection) -> None:
        self.connection = connection
        self.outcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.committer: asyncio.Task[None] | None = None
        self.is_over = False

    @contextmanager
    def part(self) -> Iterator[sqlalchemy.Connection]:
        """One transaction's part: rolled back alone, unless SQLite itself gave up all of it."""
        savepoint = None if self.committer is None else self.connection.begin_nested()
        try:
            yield self.connection
            if savepoint is not None:
                savepoint.commit()
        except BaseException:  # also when cancelled: what this one wrote must not go with what the others wrote
            driver: Any = self.connection.connection.driver_connection
            if savepoint is not None and driver.in_transaction:
                savepoint.rollback()
            else:
                self.is_over = True
                self.fail(OutsideFailure("not-committed"))
            raise

    def fail(self, error: Exception) -> None:
        self.outcome.set_exception(error)
        self.outcome.exception()  # asked for once here: all who took part may have been cancelled

    def close(self) -> None:
        """Whatever was not committed is rolled back, also what a failed commit left open."""
        driver: Any = self.connection.connection.driver_connection
        if driver.in_transaction:
            driver.rollback()
        self.connection.close()


async def whole(commit: asyncio.Future[None]) -> None:
    """Wait for it also when cancelled: the connection is in use until then."""
    cancelled: asyncio.CancelledError | None = None
    while not commit.done():
        try:
            await asyncio.wait([commit])
        except asyncio.CancelledError as meanwhile:
            cancelled = meanwhile
    if cancelled is not None:
        raise cancelled
