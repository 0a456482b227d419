"""What can be wrong with a database, each with the sentence that says what to do; and what SQLite says, turned into that.

Texts hold no key, no statement parameter and no row.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.domain.errors import OutsideFailure, Permanent

KEY_SIZE = 32
PAGE, MAC = 4096, 64  # SQLCipher 4


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
