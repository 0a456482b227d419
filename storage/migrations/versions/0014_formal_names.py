"""A patient's family and given names, and their sex, stand beside the name that is said. Nobody guesses those of before."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String, Text

revision = "0014"
down_revision = "0012"


def upgrade() -> None:
    for column in (Column("family", String), Column("given", String), Column("sex", Text)):
        op.add_column("patients", column)
