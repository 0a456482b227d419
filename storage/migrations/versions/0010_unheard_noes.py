"""A no of somebody who could not be heard stays with its image, whatever becomes of the uses it held.

Uses that are held already stay so; who had said no to them stands in the audit log alone.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, String

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "unheard_noes",
        Column("id", String, primary_key=True),
        Column("image_id", String, nullable=False, index=True),
        Column("person_id", String, nullable=False),
        Column("said_at", BigInteger, nullable=False),
        Column("ended_at", BigInteger),
        Column("ended_by", String),
        Column("version", Integer, nullable=False),
    )
