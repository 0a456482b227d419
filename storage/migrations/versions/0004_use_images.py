"""Which uses there are of an image is looked up, not gathered from all uses ever asked for.

The database writes the links itself, so that they can say nothing else than the uses do.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, String

revision = "0004"
down_revision = "0003"

_LINK = "INSERT OR IGNORE INTO use_images (image_id, use_id) SELECT value, NEW.id FROM json_each(NEW.image_ids)"
_UNLINK = "DELETE FROM use_images WHERE use_id = OLD.id"
_FOLLOW = (
    f"CREATE TRIGGER use_images_of_a_new_use AFTER INSERT ON uses BEGIN {_LINK}; END",
    "CREATE TRIGGER use_images_of_a_changed_use AFTER UPDATE OF image_ids ON uses"
    f" WHEN NEW.image_ids <> OLD.image_ids BEGIN {_UNLINK}; {_LINK}; END",
    f"CREATE TRIGGER use_images_of_a_removed_use AFTER DELETE ON uses BEGIN {_UNLINK}; END",
)
_OF_BEFORE = (
    "INSERT OR IGNORE INTO use_images (image_id, use_id) SELECT value, uses.id FROM uses, json_each(uses.image_ids)"
)


def upgrade() -> None:
    op.create_table(
        "use_images",
        Column("image_id", String, primary_key=True),
        Column("use_id", String, primary_key=True, index=True),
    )
    for statement in (*_FOLLOW, _OF_BEFORE):
        op.get_bind().exec_driver_sql(statement)
