"""The key store: nio's, in an encrypted database, together with what must outlive a restart as the keys must.

Guarantees: nothing in the file is readable without the 32-byte key; the file is readable by its owner alone; a second process is
refused; a message index seen once stays bound to the event that carried it, across restarts.

Beside nio's tables: `megolm_seen` (replay guard), `to_device_seen` (a key message redelivered after a crash is not a broken
session), `rooms_made` (asking for a room twice gives one room). The sync token is deliberately not here: the inbox commits it
with the arrivals.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock
from filelock import Timeout as LockTimeout
from nio.store import SqliteStore
from peewee import DatabaseError, OperationalError
from playhouse.sqlcipher_ext import SqlCipherDatabase

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, EventId, RoomId

_TABLES = (
    "CREATE TABLE IF NOT EXISTS megolm_seen (session_id TEXT NOT NULL, message_index INTEGER NOT NULL,"
    " event_id TEXT NOT NULL, PRIMARY KEY (session_id, message_index)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS to_device_seen (seen INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE)",
    "CREATE TABLE IF NOT EXISTS rooms_made (key TEXT PRIMARY KEY, room_id TEXT NOT NULL) WITHOUT ROWID",
)
_TO_DEVICE_KEPT = 20_000


class _Database(SqlCipherDatabase):  # type: ignore[misc]  # peewee is untyped
    """A database whose full or failing disk counts as a failure of the outside world, told without the statement."""

    def execute_sql(self, *arguments: Any, **named: Any) -> Any:
        try:
            return super().execute_sql(*arguments, **named)
        except OperationalError:
            raise OutsideFailure("the key store could not be read or written") from None

    def commit(self) -> Any:
        try:
            return super().commit()
        except OperationalError:
            raise OutsideFailure("the key store could not be written") from None


@dataclass
class _CipherStore(SqliteStore):  # type: ignore[misc]  # nio is untyped
    """nio's store on SQLCipher. The raw key is handed over as nio's pickle key, so no passphrase is stretched."""

    def _create_database(self) -> Any:
        return _Database(
            self.database_path,
            passphrase=f"x'{self.pickle_key}'",
            pragmas={
                "journal_mode": "wal",
                "synchronous": "full",
                "foreign_keys": 1,
                "secure_delete": 1,
                "temp_store": "memory",
            },
        )

    def forget_session(self, session_id: str) -> None:
        self.database.execute_sql("DELETE FROM olmsessions WHERE session_id = ?", (session_id,))

    def forget_room_key(self, session_id: str) -> None:
        self.database.execute_sql("DELETE FROM megolminboundsessions WHERE session_id = ?", (session_id,))


class KeyStore:
    """One device's keys. The Olm machine is given `nio`; use it from one thread, in one process."""

    def __init__(self, file: Path, key: bytes, user_id: Account, device_id: str) -> None:
        """Open or create the store. Raises `Permanent`: "already-running", "wrong-key"."""
        if len(key) != 32:
            raise ValueError("the key store takes exactly 32 random bytes")
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = FileLock(f"{file}.lock", mode=0o600)
        try:
            self._lock.acquire(blocking=False)
        except LockTimeout:
            raise Permanent("already-running", "another process holds the key store") from None
        try:
            # The database library would create it with the process's umask; its side files inherit this mode.
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
            self.nio = _CipherStore(user_id, device_id, str(file.parent), key.hex(), file.name)
            self._database = self.nio.database
            for statement in _TABLES:
                self._database.execute_sql(statement)
        except DatabaseError:
            self._lock.release()
            raise Permanent("wrong-key", "the key store cannot be opened with this key") from None
        except BaseException:  # also when it is cancelled: the lock must go
            self._lock.release()
            raise

    def close(self) -> None:
        self._database.close()
        self._lock.release()

    @contextmanager
    def commit(self) -> Iterator[None]:
        """Make everything inside durable at once, or nothing of it. Nothing inside may await."""
        with self._database.atomic():
            yield

    def take_over_room_keys(self, old_device: str, new_device: str) -> None:
        """Let the new device read what the old one could; delete everything else of the old one."""
        account = "SELECT id FROM accounts WHERE device_id = ?"
        with self._database.atomic():
            moved = f"UPDATE megolminboundsessions SET account_id = ({account}) WHERE account_id = ({account})"  # noqa: S608
            self._database.execute_sql(moved, (new_device, old_device))
            self._database.execute_sql("DELETE FROM accounts WHERE device_id = ?", (old_device,))

    def first_event_of(self, session_id: str, message_index: int, event_id: EventId) -> str:
        """Return the event this message index belongs to: `event_id`, unless another was there first."""
        key = (session_id, message_index)
        self._database.execute_sql("INSERT OR IGNORE INTO megolm_seen VALUES (?, ?, ?)", (*key, event_id))
        found = "SELECT event_id FROM megolm_seen WHERE session_id = ? AND message_index = ?"
        return str(self._database.execute_sql(found, key).fetchone()[0])

    def seen_to_device(self, digest: bytes) -> bool:
        """Return whether a to-device message was handled before; from now on it counts as handled."""
        added = self._database.execute_sql("INSERT OR IGNORE INTO to_device_seen (digest) VALUES (?)", (digest,))
        if added.rowcount == 0:
            return True
        old = "DELETE FROM to_device_seen WHERE seen <= (SELECT max(seen) FROM to_device_seen) - ?"
        self._database.execute_sql(old, (_TO_DEVICE_KEPT,))
        return False

    def room_made(self, key: str) -> RoomId | None:
        """Return the room made for a wish; "" when making it was begun and its end not seen; None when it was never begun."""
        row = self._database.execute_sql("SELECT room_id FROM rooms_made WHERE key = ?", (key,)).fetchone()
        return None if row is None else RoomId(str(row[0]))

    def note_room(self, key: str, room_id: RoomId) -> None:
        self._database.execute_sql("INSERT OR REPLACE INTO rooms_made VALUES (?, ?)", (key, room_id))
