"""Rooms, and what is open in them: questions, choices, and photos that came together."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table, text

from bot.domain.conversation import About, QuestionState
from bot.domain.rooms import RoomKind
from storage.sql.schema import IDS, Instant, Word, metadata

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

bursts = Table(
    "bursts",
    metadata,
    Column("id", String, primary_key=True),
    Column("sender_id", String, nullable=False, unique=True),
    Column("image_ids", IDS, nullable=False),
    Column("to_answer", IDS, nullable=False),
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

questions = Table(
    "questions",
    metadata,
    Column("id", String, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("about", Word(About), nullable=False),
    Column("image_ids", IDS, nullable=False),
    Column("choices", IDS, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("state", Word(QuestionState), nullable=False),
    Column("version", Integer, nullable=False),
)
