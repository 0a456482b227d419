"""From one schema to the next: whole or not at all, nothing lost, and never back.

The step taken here is a throw-away revision after the last there is: a column, a value for the rows of before, an index.
"""

from __future__ import annotations

import hashlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from storage import migrations
from storage.journal import looked_up, tables
from storage.records import record_tables
from storage.sql.database import Database
from storage.sql.database_errors import NewerDatabase, OlderDatabase
from storage.sql.schema import metadata
from storage.vault import master_keys
from tests import ready_schema
from tests.contract.things import KEY
from tests.patience import PATIENCE

FIRST = "57094f7e5e66fcd4bc5c50ec7e2e25c87f672bd2e81128348f1e6be9a1e04cba"
pytestmark = pytest.mark.usefixtures("real_migrations")
MADE_BY = (tables, looked_up, record_tables, master_keys)  # once they are imported, `metadata` knows every table
LAST = ScriptDirectory.from_config(migrations._config()).get_current_head()
VERSIONS = migrations.VERSIONS
STEP = """
from alembic import op
import sqlalchemy as sa

revision = "later"
down_revision = {last!r}


def upgrade():
    op.add_column("people", sa.Column("spoken", sa.String(), nullable=False, server_default=""))
    op.get_bind().exec_driver_sql("UPDATE people SET spoken = 'as ' || name")
    op.create_index("ix_people_spoken", "people", ["spoken"])
    {then}
"""
DIE = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
PERSON = (
    "INSERT INTO people (id, account, name, roles, identity, standing, notice_due, revoked, succeeded_by, version)"
    " VALUES ('sam', '@sam:hs.test', 'Sam', '[]', '', 'active', 0, '[]', '', 1)"
)


def write(revision: Path, then: str = "pass") -> None:
    revision.write_text(STEP.format(last=LAST, then=then))


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A database of this version, with a row in it."""
    path = tmp_path / "journal.db"
    database = await Database.open(path, KEY)
    async with database.transaction() as connection:
        await connection.execute(text(PERSON))
    await database.close()
    return path


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A later version of the program: it knows one revision more, read from this file."""
    more, config, known_now = tmp_path / "later", migrations._config, migrations.revisions()
    more.mkdir()
    revision = more / "throw_away.py"
    write(revision)

    def also_later() -> Config:
        known = config()
        known.set_main_option("version_locations", f"{VERSIONS}:{more}")
        known.set_main_option("path_separator", ":")
        return known

    monkeypatch.setattr(migrations, "_config", also_later)
    monkeypatch.setattr(migrations, "revisions", lambda: [*known_now, "later"])
    yield revision


async def test_an_upgrade_keeps_every_row_and_fills_in_what_is_new(path: Path, step: Path) -> None:
    upgraded = await Database.open(path, KEY)
    async with upgraded.reading() as connection:
        row = (await connection.execute(text("SELECT account, spoken FROM people"))).one()
        assert row == ("@sam:hs.test", "as Sam")
        assert await connection.run_sync(migrations.schema_age) is migrations.SchemaAge.CURRENT
    await upgraded.close()


