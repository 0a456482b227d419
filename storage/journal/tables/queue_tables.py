"""What came and what is planned: the inbox, the intents, and where the sync stands."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, text

from bot.domain.arrivals import ArrivalKind
from bot.domain.planned import Progress
from storage.sql.schema import Instant, JsonText, Word, metadata

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
