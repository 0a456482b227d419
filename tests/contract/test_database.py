"""The encrypted database: whole transactions, quiet files, and a clear sentence for everything that can be wrong."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, bindparam, column, insert, literal, select, table, text
from sqlalchemy.engine.interfaces import CacheStats
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import OutsideFailure, Permanent
from storage import migrations
from storage.journal import tables
from storage.records import record_tables
from storage.sql.database import Database
from storage.sql.database_errors import Damaged, NewerDatabase, NoDatabase, OlderDatabase, WrongKey
from storage.sql.page_key import PAGE, fits
from storage.sql.schema import metadata
from storage.vault import master_keys
from tests.contract.things import KEY, file_size_limit, ids, opened_with_things, put
from tests.patience import PATIENCE

CANARY = "Sam-Patel-itches"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    async with opened_with_things(path) as opened:
        yield opened


async def a_filled_database(path: Path) -> None:
    database = await Database.open(path, KEY)
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)"))
        await connection.execute(
            text("INSERT INTO things VALUES (:id, :name)"), [{"id": n, "name": CANARY * 20} for n in range(500)]
        )
    await database.close()


async def test_a_statement_is_planned_once_whatever_it_is_limited_to(database: Database) -> None:
    planned: list[object] = []

    def asked(*what: object) -> int:  # SQLite asks while it plans, never while it carries out
        planned.append(what)
        return 0  # go on

    things = table("things", column("id"), column("name"))
    some = select(things.c.id).order_by(things.c.id).limit(bindparam("most")).offset(bindparam("after"))
    async with database.transaction() as connection:
        await connection.execute(insert(things), [{"id": id, "name": ""} for id in range(5)])
        connection._connection.connection.driver_connection.set_authorizer(asked)  # type: ignore[union-attr]
        assert list((await connection.execute(some, {"most": 1, "after": 0})).scalars()) == [0]
        assert planned
        planned.clear()
        assert list((await connection.execute(some, {"most": 2, "after": 3})).scalars()) == [3, 4]
        assert list((await connection.execute(some, {"most": 0, "after": 0})).scalars()) == []
        assert not planned
        connection._connection.connection.driver_connection.set_authorizer(None)  # type: ignore[union-attr]


async def test_a_statement_is_compiled_once_whatever_database_it_is_for(tmp_path: Path) -> None:
    hits = []
    for name in ("one", "another"):
        async with opened_with_things(tmp_path / name) as database:
            for connected in (database.transaction, database.reading):
                async with connected() as connection:
                    found = await connection.execute(select(literal("of no other test")))
                    hits.append(found.context.cache_hit)
    assert hits == [CacheStats.CACHE_MISS, *3 * [CacheStats.CACHE_HIT]]


async def test_what_was_committed_is_there_in_a_new_process_of_the_bot(path: Path) -> None:
    await a_filled_database(path)
    reopened = await Database.open(path, KEY)
    assert len(await ids(reopened)) == 500
    await reopened.close()


async def test_an_exception_rolls_back_everything_in_the_transaction(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await connection.execute(text("INSERT INTO things VALUES (1, '')"))
            raise ZeroDivisionError
    assert await ids(database) == []


async def test_a_cancelled_transaction_leaves_nothing_and_lets_the_next_one_in(database: Database) -> None:
    inserted = asyncio.Event()

    async def abandoned() -> None:
        async with database.transaction() as connection:
            await connection.execute(text("INSERT INTO things VALUES (1, '')"))
            inserted.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(abandoned())
    await inserted.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await put(database, 2)
    assert await ids(database) == [2]


async def test_a_transaction_cancelled_while_it_commits_is_over_before_the_next_one_begins(database: Database) -> None:
    async def commits() -> None:
        async with database.transaction() as connection:
            await connection.execute(text("INSERT INTO things VALUES (1, '')"))
            asyncio.get_running_loop().call_soon(task.cancel)  # reached while it waits for the disk

    task = asyncio.create_task(commits())
    with pytest.raises(asyncio.CancelledError):
        await task
    await put(database, 2)
    assert await ids(database) == [1, 2]


async def test_writers_take_turns_even_across_processes(database: Database, path: Path) -> None:
    other = await Database.open(path, KEY)  # its own connection, like another process

    async def add_one(through: Database) -> None:
        async with through.transaction() as connection:
            highest = (await connection.execute(text("SELECT coalesce(max(id), 0) FROM things"))).scalar_one()
            await connection.execute(text("INSERT INTO things VALUES (:id, '')"), {"id": highest + 1})

    await asyncio.gather(*(add_one(through) for _ in range(10) for through in (database, other)))
    await other.close()
    assert await ids(database) == list(range(1, 21))


async def test_a_transaction_inside_a_transaction_is_a_mistake_and_not_a_deadlock(database: Database) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        async with database.transaction():
            await put(database, 1)


async def test_a_reader_does_not_wait_for_the_writer_and_sees_only_what_is_committed(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("INSERT INTO things VALUES (1, '')"))
        assert await ids(database) == []
    assert await ids(database) == [1]


async def test_a_reader_sees_one_unchanging_moment(database: Database) -> None:
    count = text("SELECT count(*) FROM things")
    async with database.reading() as connection:
        before = (await connection.execute(count)).scalar_one()
        await put(database, 1)
        assert (await connection.execute(count)).scalar_one() == before


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(OutsideFailure):
        async with database.reading() as connection:
            await connection.execute(text("INSERT INTO things VALUES (1, '')"))
    assert await ids(database) == []


async def test_a_broken_constraint_is_the_callers_to_judge_and_names_no_value(database: Database) -> None:
    await put(database, 1)
    with pytest.raises(IntegrityError) as caught:
        await put(database, 1, CANARY)
    assert CANARY not in str(caught.value)


async def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as connection:
            await connection.execute(
                text(
                    "INSERT INTO record_entry (entry_id, patient_id, kind, about, at, by, facts, media_type, text, size, sha256)"
                    " VALUES ('e', 'nobody', 'note', '', 0, '', '{}', '', 'x', 1, '')"
                )
            )


async def test_nothing_readable_is_in_any_file_and_only_the_owner_may_open_them(path: Path) -> None:
    with permissive_umask():
        database = await Database.open(path, KEY)
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)"))
    await put(database, 1, CANARY)
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["journal.db", "journal.db-shm", "journal.db-wal"]
    for file in files:
        assert CANARY.encode() not in file.read_bytes()
        assert b"CREATE TABLE" not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    await database.close()


async def test_values_and_keys_are_in_no_log(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    database = await Database.open(path, KEY)
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)"))
    await put(database, 1, CANARY)
    await database.close()
    assert CANARY not in caplog.text
    assert KEY.hex() not in caplog.text


async def test_every_commit_is_flushed_to_the_disk(database: Database) -> None:
    async with database.transaction() as connection:
        found = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "temp_store")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1, "temp_store": 2}


async def test_a_process_that_dies_in_a_transaction_leaves_the_last_commit(path: Path) -> None:
    await a_filled_database(path)
    child = f"""
