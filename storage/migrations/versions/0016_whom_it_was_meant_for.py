"""An invitation keeps of whom its maker read as they were asked whether to tell; an authority, that it was never theirs.

Of whom the makers of those of before read stands nowhere, so nobody more is told by them, and nobody reads a name by them: a
name that was kept from somebody at risk must not show because it can't be known any more from whom. No authority of before is
known to have reached the wrong person.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, Text

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("invitations", Column("asked_of", Text, nullable=False, server_default="[]"))
    op.add_column("authorities", Column("never_theirs", Boolean, nullable=False, server_default="0"))
