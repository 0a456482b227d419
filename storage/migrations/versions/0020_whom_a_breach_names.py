"""A breach says by id whom its words name: a manager who may not know of one of them reads it without its words (R33a).

Those that older versions opened name people in their words alone, and are read as before.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text, text

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("breaches", Column("reader_ids", Text, nullable=False, server_default=text("'[]'")))
