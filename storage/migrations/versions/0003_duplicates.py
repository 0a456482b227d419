"""Which photo a discarded one is the same as stands in a column: it stood in a sentence.

Nothing recorded before is lost. The sentence named the other photo by its reference; where there is no such photo it stays.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String, text

revision = "0003"
down_revision = "0002"

_OF_WHICH = """
UPDATE images SET duplicate_of = kept.id, discarded_because = 'duplicate'
    FROM images AS kept WHERE images.discarded_because = 'same as ' || kept.ref
"""


def upgrade() -> None:
    op.add_column("images", Column("duplicate_of", String, nullable=False, server_default=text("''")))
    op.execute(_OF_WHICH)
