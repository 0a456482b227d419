"""Transactions that wait for one another share a commit, and each keeps every promise it has alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, text

from bot.domain.errors import OutsideFailure
from storage.sql.database import Database
from tests.contract.things import KEY, file_size_limit, ids, opened_with_things, put
from tests.patience import PATIENCE


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with opened_with_things(tmp_path / "journal.db") as opened:
        yield opened


@pytest.fixture
def commits(database: Database) -> list[str]:
    """One for each commit there is."""
    counted: list[str] = []
    assert database._writer is not None
    event.listen(database._writer, "commit", lambda _connection: counted.append("commit"))
    return counted


async def fails(database: Database, id: int) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO things VALUES (:id, '')"), {"id": id})
        await asyncio.sleep(0)
        raise ZeroDivisionError


async def test_all_that_wait_while_one_writes_share_its_commit(database: Database, commits: list[str]) -> None:
    await asyncio.gather(*(put(database, number) for number in range(20)))
    assert len(commits) == 1
    assert await ids(database) == list(range(20))


async def test_one_alone_is_committed_at_once(database: Database, commits: list[str]) -> None:
    for number in range(3):
        await put(database, number)
        assert await ids(database) == list(range(number + 1))
    assert len(commits) == 3


@pytest.mark.parametrize("failing", range(3))
async def test_one_that_fails_is_rolled_back_alone(database: Database, failing: int) -> None:
    some = ((fails if n == failing else put)(database, n) for n in range(3))
    outcomes = await asyncio.gather(*some, return_exceptions=True)
    assert [type(one) for one in outcomes if one is not None] == [ZeroDivisionError]
    assert await ids(database) == [n for n in range(3) if n != failing]


async def test_one_that_is_cancelled_takes_nobody_with_it(database: Database) -> None:
    tasks = [asyncio.create_task(put(database, number)) for number in range(3)]
    tasks.append(asyncio.create_task(put(database, 3)))
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[2].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    there = await ids(database)
    assert [number for number, outcome in enumerate(outcomes) if outcome is None] == [1, 3]
    assert {1, 3} <= set(there)


async def test_nobody_is_told_of_success_before_it_is_on_the_disk(database: Database) -> None:
    seen: list[list[int]] = []

    async def looks_after(number: int) -> None:
        await put(database, number)
        seen.append(await ids(database))

    await asyncio.gather(*(looks_after(number) for number in range(5)))
    assert seen == [[0, 1, 2, 3, 4]] * 5


async def test_when_the_disk_is_full_all_who_took_part_hear_it_and_nothing_of_theirs_is_there(
    database: Database,
) -> None:
    await put(database, 100)
    with file_size_limit(200_000):
        some = (put(database, number, "x" * 40_000) for number in range(10))
        outcomes = await asyncio.gather(*some, return_exceptions=True)
    succeeded = [number for number, outcome in enumerate(outcomes) if outcome is None]
    assert all(isinstance(outcome, OutsideFailure) for outcome in outcomes if outcome is not None)
    assert len(succeeded) < 10
    assert await ids(database) == [*succeeded, 100]
    await put(database, 200)
    assert 200 in await ids(database)


async def test_emptying_the_log_and_closing_wait_for_what_is_on_its_way(database: Database) -> None:
    async def empties() -> None:
        await database.empty_log()

    await asyncio.gather(put(database, 1), put(database, 2), empties(), put(database, 3))
    assert await ids(database) == [1, 2, 3]
    last = asyncio.create_task(put(database, 4))
    await asyncio.sleep(0)
    await asyncio.gather(database.close(), last)
    reopened = await Database.open(database.path, KEY)
    assert await ids(reopened) == [1, 2, 3, 4]
    await reopened.close()


async def test_a_commit_that_is_refused_leaves_nothing_open_for_those_who_come_after(database: Database) -> None:
    half_read = text("INSERT INTO things VALUES (1, ''), (2, '') RETURNING id")
    with pytest.raises(OutsideFailure):
        async with database.transaction() as connection:
            rows = await connection.execute(half_read)
            rows.fetchone()  # the statement goes on: SQLite refuses to commit
    await put(database, 3)
    assert 3 in await ids(database)


async def test_who_was_to_commit_is_cancelled_and_another_does_it(database: Database) -> None:
    first = asyncio.create_task(put(database, 1))
    second = asyncio.create_task(put(database, 2))
    while database._open is None or database._open.committer is None:
        await asyncio.sleep(0)
    database._open.committer.cancel()
    await asyncio.wait_for(asyncio.gather(first, second, put(database, 3)), PATIENCE)
    assert await ids(database) == [1, 2, 3]