async def test_an_upgrade_that_breaks_in_the_middle_changes_nothing(path: Path, step: Path) -> None:
    write(step, then="raise ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        await Database.open(path, KEY)
    write(step)
    with pytest.raises(OlderDatabase):
        await Database.open(path, KEY, read_only=True)
    await test_an_upgrade_keeps_every_row_and_fills_in_what_is_new(path, step)


@pytest.mark.parametrize("committed", [False, True])
async def test_an_upgrade_that_is_killed_is_made_whole_or_not_at_all(path: Path, step: Path, committed: bool) -> None:
    """SIGKILL within the step, or after its commit and before anything else: as when the power fails."""
    write(step, then="pass" if committed else DIE)
    code = (
        "import asyncio, os, signal\n"
        "from pathlib import Path\n"
        "from storage import migrations\n"
        "from storage.sql.database import Database\n"
        "config = migrations._config\n"
        "def also_later():\n"
        "    known = config()\n"
        "    known.set_main_option('path_separator', ':')\n"
        f"    known.set_main_option('version_locations', {f'{VERSIONS}:{step.parent}'!r})\n"
        "    return known\n"
        "migrations._config = also_later\n"
        f"migrations.revisions = lambda: {migrations.revisions()!r}\n"
        "async def start():\n"
        f"    await Database.open(Path({str(path)!r}), bytes.fromhex({KEY.hex()!r}))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(start())\n"
    )
    died = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=PATIENCE, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()[-500:]
    write(step)
    if committed:
        await (await Database.open(path, KEY, read_only=True)).close()
    else:
        with pytest.raises(OlderDatabase):
            await Database.open(path, KEY, read_only=True)
    await test_an_upgrade_keeps_every_row_and_fills_in_what_is_new(path, step)


async def test_the_version_of_before_refuses_what_was_upgraded_and_leaves_it_as_it_is(
    path: Path, step: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await Database.open(path, KEY)).close()
    monkeypatch.undo()
    upgraded = path.read_bytes()
    with pytest.raises(NewerDatabase, match="newer version and was left as it is; install that version or a later one"):
        await Database.open(path, KEY)
    assert path.read_bytes() == upgraded


def test_the_revisions_are_one_chain() -> None:
    scripts = ScriptDirectory.from_config(migrations._config())
    assert [script.revision for script in scripts.walk_revisions()][::-1] == migrations.revisions()
    assert len(scripts.get_heads()) == 1 and len(scripts.get_bases()) == 1
    assert all(not script.is_merge_point for script in scripts.walk_revisions())


def test_what_only_an_upgrade_needs_no_start_waits_for() -> None:
    loaded = "import sys, storage.sql.database; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], timeout=PATIENCE, check=False).returncode == 0


def test_the_first_revision_stays_as_it_was_released() -> None:
    assert hashlib.sha256((VERSIONS / "0001_first.sql").read_bytes()).hexdigest() == FIRST


async def test_what_the_revisions_make_is_what_the_tables_say_down_to_every_trigger(path: Path) -> None:
    """A column added needs no word here; a table rebuilt loses its triggers, and this says so."""
    upgraded = await Database.open(path, KEY)
    async with upgraded.reading() as connection:
        made = await connection.run_sync(_schema)
    await upgraded.close()
    with create_engine("sqlite://").begin() as fresh:
        metadata.create_all(fresh)
        assert made == _schema(fresh)


async def test_a_database_made_ready_for_other_tests_is_the_one_the_revisions_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for name, upgrade in (
        ("real", migrations.upgrade),
        ("first", ready_schema.upgrade),
        ("next", ready_schema.upgrade),
    ):
        monkeypatch.setattr(migrations, "upgrade", upgrade)
        database = await Database.open(tmp_path / name, KEY)
        async with database.reading() as connection:
            made.append(await connection.run_sync(_all))
        await database.close()
    assert made[0] == made[1] == made[2] and len(made[0]) > 100


def _all(connection: Connection) -> list[object]:
    """Everything there is: each table, index and trigger, in no order of their own, and every row."""
    schema = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all()
    rows = [connection.exec_driver_sql(f'SELECT * FROM "{one.name}"').all() for one in schema if one.type == "table"]
    return [*schema, *rows, connection.exec_driver_sql("PRAGMA user_version").scalar()]


def _schema(connection: Connection) -> dict[str, object]:
    """Each table with its columns, in any order; each index and trigger with its text. Defaults are for rows of before."""
    schema: dict[str, object] = {}
    made = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
    for kind, name, sql in connection.exec_driver_sql(made).all():
        columns = connection.exec_driver_sql(f"PRAGMA table_info({name})").all()
        schema[f"{kind} {name}"] = (
            sorted((column.name, column.type, column.notnull, column.pk) for column in columns)
            if kind == "table"
            else re.sub(r"[\s;]+", "", sql)
        )
    return schema
