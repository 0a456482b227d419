"""The audit chain, and the details that each entry commits to (R27)."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from storage.sql.schema import Instant, JsonText, metadata

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
