"""An empty database gets its schema from the first one this process migrated: the revisions take ten times as long.

Whatever is not empty is upgraded by the revisions, always; `real_migrations` has them make the empty ones too.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from storage import migrations

real_upgrade = migrations.upgrade


@dataclass(frozen=True)
class Made:
    """What the revisions made of an empty database: its statements, and the rows they put in."""

    statements: tuple[str, ...]
    rows: tuple[tuple[str, tuple[object, ...]], ...]

    @classmethod
    def read(cls, connection: Connection) -> Made:
        tables, rows = _tables(connection), []
        for table in tables:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').all():
                marks = ", ".join("?" * len(row))
                rows.append((f'INSERT INTO "{table}" VALUES ({marks})', tuple(row)))
        return cls(tuple(_statements(connection)), tuple(rows))

    def write(self, connection: Connection) -> None:
        # Without SQLAlchemy between: it would be half of the time.
        driver = connection.connection.driver_connection
        assert driver is not None
        for statement in self.statements:
            driver.execute(statement)
        for statement, values in self.rows:
            driver.execute(statement, values)


_made: list[Made] = []


def upgrade(connection: Connection) -> None:
    """Stand in for `migrations.upgrade`."""
    if connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar():
        real_upgrade(connection)
    elif _made:
        _made[0].write(connection)
    else:
        real_upgrade(connection)
        _made.append(Made.read(connection))


def _statements(connection: Connection) -> list[str]:
    """In the order they were carried out; those of SQLite's own indexes have no text."""
    asked = (
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    )
    return list(connection.exec_driver_sql(asked).scalars())


def _tables(connection: Connection) -> list[str]:
    asked = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid"
    return list(connection.exec_driver_sql(asked).scalars())
