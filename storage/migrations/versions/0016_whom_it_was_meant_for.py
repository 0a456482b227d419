"""An invitation keeps whom its maker read of when asked whether to tell them; an authority, that it was never theirs.

Whom earlier makers had read of is recorded nowhere, so nobody more is told by their invitations, and nobody reads a name by
them: a name that was kept from somebody at risk must not show because it can no longer be known from whom. No earlier authority
is known to have reached the wrong person.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, Text

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("invitations", Column("asked_of", Text, nullable=False, server_default="[]"))
    op.add_column("authorities", Column("never_theirs", Boolean, nullable=False, server_default="0"))
