"""SQLite as it is used here: an engine on one encrypted file, and what SQLite says, turned into what `database` promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, QueuePool, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.sql.selectable import GenerativeSelect
from sqlalchemy.util import LRUCache

from bot.domain.errors import OutsideFailure
from bot.domain.spelling import folded, folded_number
from bot.durable import create_empty

from .database_errors import Damaged, NoDatabase, WrongKey
from .page_key import fits

PLAIN = b"SQLite format 3\0"  # only damage puts it there


class Reader(sqlcipher.Connection):  # type: ignore[misc]  # the driver has no types
    """Sees one unchanging moment from its first statement on."""

    def begin(self) -> None:
        self.execute("BEGIN")


class Writer(sqlcipher.Connection):  # type: ignore[misc]
    def begin(self) -> None:
        self.execute("BEGIN IMMEDIATE")


class Compiler(SQLiteCompiler):
    """SQLite's, but a LIMIT is a sum: SQLite plans a statement anew for each value bound to a bare one, and planning takes ten to
    fifty times as long as carrying it out."""

    def limit_clause(self, select: GenerativeSelect, **asked: Any) -> str:
        most, after = select._limit_clause, select._offset_clause
        if most is None:
            return "" if after is None else f"\n LIMIT -1 OFFSET {self.process(after, **asked)}"
        text = f"\n LIMIT {self.process(most, **asked)} + 0"
        return text if after is None else f"{text} OFFSET {self.process(after, **asked)}"


class SharedDialect(SQLiteDialect_pysqlite):
    """SQLite's dialect, shared: a statement is compiled once in a process, for every connection to every database.

    SQLAlchemy compiles for each engine anew, and a database has two. Compiling takes ten times as long as carrying a statement
    out. One is as good as another: all of this class use the same driver in the same way.
    """

    supports_statement_cache = True
    statement_compiler = Compiler

    def do_begin(self, dbapi_connection: Any) -> None:
        dbapi_connection.driver_connection.begin()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SharedDialect)

    def __hash__(self) -> int:
        return hash(SharedDialect)


DIALECT = "consentry"
COMPILED = LRUCache[object, object](500)  # as many as SQLAlchemy keeps for an engine
registry.register(DIALECT, __name__, SharedDialect.__name__)


def engine_on(path: Path, key: bytes, *, read_only: bool, size: int) -> Engine:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"

    kind = Reader if read_only else Writer

    def connect() -> sqlcipher.Connection:
        # isolation_level=None: the driver opens no transaction of its own, the dialect does.
        connection = sqlcipher.connect(uri, uri=True, isolation_level=None, check_same_thread=False, factory=kind)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to stderr
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            connection.execute("PRAGMA busy_timeout = 5000")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA foreign_keys = ON")
            for function in (folded, folded_number):  # triggers call them
                connection.create_function(function.__name__, 1, function, deterministic=True)
            if not read_only:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA busy_timeout = 0")
        except BaseException:  # whatever it is, nobody else can close it
            connection.close()
            raise
        return connection

    return create_engine(
        f"{DIALECT}://",  # the name only chooses the dialect; `connect` knows the file
        module=sqlcipher,
        execution_options={"compiled_cache": COMPILED},
        creator=connect,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_reset_on_return=None,  # every use ends in commit or rollback already
        hide_parameters=True,
    )


def require(path: Path) -> None:
    if not path.exists():
        raise NoDatabase(path)


def create_private(path: Path) -> None:
    """Make an empty file that only its owner can read; SQLite gives its log and index files the same mode."""
    try:
        create_empty(path)
    except FileExistsError:
        pass
    except OSError as error:
        raise OutsideFailure(f"database-not-writable: errno {error.errno}") from None


class Translated:
    """Turns what SQLite says into what `database` promises. A broken constraint passes: the caller judges it."""

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
                raise (Damaged if _is_ours(self._path, self._key) else WrongKey)(self._path) from None
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


def _is_ours(path: Path, key: bytes) -> bool:
    """Return whether the key fits although the first page does not open, which SQLCipher reports like a wrong key."""
    try:
        with path.open("rb") as file:
            plain = file.read(len(PLAIN)) == PLAIN
    except OSError:
        return False
    return plain or fits(path, key)
