"""A kind of place keeps notes of its own: how its server works, and where a copy lies that is not a delivery yet."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String, Text

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "place_note",
        Column("destination", String, primary_key=True),
        Column("about", String, primary_key=True),
        Column("note", Text, nullable=False),
    )
