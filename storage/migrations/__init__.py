"""The schema's history, run on the encrypted connection it is given; it reads no path and no key itself.

An upgrade happens whole or not at all, in the caller's transaction. There are no downgrades; a newer database is left
to the version that wrote it. Alembic is loaded only where there is something to upgrade: every start would wait for it.
"""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = Path(__file__).parent / "versions"


class SchemaAge(Enum):
    """How a database stands to this version of the program."""

    OLDER = auto()  # an empty database too
    CURRENT = auto()
    NEWER = auto()


def schema_age(connection: Connection) -> SchemaAge:
    """Compare the revision the database is at with those this version knows."""
    known, at = revisions(), _revisions_of(connection)
    if at == set(known[-1:]):
        return SchemaAge.CURRENT
    return SchemaAge.OLDER if at <= set(known) else SchemaAge.NEWER


def revisions() -> list[str]:
    """Return the revisions this version knows, oldest first: the numbers that their files begin with."""
    return sorted(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def _revisions_of(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def upgrade(connection: Connection) -> None:
    """Bring the schema to this version, within the transaction `connection` is in."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
