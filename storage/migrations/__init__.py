"""The schema's history, run inside the encrypted connection it is given: no address or key is read from anywhere.

An upgrade happens whole or not at all, in the caller's transaction. There are no downgrades; a newer database is left
to the version that wrote it.
"""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


class Standing(Enum):
    """How a database stands to this version of the program."""

    OLDER = auto()  # an empty database too
    CURRENT = auto()
    NEWER = auto()


def standing(connection: Connection) -> Standing:
    """Compare the revision the database is at with those this version knows."""
    scripts = ScriptDirectory.from_config(_config())
    at = set(MigrationContext.configure(connection).get_current_heads())
    if at == set(scripts.get_heads()):
        return Standing.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return Standing.OLDER if at <= known else Standing.NEWER


def upgrade(connection: Connection) -> None:
    """Bring the schema to this version, within the transaction `connection` is in."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
