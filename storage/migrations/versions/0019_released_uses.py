"""A use says whether it left for its recipients, however it ended: only then is there something to call back.

Of those that a patient stopped before, every one counts whose image had been forwarded to one of its recipients.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, text

revision = "0019"
down_revision = "0018"

RELEASED = """
UPDATE uses SET was_released = 1 WHERE state IN ('released', 'closed', 'recalled') OR (state = 'withdrawn' AND EXISTS (
    SELECT 1 FROM disclosures JOIN use_images ON use_images.image_id = disclosures.image_id
    WHERE use_images.use_id = uses.id AND disclosures.how = 'forwarded' AND disclosures.at >= uses.asked_at
        AND disclosures.to_person_id IN (SELECT value FROM json_each(uses.recipient_ids))))
"""


def upgrade() -> None:
    op.add_column("uses", Column("was_released", Boolean, nullable=False, server_default=text("'0'")))
    op.execute(RELEASED)
