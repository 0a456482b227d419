"""Uses, and the consents, answers and disclosures that belong to them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, String, Table, event, text

from bot.domain.consent import Answer, Basis
from bot.domain.people import Relation
from bot.domain.purposes import Purpose
from bot.domain.use import UseState
from bot.domain.use_rules import Relatedness
from storage.sql.schema import IDS, Instant, JsonText, Word, metadata

consents = Table(
    "consents",
    metadata,
    Column("id", String, primary_key=True),
    Column("image_id", String, nullable=False, index=True),
    Column("person_id", String, nullable=False),
    Column("capacity", Word(Relation), nullable=False),
    Column("basis", Word(Basis), nullable=False),
    Column("purpose", Word(Purpose), nullable=False),
    Column("reason", String, nullable=False),
    Column("wording", String, nullable=False),
    Column("wording_version", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("proof", JsonText, nullable=False),
    Column("patient_id", String, nullable=False, server_default=text("''")),
    Column("version", Integer, nullable=False),
)

disclosures = Table(
    "disclosures",
    metadata,
    Column("id", String, primary_key=True),
    Column("image_id", String, nullable=False, index=True),
    Column("to_person_id", String, nullable=False),
    Column("how", String, nullable=False),
    Column("purpose", Word(Purpose), nullable=False),
    Column("rule", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("detail", String, nullable=False),
    Column("concealed", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

uses = Table(
    "uses",
    metadata,
    Column("id", String, primary_key=True),
    Column("image_ids", IDS, nullable=False),
    Column("asked_by", String, nullable=False, index=True),
    Column("asked_at", Instant, nullable=False),
    Column("purpose", Word(Purpose), nullable=False),
    Column("recipients", IDS, nullable=False),
    Column("question", String, nullable=False),
    Column("how", String, nullable=False),
    Column("seen_by", String, nullable=False),
    Column("recognisable", String, nullable=False),
    Column("venue", String, nullable=False),
    Column("until", Instant),
    Column("deidentified", Boolean, nullable=False),
    Column("intimate", Boolean, nullable=False),
    Column("relatedness", Word(Relatedness), nullable=False),
    Column("state", Word(UseState), nullable=False, index=True),
    Column("rule", String, nullable=False),
    Column("expires_at", Instant),
    Column("wording", String, nullable=False),
    Column("wording_version", String, nullable=False),
    Column("summarised_at", Instant),
    Column("recipient_ids", IDS, nullable=False, server_default="[]"),
    Column("held", Boolean, nullable=False, server_default="0"),
    Column("doubted", Boolean, nullable=False, server_default="0"),
    Column("reason_shown", String, nullable=False, server_default=""),
    Column("was_released", Boolean, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False),
)

# Which uses there are of an image: the database itself writes this, so that it can say nothing but what the uses say.
use_images = Table(
    "use_images",
    metadata,
    Column("image_id", String, primary_key=True),
    Column("use_id", String, primary_key=True, index=True),
)
_LINK = "INSERT OR IGNORE INTO use_images (image_id, use_id) SELECT value, NEW.id FROM json_each(NEW.image_ids)"
_UNLINK = "DELETE FROM use_images WHERE use_id = OLD.id"
_FOLLOW_USES = (
    f"CREATE TRIGGER use_images_of_a_new_use AFTER INSERT ON uses BEGIN {_LINK}; END",
    "CREATE TRIGGER use_images_of_a_changed_use AFTER UPDATE OF image_ids ON uses"
    f" WHEN NEW.image_ids <> OLD.image_ids BEGIN {_UNLINK}; {_LINK}; END",
    f"CREATE TRIGGER use_images_of_a_removed_use AFTER DELETE ON uses BEGIN {_UNLINK}; END",
)

consent_answers = Table(
    "consent_answers",
    metadata,
    Column("id", String, primary_key=True),
    Column("use_id", String, nullable=False, index=True),
    Column("person_id", String, nullable=False),
    Column("capacity", Word(Relation), nullable=False),
    Column("answer", Word(Answer), nullable=False),
    Column("wording", String, nullable=False),
    Column("wording_version", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("proof", JsonText, nullable=False),
    Column("version", Integer, nullable=False),
)

unheard_noes = Table(
    "unheard_noes",
    metadata,
    Column("id", String, primary_key=True),
    Column("image_id", String, nullable=False, index=True),
    Column("person_id", String, nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String),
    Column("version", Integer, nullable=False),
)

lines = Table(
    "lines",
    metadata,
    Column("id", String, primary_key=True),
    Column("use_id", String, nullable=False, index=True),
    Column("person_id", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", String, nullable=False),
    Column("version", Integer, nullable=False),
)


@event.listens_for(metadata, "after_create")
def _follow(_: MetaData, connection: Connection, **__: object) -> None:
    for trigger in _FOLLOW_USES:
        connection.exec_driver_sql(trigger)
