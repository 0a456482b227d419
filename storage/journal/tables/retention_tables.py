"""How long things are kept: legal holds and destructions; and what went wrong: breaches."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, text

from storage.sql.schema import IDS, Day, Instant, JsonText, metadata

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
    Column("reader_ids", IDS, nullable=False, server_default="[]"),
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
