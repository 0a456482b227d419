"""Where further copies of an entry are stands in rows of its own, one for each place; the second copy's note becomes such a row.

What the second copy lacked waits for it as before. The register says of each destruction what is left elsewhere: of those of
before, nothing.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, String, Text, UniqueConstraint, text

revision = "0008"
down_revision = "0007"

_OF_THE_SECOND_COPY = (
    "INSERT INTO delivery (id, entry_id, destination, patient_id, since, state, form, ref, sha256, towards, tries,"
    " due, why, version)"
    " SELECT entry_id || '/second copy', entry_id, 'second copy', patient_id, at,"
    " CASE WHEN mirrored THEN 'verified' ELSE 'waiting' END, 'original',"
    " CASE WHEN mirrored THEN json_object('entry', entry_id, 'sha256', sha256) END, CASE WHEN mirrored THEN sha256 ELSE '' END,"
    " '', 0, CASE WHEN mirrored THEN NULL ELSE 0 END, '', 0 FROM record_entry"
    " WHERE EXISTS (SELECT 1 FROM record_entry WHERE mirrored) ORDER BY seq"
)


def upgrade() -> None:
    op.create_table(
        "delivery",
        Column("id", String, primary_key=True),
        Column("entry_id", String, nullable=False),
        Column("destination", String, nullable=False),
        Column("patient_id", String, nullable=False),
        Column("since", BigInteger, nullable=False),
        Column("state", Text, nullable=False),
        Column("form", Text, nullable=False),
        Column("ref", Text),
        Column("sha256", String, nullable=False),
        Column("towards", String, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("due", BigInteger),
        Column("why", String, nullable=False),
        Column("residue", Text),
        Column("version", Integer, nullable=False),
        UniqueConstraint("entry_id", "destination"),
    )
    op.create_index("ix_delivery_due", "delivery", ["destination", "due"])
    op.create_index("ix_delivery_state", "delivery", ["destination", "state", "form", "why", "residue"])
    op.get_bind().exec_driver_sql(_OF_THE_SECOND_COPY)
    op.add_column("destructions", Column("elsewhere", String, nullable=False, server_default=text("''")))
    op.drop_index("ix_record_entry_mirrored", "record_entry")
    op.drop_column("record_entry", "mirrored")
