"""An invitation keeps of whom its maker read as they were asked whether to tell.

Of whom those of before read stands nowhere, so nobody more is told by them, and nobody reads a name by them: a name that was
kept from somebody at risk must not show because it can't be known any more from whom.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("invitations", Column("asked_of", Text, nullable=False, server_default="[]"))
