"""What lists show is found by an index: what waits, whose photo it is, who took it, what lacks a note, whose time is over.

Who takes part in a use is looked up too. What no row says by itself the database keeps in tables of its own, from what the rows
say now and from each change on.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, String, Text, text

revision = "0007"
down_revision = "0006"

_WAITS = "(state NOT IN ('verified', 'discarded', 'left-with-sender', 'destroyed') OR (state = 'verified' AND taken_by = ''))"
_SET_ASIDE = "state IN ('quarantined', 'waiting-for-key', 'unreadable') OR kind = 'malformed'"
_NOTES_WANTED = """
CREATE VIEW notes_wanted AS
SELECT id AS image_id, received_at FROM images
WHERE source = 'outside' AND form_of = '' AND state NOT IN ('discarded', 'left-with-sender', 'destroyed')
AND NOT EXISTS (SELECT 1 FROM documents WHERE documents.image_id = images.id AND kind = 'note')
"""
_WANTED_NOW = (
    "DELETE FROM unnoted WHERE image_id = NEW.id;"
    " INSERT INTO unnoted SELECT image_id, received_at FROM notes_wanted WHERE image_id = NEW.id"
)

_RECORD_ENDS = """
CREATE VIEW record_ends AS
SELECT patient_id, at, born, at < strftime('%s', born, '+18 years', '+1 day') * 1000000 AS of_child FROM (
    SELECT patient_id, born, max(coalesce(filed, written), coalesce(written, filed)) AS at FROM (
        SELECT id AS patient_id, born,
            (SELECT max(coalesce(filed_at, received_at)) FROM images WHERE images.patient_id = patients.id
                AND (state IN ('filed', 'verified') OR (state = 'held' AND filed_at IS NOT NULL))) AS filed,
            (SELECT at FROM documents WHERE documents.patient_id = patients.id AND kind <> 'receipt'
                ORDER BY at DESC LIMIT 1) AS written,
            EXISTS (SELECT 1 FROM documents WHERE documents.patient_id = patients.id AND state = 'verified'
                AND kind <> 'receipt') AS words
        FROM patients
    ) WHERE filed IS NOT NULL OR words
) WHERE at IS NOT NULL
"""
_TAKE_PART = (
    "INSERT OR IGNORE INTO use_people SELECT value, NEW.id FROM json_each(NEW.recipient_ids);"
    " INSERT OR IGNORE INTO use_people SELECT NEW.asked_by, NEW.id"
)
_TAKE_NO_PART = "DELETE FROM use_people WHERE use_id = OLD.id"
_BEFORE = (
    "DELETE FROM last_entries WHERE patient_id = OLD.patient_id;"
    " INSERT INTO last_entries SELECT patient_id, at, born, of_child FROM record_ends WHERE patient_id = OLD.patient_id"
)
_NOW = (
    "DELETE FROM last_entries WHERE patient_id = NEW.patient_id;"
    " INSERT INTO last_entries SELECT patient_id, at, born, of_child FROM record_ends WHERE patient_id = NEW.patient_id"
)
_LATER = (
    "UPDATE last_entries SET at = NEW.at, of_child = NEW.at < strftime('%s', born, '+18 years', '+1 day') * 1000000"
    " WHERE patient_id = NEW.patient_id AND at < NEW.at"
)
_KEPT_UP_TO_DATE = (
    _NOTES_WANTED,
    f"CREATE TRIGGER unnoted_of_a_new_image AFTER INSERT ON images WHEN NEW.source = 'outside' BEGIN {_WANTED_NOW}; END",
    "CREATE TRIGGER unnoted_of_a_changed_image AFTER UPDATE OF source, form_of, state ON images"
    f" WHEN 'outside' IN (OLD.source, NEW.source) BEGIN {_WANTED_NOW}; END",
    "CREATE TRIGGER unnoted_no_more AFTER INSERT ON documents WHEN NEW.kind = 'note'"
    " BEGIN DELETE FROM unnoted WHERE image_id = NEW.image_id; END",
    _RECORD_ENDS,
    f"CREATE TRIGGER last_entry_of_a_new_image AFTER INSERT ON images WHEN NEW.filed_at IS NOT NULL BEGIN {_NOW}; END",
    "CREATE TRIGGER last_entry_of_a_changed_image AFTER UPDATE OF state, patient_id, filed_at ON images"
    " WHEN (OLD.state, OLD.patient_id, OLD.filed_at) IS NOT (NEW.state, NEW.patient_id, NEW.filed_at)"
    f" AND (OLD.patient_id <> '' OR NEW.patient_id <> '') BEGIN {_BEFORE}; {_NOW}; END",
    "CREATE TRIGGER last_entry_of_new_words AFTER INSERT ON documents"
    f" WHEN NEW.kind <> 'receipt' AND NEW.state <> 'verified' BEGIN {_LATER}; END",
    f"CREATE TRIGGER last_entry_of_filed_words AFTER INSERT ON documents WHEN NEW.state = 'verified' BEGIN {_NOW}; END",
    "CREATE TRIGGER last_entry_of_changed_words AFTER UPDATE OF state, patient_id ON documents"
    " WHEN (OLD.patient_id, OLD.state = 'verified') IS NOT (NEW.patient_id, NEW.state = 'verified')"
    f" BEGIN {_BEFORE}; {_NOW}; END",
    f"CREATE TRIGGER last_entry_of_removed_words AFTER DELETE ON documents BEGIN {_BEFORE}; END",
    f"CREATE TRIGGER use_people_of_a_new_use AFTER INSERT ON uses BEGIN {_TAKE_PART}; END",
    "CREATE TRIGGER use_people_of_a_changed_use AFTER UPDATE OF recipient_ids, asked_by ON uses"
    " WHEN (NEW.recipient_ids, NEW.asked_by) IS NOT (OLD.recipient_ids, OLD.asked_by)"
    f" BEGIN {_TAKE_NO_PART}; {_TAKE_PART}; END",
    f"CREATE TRIGGER use_people_of_a_removed_use AFTER DELETE ON uses BEGIN {_TAKE_NO_PART}; END",
)


_OF_BEFORE = (
    "INSERT INTO unnoted SELECT image_id, received_at FROM notes_wanted",
    "INSERT INTO last_entries SELECT patient_id, at, born, of_child FROM record_ends",
    "INSERT OR IGNORE INTO use_people SELECT value, uses.id FROM uses, json_each(uses.recipient_ids)",
    "INSERT OR IGNORE INTO use_people SELECT asked_by, id FROM uses",
)


def upgrade() -> None:
    op.create_table(
        "unnoted", Column("image_id", String, primary_key=True), Column("received_at", BigInteger, nullable=False)
    )
    op.create_index("ix_unnoted_received_at", "unnoted", ["received_at", "image_id"])
    op.create_table(
        "last_entries",
        Column("patient_id", String, primary_key=True),
        Column("at", BigInteger, nullable=False),
        Column("born", Text, nullable=False),
        Column("of_child", Boolean, nullable=False),
    )
    op.create_table(
        "use_people",
        Column("person_id", String, primary_key=True),
        Column("use_id", String, primary_key=True, index=True),
    )
    op.create_index("ix_last_entries_at", "last_entries", ["at", "patient_id"], sqlite_where=text("of_child = 0"))
    op.create_index("ix_last_entries_born", "last_entries", ["born", "patient_id"], sqlite_where=text("of_child = 1"))
    op.drop_index("ix_images_patient_id", "images")
    op.create_index("ix_images_patient", "images", ["patient_id", "received_at", "id"])
    op.create_index("ix_images_sent", "images", ["sender_id", "received_at", "id"])
    op.create_index("ix_images_taken", "images", ["taken_by", "state", "received_at", "id"])
    op.create_index("ix_images_waiting", "images", ["received_at", "id"], sqlite_where=text(_WAITS))
    op.create_index("ix_documents_patient", "documents", ["patient_id", "at"])
    op.create_index("ix_intents_failing", "intents", ["progress", "trouble"], sqlite_where=text("attempts > 2"))
    op.create_index("ix_inbox_aside", "inbox", ["received_at"], sqlite_where=text(_SET_ASIDE))
    for statement in (*_KEPT_UP_TO_DATE, *_OF_BEFORE):
        op.get_bind().exec_driver_sql(statement)
