"""One message may bring several images: each is known by the message and its place in it.

SQLite changes no constraint of a table that is there, so the table is made anew. Views and triggers name one another, so all of
them are taken off meanwhile and put back word for word.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer

revision = "0009"
down_revision = "0008"

_ONE_OF_A_MESSAGE = "CONSTRAINT uq_images_event_id UNIQUE (event_id)"
_BY_ITS_PLACE = "CONSTRAINT uq_images_event_id_place UNIQUE (event_id, place)"
_TABLE = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'images'"
_INDEXES = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'images' AND sql IS NOT NULL"
_VIEWS_AND_TRIGGERS = "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger') ORDER BY rowid"


def upgrade() -> None:
    op.add_column("images", Column("place", Integer, nullable=False, server_default="0"))
    run = op.get_bind().exec_driver_sql
    table = str(run(_TABLE).scalar_one())
    indexes = [str(statement) for statement in run(_INDEXES).scalars()]
    taken_off = run(_VIEWS_AND_TRIGGERS).all()
    for kind, name, _ in taken_off:
        run(f"DROP {kind} {name}")
    anew = table.replace(_ONE_OF_A_MESSAGE, _BY_ITS_PLACE).replace("CREATE TABLE images", "CREATE TABLE images_anew", 1)
    if _BY_ITS_PLACE not in anew or "images_anew" not in anew:
        raise RuntimeError("the table of images is not written as this revision knows it")
    run(anew)
    run("INSERT INTO images_anew SELECT * FROM images")
    run("DROP TABLE images")
    run("ALTER TABLE images_anew RENAME TO images")
    for statement in (*indexes, *(statement for _, _, statement in taken_off)):
        run(statement)
