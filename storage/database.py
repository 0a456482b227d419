"""The one encrypted database: opened, migrated, written by one writer at a time, read beside it.

Promises: a transaction is written whole and durably (`BEGIN IMMEDIATE`, WAL, `synchronous=FULL`) or not at all; a
reader sees one unchanging moment and never waits for the writer; the file is SQLCipher throughout, mode 0600, deleted
content overwritten. Every failure is one of the errors below or an `OutsideFailure` with a short code; their texts, and
the logs of the libraries used, hold no key, no statement parameter and no row.

Deliberately not here: keeping a second process out (the bot's lock file does that), and retrying.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_dbapi
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.domain.errors import OutsideFailure, Permanent

from . import migrations

KEY_SIZE = 32
READERS = 4
PAGE, MAC = 4096, 64  # SQLCipher 4

# At DEBUG aiosqlite logs every statement with its parameters: names, reasons, captions.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)


class WrongKey(Permanent):
    def __init__(self, path: Path) -> None:
        super().__init__(
            "wrong-key",
            f"the keys do not open {path}; put back the keys directory that belongs to this data directory, "
            "or recover it with the recovery key",
        )


class Damaged(Permanent):
    def __init__(self, path: Path) -> None:
        super().__init__(
            "damaged-database",
            f"{path} is damaged and was left as it is; stop the bot, keep a copy of the file and restore a backup",
        )


class NewerDatabase(Permanent):
    def __init__(self, path: Path) -> None:
        super().__init__(
            "newer-database",
            f"{path} was written by a newer version and was left as it is; install that version or a later one",
        )


class OlderDatabase(Permanent):
    def __init__(self, path: Path) -> None:
        super().__init__(
            "older-database",
            f"{path} was written by an older version and is opened only for reading; start the bot once to upgrade it",
        )


class NoDatabase(Permanent):
    def __init__(self, path: Path) -> None:
        super().__init__("no-database", f"there is no database at {path}; check the data directory, or run init")


class Database:
    """An open database. Made by `open`; every use after `close` fails."""

    def __init__(self, path: Path, key: bytes, *, read_only: bool) -> None:
        self.path = path
        self._writer = None if read_only else _engine(path, key, read_only=False, size=1)
        self._readers = _engine(path, key, read_only=True, size=READERS)
        self._translated = _Translated(path, key)
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[object] | None = None

    @classmethod
    async def open(cls, path: Path, key: bytes, *, read_only: bool = False) -> Database:
        """Open, and unless `read_only` create and upgrade. A database it refuses is left exactly as it was."""
        if len(key) != KEY_SIZE:
            raise ValueError("a database key has 32 bytes")
        _require(path) if read_only else _create_private(path)
        database = cls(path, key, read_only=read_only)
        try:
            await database._make_ready()
        except BaseException:
            await database.close()
            raise
        return database

    async def _make_ready(self) -> None:
        if self._writer is None:
            async with self.reading() as connection:
                standing = await connection.run_sync(migrations.standing)
            if standing is migrations.Standing.OLDER:
                raise OlderDatabase(self.path)
        else:
            async with self.transaction() as connection:
                standing = await connection.run_sync(migrations.standing)
                await connection.run_sync(self._check)
                if standing is migrations.Standing.OLDER:
                    await connection.run_sync(migrations.upgrade)
        if standing is migrations.Standing.NEWER:
            raise NewerDatabase(self.path)

    def _check(self, connection: Connection) -> None:
        # Reads every page in use, and so authenticates it: damage is better met now than in the middle of a case.
        if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
            raise Damaged(self.path)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """The only way to write: waits for its turn, commits at the end, rolls everything back on any exception.

        A task cancelled during the commit itself cannot know the outcome; what it did must be safe to do again.
        """
        if self._writer is None:
            raise RuntimeError("the database was opened for reading only")
        if self._holder is asyncio.current_task():
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        async with self._turn:
            self._holder = asyncio.current_task()
            try:
                with self._translated:
                    async with self._writer.begin() as connection:
                        yield connection
            finally:
                self._holder = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One unchanging view of what was last committed; writing through it fails."""
        with self._translated:
            async with self._readers.connect() as connection:
                yield connection

    def stamp(self) -> tuple[int, int]:
        """What changes with every commit, of whatever process."""
        try:
            log = self.path.with_name(f"{self.path.name}-wal").stat()
        except OSError:
            return 0, 0
        return log.st_mtime_ns, log.st_size

    async def close(self) -> None:
        """Close all connections; closing again is harmless. The last one folds the write-ahead log into the file."""
        await self._readers.dispose()
        if self._writer is not None:
            await self._writer.dispose()


