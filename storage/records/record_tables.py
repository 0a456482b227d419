"""The tables of the embedded record. Entries are append-only, and the database itself refuses to rewrite one.

Of an entry may only change whose it is and how its key is wrapped: when it is moved to the right patient (R15), or the vault's
key is rotated. What was filed, when, by whom and with which facts stays as it was, until the destruction register
(`destructions`, in the journal) names what it is about (R23). Where further copies of it are stands beside it, in `delivery`.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    event,
)

from bot.domain.assurance import CopyForm, Level, Residue
from bot.domain.entries import EntryKind
from storage.sql.schema import Day, Instant, JsonText, Word, metadata

patients = Table(
    "record_patient",
    metadata,
    Column("patient_id", String, primary_key=True),
    Column(
        "mrn", String, nullable=False, unique=True
    ),  # two patients under one number is the worst error waiting (R15)
    Column("name", String, nullable=False),
    Column("born", Day, nullable=False),
)

entries = Table(
    "record_entry",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("entry_id", String, nullable=False, unique=True),
    Column("patient_id", String, ForeignKey(patients.c.patient_id), nullable=False),
    Column("kind", Word(EntryKind), nullable=False),
    Column("about", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("facts", JsonText, nullable=False),
    Column("media_type", String, nullable=False),
    Column("text", String),
    Column("object_id", String, unique=True),  # the vault's blob, which the record has taken over
    Column("wrapped_key", String),
    Column("key_version", Integer),
    Column("size", Integer, nullable=False),
    Column("sha256", String, nullable=False),
    CheckConstraint("(text IS NULL) <> (object_id IS NULL)", name="one_content"),
    CheckConstraint("(object_id IS NULL) = (wrapped_key IS NULL)", name="object_and_key"),
)
Index("ix_record_entry_patient_id", entries.c.patient_id, entries.c.at)

deliveries = Table(
    "delivery",
    metadata,
    Column("id", String, primary_key=True),
    Column("entry_id", String, nullable=False),
    Column("destination", String, nullable=False),
    Column("patient_id", String, nullable=False),
    Column("since", Instant, nullable=False),
    Column("state", Word(Level), nullable=False),
    Column("form", Word(CopyForm), nullable=False),
    Column("ref", JsonText),
    Column("sha256", String, nullable=False),
    Column("towards", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Instant),
    Column("why", String, nullable=False),
    Column("residue", Word(Residue)),
    Column("version", Integer, nullable=False),
    UniqueConstraint("entry_id", "destination"),
)
Index("ix_delivery_due", deliveries.c.destination, deliveries.c.due)
# Holds all that is counted, so that counting reads no row.
Index("ix_delivery_state", *(deliveries.c[name] for name in ("destination", "state", "form", "why", "residue")))

place_notes = Table(
    "place_note",
    metadata,
    Column("destination", String, primary_key=True),
    Column("about", String, primary_key=True),
    Column("note", JsonText, nullable=False),
)

MAY_CHANGE = ("patient_id", "wrapped_key", "key_version")
FINAL = ", ".join(f'"{column.name}"' for column in entries.columns if column.name not in MAY_CHANGE)


@event.listens_for(entries, "after_create")
def _make_final(target: Table, connection: Connection, **_: object) -> None:
    connection.exec_driver_sql(
        f"CREATE TRIGGER record_entry_is_final BEFORE UPDATE OF {FINAL} ON record_entry"
        " BEGIN SELECT RAISE(ABORT, 'an entry of the record is never rewritten'); END"
    )
    connection.exec_driver_sql(
        "CREATE TRIGGER record_entry_stays BEFORE DELETE ON record_entry"
        " WHEN NOT EXISTS (SELECT 1 FROM destructions WHERE ref = OLD.about OR subject_id = OLD.entry_id)"
        " BEGIN SELECT RAISE(ABORT, 'an entry is never removed but as the destruction register says'); END"
    )
