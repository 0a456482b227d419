"""When somebody's capacity last changed stands with it. Of those before nobody knows."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("patients", Column("capacity_at", BigInteger))
