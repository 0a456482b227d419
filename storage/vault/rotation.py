"""A new master key for the vault: everything is wrapped with it, then the old key is destroyed. The bot may run meanwhile.

Safe at every point: each step is one commit, both keys are there until nothing needs the old one, and whatever ended a
rotation, running it again goes on where it was. No blob is touched. A row that somebody changes meanwhile keeps their change
and is taken up in the next round.

It does not reach backups made before: they hold the old key, and what it wraps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column, select, update

from bot.domain.errors import OutsideFailure
from bot.domain.sealed import SealedObject
from bot.ports import AuditEntry, Vault
from storage.journal import audit_chain, tables
from storage.records.record_tables import entries
from storage.sql.database import Connection, Database

from .master_keys import WRAPPED_WITH, MasterKeys, master_keys

AT_ONCE = 100  # rows in one commit: the bot waits no longer for its turn than this takes
ROUNDS = 100
TRIES_AT_THE_LOG = 100

Progress = Callable[[int, int], None]  # how many are wrapped anew so far, of how many


@dataclass(frozen=True, slots=True)
class Rotated:
    version: int
    wrapped: int


class Rotation:
    """One rotation, on an open database."""

    def __init__(self, database: Database, keys: MasterKeys, vault: Vault, now: Callable[[], datetime]) -> None:
        self._database, self._keys, self._vault, self._now = database, keys, vault, now

    async def run(self, progress: Progress = lambda _done, _all: None) -> Rotated:
        """Begin a rotation, or go on with one that was not finished."""
        version = await self._begun()
        done = 0
        for _ in range(ROUNDS):
            left = await self._left(version)
            progress(done, done + left)
            while wrapped := await self._wrap_some(version):
                done += wrapped
                progress(done, max(done, left))
            if await self._end(version):
                await self._empty_log()
                return Rotated(version, done)
        raise OutsideFailure("something goes on being wrapped with the old key; stop the bot and run it again")

    async def _begun(self) -> int:
        await self._keys.current()  # makes the first key of a vault that was never used
        async with self._database.transaction() as connection:
            present = (
                await connection.execute(select(master_keys.c.version).order_by(master_keys.c.version))
            ).scalars()
            versions = list(present)
            if len(versions) > 1:
                return int(versions[-1])
            version = await self._keys.add(connection)
            await self._audit(connection, "vault-key.made", version)
            return version

    async def _left(self, version: int) -> int:
        async with self._database.reading() as connection:
            return sum(
                [
                    (
                        await connection.execute(
                            select(func.count()).select_from(table).where(_older(table.name, version))
                        )
                    ).scalar_one()
                    for table in (tables.images, entries)
                ]
            )

    async def _wrap_some(self, version: int) -> int:
        async with self._database.transaction() as connection:
            return await self._wrap_images(connection, version) or await self._wrap_entries(connection, version)

    async def _wrap_images(self, connection: Connection, version: int) -> int:
        held = tables.images.c
        query = select(held.id, held.sealed, held.version).where(_older("images", version)).limit(AT_ONCE)
        rows = (await connection.execute(query)).all()
        for row in rows:
            wrapped = await self._vault.rewrap(row.sealed, row.sealed.patient_id)
            # A new version of the row: a decision about the old one is made again, and does not put the old wrap back.
            await connection.execute(
                update(tables.images).where(held.id == row.id).values(sealed=wrapped, version=row.version + 1)
            )
        return len(rows)

    async def _wrap_entries(self, connection: Connection, version: int) -> int:
        rows = (await connection.execute(select(entries).where(_older("record_entry", version)).limit(AT_ONCE))).all()
        for row in rows:
            sealed = SealedObject(row.object_id, row.patient_id, row.wrapped_key, row.key_version, row.size, row.sha256)
            wrapped = await self._vault.rewrap(sealed, row.patient_id)
            await connection.execute(
                update(entries)
                .where(entries.c.seq == row.seq)
                .values(wrapped_key=wrapped.wrapped_key, key_version=wrapped.key_version)
            )
        return len(rows)

    async def _end(self, version: int) -> bool:
        async with self._database.transaction() as connection:
            if not await self._keys.destroy_before(connection, version):
                return False
            await self._audit(connection, "vault-key.older-destroyed", version)
            return True

    async def _empty_log(self) -> None:
        for _ in range(TRIES_AT_THE_LOG):
            try:
                return await self._database.empty_log()
            except OutsideFailure:  # somebody is reading
                await asyncio.sleep(0.1)
        raise OutsideFailure("the old key is destroyed, but the database's log could not be emptied beside a busy bot")

    async def _audit(self, connection: Connection, action: str, version: int) -> None:
        await audit_chain.append(
            connection, [(AuditEntry("operator", action, f"vault-key/{version}", {}), self._now())]
        )


def _older(table: str, version: int) -> ColumnElement[bool]:
    with_key: ColumnElement[int] = literal_column(WRAPPED_WITH[table].format(row=table))
    return with_key < version
