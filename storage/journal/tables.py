"""The tables of the journal. Each table mirrors one dataclass of the domain, column for field, so a row is the object.

A `server_default` is what older rows have in a column that a later version added; the program always writes a value.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
    text,
)

from bot.domain.arrivals import ArrivalKind
from bot.domain.consent import Answer, Basis
from bot.domain.conversation import About, QuestionState
from bot.domain.copies import CopyState, What
from bot.domain.document import DocumentState
from bot.domain.entries import EntryKind
from bot.domain.formal_names import Sex
from bot.domain.image import HeldFor, State
from bot.domain.invitations import InvitationState, Tell
from bot.domain.people import Relation, Role, Standing
from bot.domain.planned import Progress
from bot.domain.purposes import Purpose
from bot.domain.rooms import RoomKind
from bot.domain.sealed import SealedObject
from bot.domain.statement import Statement
from bot.domain.tries import Guess
from bot.domain.use import UseState
from bot.domain.use_rules import Kind, Relatedness, Source
from bot.domain.verification import Stage
from storage.sql.schema import Day, Instant, JsonText, Roles, Shaped, Word, metadata

_IDS = Shaped(tuple[str, ...])  # in order

settings = Table("settings", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("event_id", String, nullable=False, unique=True),
    Column("kind", Word(ArrivalKind), nullable=False),
    Column("sender", String, nullable=False),
    Column("arrival", JsonText),  # wiped once handled
    Column("state", String, nullable=False),  # see inbox_rows
    Column("trouble", String, nullable=False, default=""),
    Column("received_at", Instant, nullable=False),
    Column("once", String),  # what a page names its message, sent again or not; of those that were taken
)
Index("ix_inbox_once", inbox.c.sender, inbox.c.once, unique=True, sqlite_where=text("once IS NOT NULL"))
Index("ix_inbox_open", inbox.c.state, inbox.c.sender, inbox.c.id)
SET_ASIDE = "state IN ('quarantined', 'waiting-for-key', 'unreadable') OR kind = 'malformed'"
Index("ix_inbox_aside", inbox.c.received_at, sqlite_where=text(SET_ASIDE))

intents = Table(
    "intents",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("lane", String, nullable=False),
    Column("crowd", String, nullable=False),
    Column("queue", Integer, nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("planned_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("progress", Word(Progress), nullable=False),
    Column("trouble", String, nullable=False),
)
Index("ix_intents_due", intents.c.progress, intents.c.due_at)
Index("ix_intents_queue", intents.c.progress, intents.c.queue, intents.c.due_at, intents.c.seq)
Index("ix_intents_lane", intents.c.progress, intents.c.lane, intents.c.seq)
FAILING = "attempts > 2"
Index("ix_intents_failing", intents.c.progress, intents.c.trouble, sqlite_where=text(FAILING))

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
    Column("revoked", _IDS, nullable=False),
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

invitations = Table(
    "invitations",
    metadata,
    Column("id", String, primary_key=True),
    Column("selector", String, nullable=False, unique=True),
    Column("salt", String, nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("name", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("invited_by", String, nullable=False),
    Column("patient_id", String, nullable=False),
    Column("relation", Word(Relation)),
    Column("until", Day),
    Column("account", String, nullable=False),
    Column("state", Word(InvitationState), nullable=False),
    Column("wrong_tries", Integer, nullable=False),
    Column("matched_by", String, nullable=False, index=True),
    Column("matched_identity", String, nullable=False),
    Column("matched_room", String, nullable=False),
    Column("since", Day),
    Column("tell", Word(Tell), nullable=False, server_default="not-chosen"),
    Column("asked_of", _IDS, nullable=False, server_default="[]"),
    Column("not_now_because", String, nullable=False, server_default=text("''")),
    Column("and_clinician", Boolean, nullable=False, server_default="0"),
    Column("wrong_birthdays", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False),
)

registration_tokens = Table(
    "registration_tokens",
    metadata,
    Column("token", String, primary_key=True),
    Column("expires_at", Instant, nullable=False),
    Column("invitation_id", String, nullable=False, index=True),  # "" while free
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", Word(RoomKind), nullable=False),
    Column("address", String, nullable=False, unique=True),
    Column("person_id", String, nullable=False),
    Column("deserted", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

images = Table(
    "images",
    metadata,
    Column("id", String, primary_key=True),
    Column("ref", String, nullable=False, unique=True),
    Column("sender_id", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("event_id", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", Word(State), nullable=False, index=True),
    Column("patient_id", String, nullable=False),
    Column("purpose", Word(Purpose)),
    Column("reason", String, nullable=False),
    Column("reason_by", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String, nullable=False, index=True),
    Column("sealed", Shaped(SealedObject)),
    Column("attachment", JsonText, nullable=False),
    Column("proof", JsonText, nullable=False),
    Column("held_for", Word(HeldFor)),
    Column("deleted_by_sender", Boolean, nullable=False),
    Column("discarded_because", String, nullable=False),
    Column("duplicate_of", String, nullable=False, server_default=text("''")),
    Column("acknowledged", Boolean, nullable=False),
    Column("taken_by", String, nullable=False),
    Column("source", Word(Source), nullable=False),
    Column("kind", Word(Kind), nullable=False),
    Column("covers_advice", Boolean, nullable=False),
    Column("statement", Shaped(Statement)),
    Column("attested_at", Instant),
    Column("form_of", String, nullable=False, index=True),
    Column("stopped", Boolean, nullable=False),
    Column("seen_at", Instant),
    Column("filed_at", Instant),
    Column("verified_at", Instant),
    Column("moving_to", String, nullable=False),
    Column("sent_for", String, nullable=False, server_default=text("''")),
    Column("place", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False),
    UniqueConstraint("event_id", "place"),
)
Index("ix_images_sender", images.c.sender_id, images.c.state)
Index("ix_images_sent", images.c.sender_id, images.c.received_at, images.c.id)
Index("ix_images_patient", images.c.patient_id, images.c.received_at, images.c.id)
Index("ix_images_taken", images.c.taken_by, images.c.state, images.c.received_at, images.c.id)
WAITS = "(state NOT IN ('verified', 'discarded', 'left-with-sender', 'destroyed') OR (state = 'verified' AND taken_by = ''))"
Index("ix_images_waiting", images.c.received_at, images.c.id, sqlite_where=text(WAITS))

copies = Table(
    "copies",
    metadata,
    Column("id", String, primary_key=True),
    Column("what", Word(What), nullable=False),
    Column("room_id", String, nullable=False),
    Column("event_id", String, nullable=False, index=True),
    Column("mxc", String, nullable=False, index=True),
    Column("owner", String, nullable=False),
    Column("image_id", String, nullable=False, index=True),
    Column("document_id", String, nullable=False, index=True),
    Column("post_key", String, nullable=False, index=True),
    Column("state", Word(CopyState), nullable=False, index=True),
    Column("purge_after", Instant),
    Column("hidden_until", Instant),
    Column("settled_at", Instant),
    Column("because", String, nullable=False),
    Column("receipted", Boolean, nullable=False),
    Column("sha256", String, nullable=False, index=True, server_default=text("''")),
    Column("version", Integer, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", Word(EntryKind), nullable=False),
    Column("image_id", String, nullable=False, index=True),
    Column("patient_id", String, nullable=False),
    Column("author_id", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", String, nullable=False),
    Column("facts", JsonText, nullable=False),
    Column("sha256", String, nullable=False),
    Column("state", Word(DocumentState), nullable=False, index=True),
    Column("reader_id", String, nullable=False, server_default=text("''")),
    Column("version", Integer, nullable=False),
)
Index("ix_documents_patient", documents.c.patient_id, documents.c.at)

bursts = Table(
    "bursts",
    metadata,
    Column("id", String, primary_key=True),
    Column("sender_id", String, nullable=False, unique=True),
    Column("image_ids", _IDS, nullable=False),
    Column("to_answer", _IDS, nullable=False),
    Column("version", Integer, nullable=False),
)

screenings = Table(
    "screenings",
    metadata,
    Column("id", String, primary_key=True),
    Column("findings", JsonText),
    Column("answered", String, nullable=False),  # wiped once there is nothing more to add
    Column("version", Integer, nullable=False),
)

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
    Column("image_ids", _IDS, nullable=False),
    Column("asked_by", String, nullable=False, index=True),
    Column("asked_at", Instant, nullable=False),
    Column("purpose", Word(Purpose), nullable=False),
    Column("recipients", _IDS, nullable=False),
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
    Column("recipient_ids", _IDS, nullable=False, server_default="[]"),
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


@event.listens_for(metadata, "after_create")
def _follow(_: MetaData, connection: Connection, **__: object) -> None:
    for trigger in (*_FOLLOW_PATIENTS, *_FOLLOW_USES):
        connection.exec_driver_sql(trigger)


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

choices = Table(
    "choices",
    metadata,
    Column("id", String, primary_key=True),
    Column("poll_id", String, nullable=False, index=True),
    Column("number", String, nullable=False),
    Column("person_id", String, nullable=False, index=True),
    Column("about", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("value", String, nullable=False),
    Column("label", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("needs_number", Boolean, nullable=False),
    Column("used_at", Instant),
    Column("digest", String, nullable=False, server_default=text("''")),
    Column("copy_id", String, nullable=False, server_default=text("''")),
    Column("version", Integer, nullable=False),
)

tries = Table(
    "tries",
    metadata,
    Column("id", String, primary_key=True),
    Column("account", String, nullable=False, index=True),
    Column("guess", Word(Guess), nullable=False),
    Column("at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
)

verifications = Table(
    "verifications",
    metadata,
    Column("id", String, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("account", String, nullable=False),
    Column("room_id", String, nullable=False),
    Column("transaction", String, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("stage", Word(Stage), nullable=False, index=True),
    Column("device_id", String, nullable=False),
    Column("identity", String, nullable=False),
    Column("emoji", _IDS, nullable=False),
    Column("compared_by", String, nullable=False),
    Column("because", String, nullable=False),
    Column("version", Integer, nullable=False),
)

breaches = Table(
    "breaches",
    metadata,
    Column("id", String, primary_key=True),
    Column("ref", String, nullable=False, unique=True),
    Column("image_id", String, nullable=False, index=True),
    Column("use_id", String, nullable=False, index=True),
    Column("what", String, nullable=False),
    Column("steps", JsonText, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("assess_by", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("outcome", String, nullable=False),
    Column("version", Integer, nullable=False),
)

legal_holds = Table(
    "legal_holds",
    metadata,
    Column("id", String, primary_key=True),
    Column("patient_id", String, nullable=False, index=True),
    Column("image_id", String, nullable=False),
    Column("why", String, nullable=False),
    Column("placed_by", String, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("released_by", String, nullable=False),
    Column("released_at", Instant),
    Column("version", Integer, nullable=False),
)

destructions = Table(
    "destructions",
    metadata,
    Column("id", String, primary_key=True),
    Column("ref", String, nullable=False, unique=True),
    Column("subject_id", String, nullable=False, unique=True),
    Column("what", String, nullable=False),
    Column("mrn", String, nullable=False),
    Column("received_on", Day, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("basis", String, nullable=False),
    Column("done_at", Instant),
    Column("elsewhere", String, nullable=False, server_default=text("''")),
    Column("version", Integer, nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", String, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("about", Word(About), nullable=False),
    Column("image_ids", _IDS, nullable=False),
    Column("choices", _IDS, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("state", Word(QuestionState), nullable=False),
    Column("version", Integer, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("commitment", LargeBinary, nullable=False),  # SHA-256 over salt and details
    Column("hash", LargeBinary, nullable=False),  # SHA-256 over the previous hash and all of this row
)

audit_details = Table(
    "audit_details",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("details", JsonText, nullable=False),
)
