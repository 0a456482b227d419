"""The first schema: everything that `metadata` held when the first release was made.

Until that release it creates whatever the table modules say, so a schema still in motion needs no chain of half-steps,
and a database of an unreleased version is thrown away, not upgraded. With the release this file is frozen: its tables
are spelt out here, and every later change is a revision of its own.
"""

from __future__ import annotations

from alembic import op

import storage.master_keys
import storage.records.tables
import storage.tables  # noqa: F401
from storage.schema import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    metadata.create_all(op.get_bind())
