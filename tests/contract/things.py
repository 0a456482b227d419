"""A database with one table of things, for what is promised of any table; and a disk that is full."""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import text

from storage.sql.database import Database

KEY = bytes(range(32))


@asynccontextmanager
async def opened_with_things(path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(path, KEY)
    async with opened.transaction() as connection:
        await connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)"))
    yield opened
    await opened.close()


async def put(database: Database, id: int, name: str = "") -> None:
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO things VALUES (:id, :name)"), {"id": id, "name": name})


async def ids(database: Database) -> list[int]:
    async with database.reading() as connection:
        return list((await connection.execute(text("SELECT id FROM things ORDER BY id"))).scalars())


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size`: what a full disk looks like, for real."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
