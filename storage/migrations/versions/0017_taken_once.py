"""What a page sends names itself, and is taken once. Nothing of before has a name."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String, text

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("inbox", Column("once", String))
    op.create_index("ix_inbox_once", "inbox", ["sender", "once"], unique=True, sqlite_where=text("once IS NOT NULL"))
