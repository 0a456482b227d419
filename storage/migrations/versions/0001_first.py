"""The first schema, as version 0.1.0 wrote it. Frozen: every later change is a revision of its own.

It is kept as SQL beside this file and not read from the table modules, which go on; so a database made today goes through
the same steps as one that was upgraded. Statements are separated by empty lines.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in Path(__file__).with_suffix(".sql").read_text().split("\n\n"):
        op.get_bind().exec_driver_sql(statement)
