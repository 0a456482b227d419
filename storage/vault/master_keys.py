"""The vault's master keys: random, numbered, sealed by the ring, in the database whose rows they open.

Promises: a key that anything is wrapped with can't be destroyed, and nothing can be stored that is wrapped with a destroyed
key: the database itself refuses both, no matter who asks. A number is never given twice. A copied database brings the keys
that its rows need, and the recovery key opens them all; a destroyed key opens nothing any more, except in copies made before.

Not here: moving what is wrapped to a newer key (`rotation`).
"""

# ruff: noqa: S608  (the names of tables are this module's own)
from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, delete, event, func, select
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import OutsideFailure, Permanent
from storage.sql.database import Connection, Database
from storage.sql.schema import metadata

from .key_ring import KeyRing, random_key

master_keys = Table(
    "vault_keys",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

# Which key a row is wrapped with, for each table that holds wrapped keys.
WRAPPED_WITH = {"images": "json_extract({row}.sealed, '$.key_version')", "record_entry": "{row}.key_version"}
GONE = "wrapped with a key that is not there"


@event.listens_for(metadata, "after_create")
def _make_certain(_: MetaData, connection: sqlalchemy.Connection, **__: Any) -> None:
    for table, version in WRAPPED_WITH.items():
        with_new, with_any = version.format(row="NEW"), version.format(row=table)
        for when in ("INSERT", "UPDATE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_key_is_there_on_{when.lower()} BEFORE {when} ON {table}"
                f" WHEN {with_new} IS NOT NULL AND {with_new} NOT IN (SELECT version FROM vault_keys)"
                f" BEGIN SELECT RAISE(ABORT, '{GONE}'); END"
            )
        connection.exec_driver_sql(
            f"CREATE TRIGGER vault_key_serves_no_{table} BEFORE DELETE ON vault_keys"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {with_any} = OLD.version)"
            " BEGIN SELECT RAISE(ABORT, 'a key that something is wrapped with'); END"
        )


class MasterKeys:
    """The keys of one database."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        self._database = database
        self._ring = ring
        self._known: dict[int, bytes] = {}

    async def current(self) -> tuple[int, bytes]:
        """Return the number and the key to wrap with now.

        The database is asked each time, because a command beside the bot may have made a newer key.
        """
        async with self._database.reading() as connection:
            version = await _newest(connection)
        if version is None:
            version = await self._first()
        return version, await self.of(version)

    async def of(self, version: int) -> bytes:
        """Return the key of this number.

        Raises `OutsideFailure` when it was destroyed: what it wrapped has been wrapped anew by then.
        """
        if version in self._known:
            return self._known[version]
        async with self._database.reading() as connection:
            held = select(master_keys.c.sealed).where(master_keys.c.version == version)
            sealed = (await connection.execute(held)).scalar()
            newest = await _newest(connection)
        if sealed is None:
            if newest is not None and 0 < version < newest:
                raise OutsideFailure("wrapped anew meanwhile")
            raise Permanent("unknown-key-version", f"there is no vault key {version}")
        return self._known.setdefault(version, self._ring.open_secret(_name(version), sealed))

    async def versions(self) -> tuple[int, ...]:
        """Return the numbers of the keys that are there. More than one: a rotation is under way, or was stopped."""
        async with self._database.reading() as connection:
            present = select(master_keys.c.version).order_by(master_keys.c.version)
            return tuple((await connection.execute(present)).scalars())

    async def add(self, connection: Connection) -> int:
        """Add a new key, which wraps everything once this is committed; return its number."""
        inserted = await connection.execute(master_keys.insert().values(sealed=b""))
        [version] = inserted.inserted_primary_key or (0,)
        sealed = self._ring.seal_secret(_name(version), random_key())
        await connection.execute(master_keys.update().where(master_keys.c.version == version).values(sealed=sealed))
        return int(version)

    async def destroy_before(self, connection: Connection, version: int) -> bool:
        """Destroy all older keys; return False and destroy none while anything is wrapped with one."""

        def destroy(connection: sqlalchemy.Connection) -> None:
            with connection.begin_nested():
                connection.execute(delete(master_keys).where(master_keys.c.version < version))

        try:
            await connection.run_sync(destroy)
        except IntegrityError:
            return False
        self._known = {known: key for known, key in self._known.items() if known >= version}
        return True

    async def _first(self) -> int:
        async with self._database.transaction() as connection:
            return await _newest(connection) or await self.add(connection)


async def _newest(connection: Connection) -> int | None:
    newest: int | None = (await connection.execute(select(func.max(master_keys.c.version)))).scalar()
    return newest


def _name(version: int) -> str:
    return f"vault-key/{version}"