import asyncio, os, pathlib
from sqlalchemy import text
from storage.sql.database import Database
async def main():
    database = await Database.open(pathlib.Path({str(path)!r}), bytes(range(32)))
    async with database.transaction() as connection:
        await connection.execute(text("DELETE FROM things WHERE id < 250"))
        os.kill(os.getpid(), 9)
asyncio.run(main())
"""
    died = subprocess.run([sys.executable, "-c", child], check=False, cwd=Path(__file__).parents[2])
    assert died.returncode == -9
    database = await Database.open(path, KEY)
    assert len(await ids(database)) == 500
    await database.close()


async def test_a_full_disk_is_said_and_nothing_half_is_written(database: Database) -> None:
    await put(database, 1)
    with file_size_limit(64 * 1024), pytest.raises(OutsideFailure, match=r"^disk-"):
        await put(database, 2, CANARY * 100_000)
    await put(database, 3)
    assert await ids(database) == [1, 3]


async def test_a_wrong_key_is_told_from_damage_and_changes_nothing(path: Path) -> None:
    await a_filled_database(path)
    before = path.read_bytes()
    with pytest.raises(WrongKey, match="recovery key") as caught:
        await Database.open(path, bytes(32))
    assert path.read_bytes() == before
    assert bytes(32).hex() not in str(caught.value)
    with pytest.raises(WrongKey):
        await Database.open(path, bytes(32), read_only=True)


@pytest.mark.parametrize("damaged", [None, 0, 1])
async def test_whose_pages_they_are_is_told_without_opening_and_beside_a_damaged_one(
    path: Path, damaged: int | None
) -> None:
    await a_filled_database(path)
    if damaged is not None:
        content = bytearray(path.read_bytes())
        content[damaged * PAGE + 1000] ^= 1
        path.write_bytes(content)
    before = sorted(path.parent.iterdir()), path.read_bytes()
    assert fits(path, KEY)
    assert not fits(path, bytes(32))
    assert (sorted(path.parent.iterdir()), path.read_bytes()) == before
    path.write_bytes(path.read_bytes()[: PAGE // 2])
    assert not fits(path, KEY)
    assert not fits(path.parent / "not there", KEY)


@pytest.mark.parametrize("page", [0, 1, 7])
async def test_a_changed_bit_is_damage_found_at_start_and_left_as_it_was(path: Path, page: int) -> None:
    await a_filled_database(path)
    content = bytearray(path.read_bytes())
    content[page * PAGE + 1000] ^= 1
    path.write_bytes(content)
    with pytest.raises(Damaged, match="backup"):
        await Database.open(path, KEY)
    assert path.read_bytes() == content


async def test_a_truncated_file_is_damage(path: Path) -> None:
    await a_filled_database(path)
    path.write_bytes(path.read_bytes()[: 9 * PAGE + 100])
    with pytest.raises(Damaged):
        await Database.open(path, KEY)


async def test_an_unencrypted_database_is_refused(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + bytes(2 * PAGE))
    with pytest.raises(Damaged):
        await Database.open(path, KEY)


async def test_a_newer_database_is_left_alone(path: Path) -> None:
    await at_revision(path, "9999")
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(NewerDatabase, match="newer version"):
            await Database.open(path, KEY, read_only=read_only)
    assert path.read_bytes() == before


async def test_an_older_database_is_not_upgraded_by_a_reader(path: Path) -> None:
    await at_revision(path, None)
    with pytest.raises(OlderDatabase, match="start the bot"):
        await Database.open(path, KEY, read_only=True)


async def test_reading_only_needs_a_database_and_makes_none(path: Path) -> None:
    with pytest.raises(NoDatabase):
        await Database.open(path, KEY, read_only=True)
    assert not path.exists()


async def test_reading_only_works_beside_the_running_bot_and_after_it(path: Path) -> None:
    bot = await Database.open(path, KEY)
    async with bot.transaction() as connection:
        await connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)"))
    await put(bot, 1)
    for _ in range(2):
        reader = await Database.open(path, KEY, read_only=True)
        assert await ids(reader) == [1]
        with pytest.raises(RuntimeError, match="reading only"):
            await put(reader, 2)
        await reader.close()
        await bot.close()


@pytest.mark.usefixtures("real_migrations")
async def test_the_migrated_schema_is_the_schema_the_code_believes_in(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        connection.exec_driver_sql("DROP TABLE things")
        # A column that came later has a default in the database only, for the rows that were there before it.
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    modules = (tables, record_tables, master_keys)  # each adds its tables to the same metadata
    believed = [it for module in modules for it in vars(module).values() if isinstance(it, Table)]
    assert {it.metadata for it in believed} == {metadata}
    async with database.transaction() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(migrations.schema_age) is migrations.SchemaAge.CURRENT


@pytest.mark.usefixtures("real_migrations")
async def test_an_upgrade_that_fails_leaves_the_database_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = migrations.upgrade

    def breaks_at_the_end(connection: Connection) -> None:
        upgrade(connection)
        raise ZeroDivisionError

    monkeypatch.setattr(migrations, "upgrade", breaks_at_the_end)
    with pytest.raises(ZeroDivisionError):
        await Database.open(path, KEY)
    monkeypatch.undo()
    database = await Database.open(path, KEY)  # creates every table: none is left from before
    await database.close()


def test_an_upgrade_killed_in_the_middle_is_made_at_the_next_start(tmp_path: Path) -> None:
    """SIGKILL after everything was written and before it was committed: as when the power fails."""
    path = tmp_path / "journal.db"
    code = (
        "import asyncio, os, signal, sys\n"
        "from pathlib import Path\n"
        "from storage import migrations\n"
        "from storage.sql.database import Database\n"
        "upgrade = migrations.upgrade\n"
        "def killed(connection):\n"
        "    upgrade(connection)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "migrations.upgrade = killed\n"
        f"asyncio.run(Database.open(Path({str(path)!r}), bytes.fromhex({KEY.hex()!r})))\n"
    )
    died = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=PATIENCE, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()[-500:]

    async def opened() -> None:
        database = await Database.open(path, KEY)
        async with database.reading() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM alembic_version"))).scalar() == 1
            assert (await connection.execute(text("SELECT count(*) FROM audit"))).scalar() == 0
        await database.close()

    asyncio.run(opened())


@pytest.mark.parametrize("error", [WrongKey, Damaged, NewerDatabase, OlderDatabase, NoDatabase])
def test_trying_again_cannot_help_and_the_sentence_says_what_does(error: type[Permanent]) -> None:
    sentence = str(error(Path("/data/journal.db")))  # type: ignore[arg-type]  # each takes a path
    assert "/data/journal.db" in sentence
    assert any(advice in sentence for advice in ("put back", "restore", "install", "start the bot", "check"))


async def at_revision(path: Path, revision: str | None) -> None:
    database = await Database.open(path, KEY)
    async with database.transaction() as connection:
        await connection.execute(text("DELETE FROM alembic_version"))
        if revision:
            await connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    await database.close()


@contextmanager
def permissive_umask() -> Iterator[None]:
    before = os.umask(0)
    try:
        yield
    finally:
        os.umask(before)
