"""The one encrypted database: opened, migrated, written by one writer at a time, read beside it.

Promises: a transaction is written whole and durably (`BEGIN IMMEDIATE`, WAL, `synchronous=FULL`) or not at all. A reader sees
one unchanging moment and never waits for the writer. The file is SQLCipher throughout, mode 0600, deleted content overwritten.
Every failure is one of `database_errors` or an `OutsideFailure` with a short code; their texts, and the logs of the libraries
used, hold no key, no statement parameter and no row.

Statements run on the event loop: each takes some ten microseconds, while handing it to a thread and back takes a millisecond.
The commit, which waits for the disk, has a thread of its own, and all transactions that wait for their turn meanwhile share
the next one: each stands or falls by itself, in a savepoint, and is over when the shared commit is on the disk.

Deliberately not here: keeping a second process out (the bot's lock file does that), and retrying.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import CursorResult, Executable
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import OutsideFailure
from storage import migrations

from .database_errors import Damaged, NewerDatabase, OlderDatabase
from .engine import Translated, create_private, engine_on, require
from .page_key import KEY_SIZE

READERS = 4
BUSY_FOR, LOOK_AGAIN = 5.0, 0.005  # seconds another process may be writing

T = TypeVar("T")


class Connection:
    """One transaction's connection. A statement is carried out when it is awaited; its rows are read as they are asked for."""

    def __init__(self, connection: sqlalchemy.Connection) -> None:
        self._connection = connection

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        return self._connection.execute(statement, parameters)

    async def run_sync(self, act: Callable[[sqlalchemy.Connection], T]) -> T:
        return act(self._connection)


class SharedCommit:
    """What several transactions wrote, on the way to the disk together; each stands or falls by itself.

    Guarantees: nobody's outcome is known before the commit is on the disk; one that fails is rolled back alone; when the commit
    itself fails, or SQLite gave up all of it, everybody who took part hears so and nothing of theirs is written.
    """

    def __init__(self, connection: sqlalchemy.Connection) -> None:
        self.connection = connection
        self.outcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.committer: asyncio.Task[None] | None = None
        self.is_over = False

    @contextmanager
    def part(self) -> Iterator[sqlalchemy.Connection]:
        """Give one transaction its part: rolled back alone, unless SQLite itself gave up all of it."""
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
        """Roll back whatever was not committed, including what a failed commit left open, and close."""
        driver: Any = self.connection.connection.driver_connection
        if driver.in_transaction:
            driver.rollback()
        self.connection.close()


