"""A use says whether somebody is asked to take one of its images back: nothing leaves before they answered.

Nobody was asked before: none is doubted.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, text

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("uses", Column("doubted", Boolean, nullable=False, server_default=text("'0'")))
