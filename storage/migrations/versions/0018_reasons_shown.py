"""A use keeps what its question says that its image was sent for: its recipients read that, and nothing that came later.

What earlier questions said is not known any more. Whoever is asked whether theirs concerns it is asked anew, and a recipient of
what was agreed to reads no reason: today's may be newer than the yes.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String, text

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("uses", Column("reason_shown", String, nullable=False, server_default=text("''")))
