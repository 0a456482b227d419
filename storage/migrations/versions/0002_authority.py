"""What is asked of people is asked when it takes effect: the facts that this needs (R28 to R33).

Nothing recorded before is lost, and nothing covers more than it did: an implied consent belongs to the patient it was sent for,
a use to the people who held its accounts, and what was filed before is open to those it was open to.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Text, text

revision = "0002"
down_revision = "0001"

_ADDED: dict[str, list[Column[Any]]] = {
    "patients": [Column("died_on", Text)],
    "authorities": [
        Column("since", Text),
        Column("recorded_at", BigInteger),
        Column("invitation_id", String, nullable=False, server_default=text("''")),
        Column("invited_by", String, nullable=False, server_default=text("''")),
        Column("needs_second", Boolean, nullable=False, server_default="0"),
        Column("seconded_by", String, nullable=False, server_default=text("''")),
        Column("seconded_at", BigInteger),
        Column("opened_by", String, nullable=False, server_default=text("''")),
        Column("opened_at", BigInteger),
        Column("sentence_due", Boolean, nullable=False, server_default="0"),
    ],
    "invitations": [
        Column("since", Text),
        Column("tell", Text, nullable=False, server_default="not-chosen"),
        Column("not_now_because", String, nullable=False, server_default=text("''")),
        Column("and_clinician", Boolean, nullable=False, server_default="0"),
    ],
    "images": [Column("sent_for", String, nullable=False, server_default=text("''"))],
    "copies": [Column("sha256", String, nullable=False, server_default=text("''"))],
    "documents": [Column("reader_id", String, nullable=False, server_default=text("''"))],
    "consents": [Column("patient_id", String, nullable=False, server_default=text("''"))],
    "uses": [
        Column("recipient_ids", Text, nullable=False, server_default="[]"),
        Column("held", Boolean, nullable=False, server_default="0"),
    ],
    "choices": [
        Column("digest", String, nullable=False, server_default=text("''")),
        Column("copy_id", String, nullable=False, server_default=text("''")),
    ],
}
# The note that went to the record with an image that was moved says from where: the first of them, whose it was sent as. Until
# it is filed, the journal holds it.
_SENT_FOR = """
UPDATE images SET sent_for = moved.sent_for, covers_advice = 0 FROM (
    SELECT image_id, sent_for, min(at) FROM (
        SELECT json_extract(facts, '$.image') AS image_id, json_extract(facts, '$.from') AS sent_for, at FROM record_entry
            WHERE json_extract(facts, '$.moved') = 'here'
        UNION ALL SELECT image_id, json_extract(facts, '$.from'), at FROM documents
            WHERE json_extract(facts, '$.moved') = 'here'
    ) GROUP BY image_id
) AS moved WHERE moved.image_id = images.id
"""
_CONSENT_FOR = """
UPDATE consents SET patient_id = coalesce((
    SELECT CASE sent_for WHEN '' THEN patient_id ELSE sent_for END FROM images WHERE images.id = consents.image_id), '')
"""
_RECIPIENTS = """
UPDATE uses SET recipient_ids = (
    SELECT json_group_array(people.id) FROM json_each(uses.recipients) AS named JOIN people ON people.account = named.value)
"""


def upgrade() -> None:
    for table, columns in _ADDED.items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "tries",
        Column("id", String, primary_key=True),
        Column("account", String, nullable=False, index=True),
        Column("guess", Text, nullable=False),
        Column("at", BigInteger, nullable=False),
        Column("version", Integer, nullable=False),
    )
    with op.batch_alter_table("people") as people:
        people.drop_constraint("uq_people_account", type_="unique")
    op.create_index("ix_people_account", "people", ["account"])
    op.create_index("uq_people_holder", "people", ["account"], unique=True, sqlite_where=text("standing != 'left'"))
    op.create_index("ix_copies_sha256", "copies", ["sha256"])
    for statement in (_SENT_FOR, _CONSENT_FOR, _RECIPIENTS):
        op.execute(statement)
