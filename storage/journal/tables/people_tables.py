"""People, patients, and who answers for whom."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Connection, Index, Integer, MetaData, String, Table, event, text

from bot.domain.formal_names import Sex
from bot.domain.people import Relation, Standing
from storage.sql.schema import IDS, Day, Instant, Roles, Word, metadata

people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("name", String, nullable=False),
    Column("roles", Roles, nullable=False),
    Column("identity", String, nullable=False),
    Column("standing", Word(Standing), nullable=False),
    Column("last_heard_at", Instant),
    Column("notice_due", Boolean, nullable=False),
    Column("revoked", IDS, nullable=False),
    Column("succeeded_by", String, nullable=False),
    Column("device_check_due", Instant),
    Column("verified_at", Instant),
    Column("version", Integer, nullable=False),
)
# An account is one person's at a time; one who has left it keeps their row, and the next one starts with nothing (R31).
Index("ix_people_account", people.c.account)
Index("uq_people_holder", people.c.account, unique=True, sqlite_where=people.c.standing != Standing.LEFT.value)
Index("ix_people_roles", people.c.roles)
Index("ix_people_standing", people.c.standing)

patients = Table(
    "patients",
    metadata,
    Column("id", String, primary_key=True),
    Column("mrn", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("born", Day, nullable=False),
    Column("mature_minor", Boolean, nullable=False),
    Column("impaired", Boolean, nullable=False),
    Column("capacity_at", Instant),
    Column("left_on", Day),
    Column("died_on", Day),
    Column("family", String),
    Column("given", String),
    Column("sex", Word(Sex)),
    Column("version", Integer, nullable=False),
)

# What a patient is found by, however it is typed: the database itself writes this, so that it can say nothing but what the
# patients say.
patient_spellings = Table(
    "patient_spellings",
    metadata,
    Column("patient_id", String, primary_key=True),
    Column("number", String, nullable=False, index=True),
    Column("name", String, nullable=False, index=True),
)
_NOTE = (
    "INSERT INTO patient_spellings (patient_id, number, name) VALUES (NEW.id, folded_number(NEW.mrn), folded(NEW.name))"
)
_FORGET = "DELETE FROM patient_spellings WHERE patient_id = OLD.id"
_FOLLOW_PATIENTS = (
    f"CREATE TRIGGER patient_spellings_of_a_new_patient AFTER INSERT ON patients BEGIN {_NOTE}; END",
    "CREATE TRIGGER patient_spellings_of_a_changed_patient AFTER UPDATE OF mrn, name ON patients"
    f" WHEN NEW.mrn <> OLD.mrn OR NEW.name <> OLD.name BEGIN {_FORGET}; {_NOTE}; END",
    f"CREATE TRIGGER patient_spellings_of_a_removed_patient AFTER DELETE ON patients BEGIN {_FORGET}; END",
)

authorities = Table(
    "authorities",
    metadata,
    Column("id", String, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("patient_id", String, nullable=False, index=True),
    Column("relation", Word(Relation), nullable=False),
    Column("until", Day),
    Column("since", Day),
    Column("recorded_at", Instant),
    Column("invitation_id", String, nullable=False, server_default=text("''")),
    Column("invited_by", String, nullable=False, server_default=text("''")),
    Column("needs_second", Boolean, nullable=False, server_default="0"),
    Column("seconded_by", String, nullable=False, server_default=text("''")),
    Column("seconded_at", Instant),
    Column("opened_by", String, nullable=False, server_default=text("''")),
    Column("opened_at", Instant),
    Column("sentence_due", Boolean, nullable=False, server_default="0"),
    Column("never_theirs", Boolean, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False),
)


@event.listens_for(metadata, "after_create")
def _follow(_: MetaData, connection: Connection, **__: object) -> None:
    for trigger in _FOLLOW_PATIENTS:
        connection.exec_driver_sql(trigger)