class Database:
    """An open database. Made by `open`; every use after `close` fails."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool) -> None:
        self.path = path
        self._writer = None if read_only else engine_on(path, key, read_only=False, size=1)
        self._readers = engine_on(path, key, read_only=True, size=READERS)
        self._translated = Translated(path, key)
        self._committing = ThreadPoolExecutor(1, "commit")
        self._turn = asyncio.Lock()
        self._open: SharedCommit | None = None
        self._reading = asyncio.Semaphore(READERS)
        self._holder: asyncio.Task[object] | None = None

    @classmethod
    async def open(cls, path: Path, key: bytes, *, read_only: bool = False) -> Database:
        """Open and, unless `read_only`, create and upgrade. A database it refuses is left exactly as it was."""
        if len(key) != KEY_SIZE:
            raise ValueError("a database key has 32 bytes")
        require(path) if read_only else create_private(path)
        database = cls(path, key, read_only=read_only)
        try:
            await database._make_ready()
        except BaseException:  # also when it is cancelled: its thread and its files must not stay
            await database.close()
            raise
        return database

    async def _make_ready(self) -> None:
        if self._writer is None:
            async with self.reading() as connection:
                age = await connection.run_sync(migrations.schema_age)
            if age is migrations.SchemaAge.OLDER:
                raise OlderDatabase(self.path)
        else:
            async with self.transaction() as connection:
                age = await connection.run_sync(migrations.schema_age)
                await connection.run_sync(self._check)
                if age is migrations.SchemaAge.OLDER:
                    await connection.run_sync(migrations.upgrade)
        if age is migrations.SchemaAge.NEWER:
            raise NewerDatabase(self.path)

    def _check(self, connection: sqlalchemy.Connection) -> None:
        # Reads every page in use, and so authenticates it: damage is better found now than in the middle of a case.
        if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
            raise Damaged(self.path)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Wait for a turn to write, commit at the end, and roll everything back on any exception. There is no other way to write.

        A task cancelled during the commit itself cannot know the outcome; what it did must be safe to do again.
        """
        if self._holder is asyncio.current_task():
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        async with self._turn:
            self._holder = asyncio.current_task()
            try:
                with self._translated:
                    shared = self._open or await self._begin()
                    with shared.part() as connection:
                        yield Connection(connection)
            finally:
                self._holder = None
                if self._open is not None and self._open.is_over:
                    self._open.close()
                    self._open = None
            if shared.committer is None or shared.committer.done():
                # It waits for its turn like everybody: the tasks that wait already take part.
                shared.committer = asyncio.create_task(self._commit())
        await asyncio.shield(shared.outcome)

    async def _begin(self) -> SharedCommit:
        if self._writer is None:
            raise RuntimeError("the database was opened for reading only")
        connection = self._writer.connect()
        try:
            await _begin(connection)
        except BaseException:  # also when cancelled while another process writes: the one connection must come back
            connection.close()
            raise
        self._open = SharedCommit(connection)
        return self._open

    async def _commit(self) -> None:
        async with self._turn:
            await self._commit_now()

    async def _commit_now(self) -> None:
        """Write what is open to the disk, and tell all that took part. The caller holds the turn."""
        shared, self._open = self._open, None
        if shared is None:
            return
        commit = asyncio.get_running_loop().run_in_executor(self._committing, shared.connection.commit)
        try:
            await _whole(commit)
        finally:
            try:
                with self._translated:
                    commit.result()
            except Exception as error:  # whatever it is, it belongs to all tasks that took part, and they wait for it
                shared.fail(error)
            else:
                shared.outcome.set_result(None)
            shared.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """Give one unchanging view of what was last committed; writing through it fails."""
        async with self._reading:
            with self._translated, self._readers.connect() as connection:
                yield Connection(connection)

    async def check(self) -> None:
        """Read every page in use; raise `Damaged` when one is not what was written."""
        async with self.reading() as connection:
            await connection.run_sync(self._check)

    async def empty_log(self) -> None:
        """Fold the write-ahead log into the file and cut it to nothing: no older state of a page is left in it.

        Raises `OutsideFailure` while somebody reads an older state; try again.
        """
        if self._writer is None:
            raise RuntimeError("the database was opened for reading only")
        async with self._turn:
            await self._commit_now()
            with self._translated, closing(self._writer.raw_connection()) as pooled:
                # It does not wait, like everything the writer does: waiting would hold up everything else.
                connection: sqlcipher.Connection = pooled.driver_connection
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise OutsideFailure("database-busy")

    def stamp(self) -> tuple[int, int]:
        """Return a value that changes with every commit, of whatever process."""
        try:
            log = self.path.with_name(f"{self.path.name}-wal").stat()
        except OSError:
            return 0, 0
        return log.st_mtime_ns, log.st_size

    async def close(self) -> None:
        """Close all connections; closing again is harmless. The last one folds the write-ahead log into the file."""
        try:
            async with self._turn:
                await self._commit_now()
        finally:
            self._readers.dispose()
            if self._writer is not None:
                self._writer.dispose()


async def _begin(connection: sqlalchemy.Connection) -> None:
    """Begin to write when no other process does. It waits here and not in SQLite, which would hold up everybody."""
    loop = asyncio.get_running_loop()
    end = loop.time() + BUSY_FOR
    while True:
        try:
            connection.begin()
        except DBAPIError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0)
            if code & 0xFF != sqlcipher.SQLITE_BUSY or loop.time() > end:
                raise
        else:
            return
        await asyncio.sleep(LOOK_AGAIN)


async def _whole(commit: asyncio.Future[None]) -> None:
    """Wait for it also when cancelled: the connection is in use until then."""
    cancelled: asyncio.CancelledError | None = None
    while not commit.done():
        try:
            await asyncio.wait([commit])
        except asyncio.CancelledError as meanwhile:
            cancelled = meanwhile
    if cancelled is not None:
        raise cancelled