class _Translated:
    """Turns what SQLite says into what this module promises. A broken constraint passes: the caller judges it."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, DBAPIError) and not isinstance(error, IntegrityError):
            error = error.orig
        if not isinstance(error, sqlcipher.Error) or isinstance(error, sqlcipher.IntegrityError):
            return
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            return
        match code & 0xFF:  # the primary code; the rest is detail
            case sqlcipher.SQLITE_NOTADB:
                fits = _authenticates_a_page(self._path, self._key)
                raise (Damaged if fits else WrongKey)(self._path) from None
            case sqlcipher.SQLITE_CORRUPT:
                raise Damaged(self._path) from None
            case sqlcipher.SQLITE_FULL:
                raise OutsideFailure("disk-full") from None
            case sqlcipher.SQLITE_IOERR:
                raise OutsideFailure("disk-error") from None
            case sqlcipher.SQLITE_READONLY | sqlcipher.SQLITE_CANTOPEN | sqlcipher.SQLITE_PERM:
                raise OutsideFailure("database-not-writable") from None
            case sqlcipher.SQLITE_BUSY | sqlcipher.SQLITE_LOCKED:
                raise OutsideFailure("database-busy") from None


def _authenticates_a_page(path: Path, key: bytes) -> bool:
    """Whether the key fits although the first page does not open, which SQLCipher reports like a wrong key.

    A page ends in its IV and an HMAC-SHA512 over itself and its number (SQLCipher 4, raw key); a plain header is damage.
    """
    try:
        with path.open("rb") as file:
            first, second = file.read(PAGE), file.read(PAGE)
    except OSError:
        return False
    if first.startswith(b"SQLite format 3\0"):
        return True
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(byte ^ 0x3A for byte in first[:16]), 2, KEY_SIZE)
    signed = second[: PAGE - MAC] + (2).to_bytes(4, "little")
    return hmac.compare_digest(hmac.digest(mac_key, signed, "sha512"), second[PAGE - MAC :])


class _Sqlcipher(AsyncAdapt_aiosqlite_dbapi):
    """aiosqlite's adapter with SQLCipher's exceptions, so that SQLAlchemy recognises (and wraps) them."""

    def _init_dbapi_attributes(self) -> None:
        super()._init_dbapi_attributes()
        for name in ("DatabaseError", "Error", "IntegrityError", "NotSupportedError", "OperationalError",
                     "ProgrammingError", "sqlite_version", "sqlite_version_info"):  # fmt: skip
            setattr(self, name, getattr(sqlcipher, name))


def _engine(path: Path, key: bytes, *, read_only: bool, size: int) -> AsyncEngine:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"

    def connector() -> sqlcipher.Connection:
        # isolation_level=None: the driver opens no transaction of its own, the listener below decides.
        connection = sqlcipher.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to stderr
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
        return connection

    async def connect() -> aiosqlite.Connection:
        connection = aiosqlite.Connection(connector, iter_chunk_size=64)
        connection._thread.daemon = True  # an abandoned connection must not keep the process from ending
        try:
            return await connection
        except BaseException:
            # Its thread reports its end to this loop: wait for it here, while the loop still lives.
            await asyncio.to_thread(connection._thread.join, 5)
            raise

    engine = create_async_engine(
        "sqlite+aiosqlite:///journal",  # the name only chooses the dialect; `connect` knows the file
        module=_Sqlcipher(aiosqlite, sqlcipher),
        async_creator=connect,
        pool_size=size,
        max_overflow=0,
        pool_reset_on_return=None,  # every use ends in commit or rollback already; saves a thread hop
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _require(path: Path) -> None:
    if not path.exists():
        raise NoDatabase(path)


def _create_private(path: Path) -> None:
    """An empty file only its owner can read; SQLite gives its log and index files the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise OutsideFailure(f"database-not-writable: errno {error.errno}") from None
