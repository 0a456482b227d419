"""What the database itself keeps up to date, so that it can say nothing but what the rows say: which images wait for a note,
when each patient's record had its last entry, and who takes part in a use.

It would otherwise be gathered from all images and uses whenever somebody asks. A view says what is true, a table remembers it in
order, and triggers look again at what a change may have touched. No program writes these tables.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Connection, Index, MetaData, String, Table, event, text

from storage.sql.schema import Day, Instant, metadata

unnoted = Table(
    "unnoted",
    metadata,
    Column("image_id", String, primary_key=True),
    Column("received_at", Instant, nullable=False),
)
Index("ix_unnoted_received_at", unnoted.c.received_at, unnoted.c.image_id)

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

last_entries = Table(
    "last_entries",
    metadata,
    Column("patient_id", String, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("born", Day, nullable=False),
    Column("of_child", Boolean, nullable=False),  # perhaps: on the birthday itself the time zone decides
)
Index("ix_last_entries_at", last_entries.c.at, last_entries.c.patient_id, sqlite_where=text("of_child = 0"))
Index("ix_last_entries_born", last_entries.c.born, last_entries.c.patient_id, sqlite_where=text("of_child = 1"))

# As `retention_due` reckons it for one patient: a receipt is the bot's own account, which must not keep a record for ever.
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
# Who asked for a use, and whom it is for.
use_people = Table(
    "use_people",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("use_id", String, primary_key=True, index=True),
)
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
KEPT_UP_TO_DATE = (
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


@event.listens_for(metadata, "after_create")
def _keep_up_to_date(_: MetaData, connection: Connection, **__: object) -> None:
    for statement in KEPT_UP_TO_DATE:
        connection.exec_driver_sql(statement)
