"""Copies of encrypted databases, and what a database names in the vault: the material of a backup, and how it is checked.

A copy is one moment of a database that goes on being written, complete in one file. Nothing counts as read back that was not
read: every page, every sealed object against its digest, every text, the audit chain.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiosqlite
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import select

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.sealed import SealedObject
from bot.durable import create_empty, private_directory
from bot.ports import Vault
from storage.journal import audit_chain, tables
from storage.records.record_tables import entries

from .database import Database


async def copy_database(source: Path, key: bytes, target: Path) -> None:
    """Copy one moment of an encrypted database, under the same key, to a new file without a log beside it."""
    with_key = f"PRAGMA key = \"x'{key.hex()}'\""
    await _copy(sqlcipher, source, target, ("PRAGMA cipher_log_level = NONE", with_key))


async def copy_plain_database(source: Path, target: Path) -> None:
    """Copy the same way a database that is not encrypted: the embedded homeserver's."""
    await _copy(sqlite3, source, target, ())


async def check_database(path: Path, key: bytes) -> None:
    """Read every page of a copy; raise `Permanent("damaged")` when one is not what was written."""
    with_key = f"PRAGMA key = \"x'{key.hex()}'\""
    try:
        async with _opened(sqlcipher, path, "ro") as copy:
            for statement in ("PRAGMA cipher_log_level = NONE", with_key):
                await copy.execute(statement)
            found = await (await copy.execute("PRAGMA quick_check(1)")).fetchone()
    except sqlcipher.Error:
        found = None
    if found is None or found[0] != "ok":
        raise Permanent("damaged", path.name)


async def _copy(driver: Any, source: Path, target: Path, first: tuple[str, ...]) -> None:
    """Copy in a thread of aiosqlite's, because it may take minutes."""
    private_directory(target.parent)
    create_empty(target)

    try:
        async with _opened(driver, source, "ro") as whole, _opened(driver, target, "rw") as copy:
            for connection in (whole, copy):
                for statement in first:
                    await connection.execute(statement)
            await whole.backup(copy)
            await copy.execute("PRAGMA journal_mode = DELETE")
    except driver.Error as why:
        # The driver gives no code here, and SQLite's own sentence names no row.
        raise OutsideFailure(f"{source.name} could not be copied to {target.parent}: {why}") from None
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _opened(driver: Any, path: Path, mode: str) -> aiosqlite.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return aiosqlite.Connection(lambda: driver.connect(uri, uri=True, isolation_level=None), iter_chunk_size=64)


async def sealed_objects(database: Database) -> list[SealedObject]:
    """Return everything that the database names in the vault."""
    held = select(tables.images.c.sealed).where(tables.images.c.sealed.is_not(None))
    filed = select(entries).where(entries.c.object_id.is_not(None)).order_by(entries.c.seq)
    async with database.reading() as connection:
        found: list[SealedObject] = list((await connection.execute(held)).scalars())
        for row in await connection.execute(filed):
            found.append(
                SealedObject(row.object_id, row.patient_id, row.wrapped_key, row.key_version, row.size, row.sha256)
            )
    return found


async def read_everything(database: Database, vault: Vault, progress: Callable[[int, int], None]) -> int:
    """Read all that is kept; return how many sealed objects there are.

    Raises `Permanent`: "damaged" or "missing", with what it is.
    """
    await database.check()
    async with database.reading() as connection:
        broken = (await audit_chain.verify(connection)).broken
        texts = select(entries.c.entry_id, entries.c.text, entries.c.sha256).where(entries.c.text.is_not(None))
        for row in await connection.execute(texts):
            if hashlib.sha256(row.text.encode()).hexdigest() != row.sha256:
                raise Permanent("damaged", f"entry {row.entry_id}")
    if broken is not None:
        raise Permanent("damaged", f"the audit log at {broken.seq}: {broken.what}")
    objects = await sealed_objects(database)
    for done, sealed in enumerate(objects):
        progress(done, len(objects))
        if await vault.digest(sealed) != sealed.sha256:
            raise Permanent("damaged", f"object {sealed.object_id}")
    progress(len(objects), len(objects))
    return len(objects)
