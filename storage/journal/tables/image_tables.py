"""Images, their copies, what was written about them, and what a look at them found."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, UniqueConstraint, text

from bot.domain.copies import CopyState, What
from bot.domain.document import DocumentState
from bot.domain.entries import EntryKind
from bot.domain.image import HeldFor, State
from bot.domain.purposes import Purpose
from bot.domain.sealed import SealedObject
from bot.domain.statement import Statement
from bot.domain.use_rules import Kind, Source
from storage.sql.schema import Instant, JsonText, Shaped, Word, metadata

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

screenings = Table(
    "screenings",
    metadata,
    Column("id", String, primary_key=True),
    Column("findings", JsonText),
    Column("answered", String, nullable=False),  # wiped once there is nothing more to add
    Column("version", Integer, nullable=False),
)
