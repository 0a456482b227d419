"""A patient is found by number or name however it is typed: in capitals or not, in whatever form of its letters.

The database writes the folded forms itself, so that they can say nothing else than the patients do. Two patients of before whose
numbers differ in their form only stay two; neither is found by a third way of writing it.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String

revision = "0006"
down_revision = "0005"

_NOTE = (
    "INSERT INTO patient_spellings (patient_id, number, name) VALUES (NEW.id, folded_number(NEW.mrn), folded(NEW.name))"
)
_FORGET = "DELETE FROM patient_spellings WHERE patient_id = OLD.id"
_FOLLOW = (
    f"CREATE TRIGGER patient_spellings_of_a_new_patient AFTER INSERT ON patients BEGIN {_NOTE}; END",
    "CREATE TRIGGER patient_spellings_of_a_changed_patient AFTER UPDATE OF mrn, name ON patients"
    f" WHEN NEW.mrn <> OLD.mrn OR NEW.name <> OLD.name BEGIN {_FORGET}; {_NOTE}; END",
    f"CREATE TRIGGER patient_spellings_of_a_removed_patient AFTER DELETE ON patients BEGIN {_FORGET}; END",
)
_OF_BEFORE = (
    "INSERT INTO patient_spellings (patient_id, number, name) SELECT id, folded_number(mrn), folded(name) FROM patients"
)


def upgrade() -> None:
    op.create_table(
        "patient_spellings",
        Column("patient_id", String, primary_key=True),
        Column("number", String, nullable=False, index=True),
        Column("name", String, nullable=False, index=True),
    )
    for statement in (*_FOLLOW, _OF_BEFORE):
        op.get_bind().exec_driver_sql(statement)
