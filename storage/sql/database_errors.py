"""What can be wrong with a database, each with the sentence that says what to do; and what SQLite says, turned into that.

Texts hold no key, no statement parameter and no row.
"""

from __future__ import annotations

from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.domain.errors import (
    OutsideFailure,
    Permanent,
)

from .page_key import fits

PLAIN = b"SQLite format 3\0"  # only damage puts it there


class WrongKey(Permanent):
    def __init__(self, path: Path) -> None:
        super().__init__(
            "wrong-key",
            f"the keys do not open {path}; put back the keys directory that belongs to this data directory, "
            "or recover it with the recovery key: `consentry keys restore`",
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


class Translated:
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
    """Whether the key fits although the first page does not open, which SQLCipher reports like a wrong key."""
    try:
        with path.open("rb") as file:
            plain = file.read(len(PLAIN)) == PLAIN
    except OSError:
        return False
    return plain or fits(path, key)
