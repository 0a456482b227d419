"""The audit chain (R27): every decision leaves a row, chained by hash, in the commit that made it.

Personal details enter the chain as a salted SHA-256 commitment; salt and details lie in a table of their own. Erasing them,
where the law asks for it, never breaks the chain: the commitment stays and can no longer be opened.
The first row's predecessor is 32 zero bytes. Truncation at the end is for signed checkpoints to show, not for this chain.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from bot.ports import AuditEntry

from . import tables
from .database import Connection
from .schema import EPOCH, MICROSECOND, canonical

BEGINNING = bytes(32)


def commitment(salt: bytes, details: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(b"consentry audit details\n" + salt + canonical(details).encode()).digest()


def chained(previous: bytes, seq: int, at: datetime, entry: AuditEntry, committed: bytes) -> bytes:
    """The hash of a row: over its predecessor's hash and everything the row says."""
    row = [seq, (at - EPOCH) // MICROSECOND, entry.actor, entry.action, entry.subject, committed.hex()]
    return hashlib.sha256(b"consentry audit row\n" + previous + canonical(row).encode()).digest()


async def append(connection: Connection, entries: Sequence[tuple[AuditEntry, datetime]]) -> None:
    """Add rows, in order; the caller's transaction makes them durable together with what they tell of."""
    last = (
        await connection.execute(
            select(tables.audit.c.seq, tables.audit.c.hash).order_by(tables.audit.c.seq.desc()).limit(1)
        )
    ).first()
    seq, previous = (last.seq, last.hash) if last else (0, BEGINNING)
    rows, opened = [], []
    for entry, at in entries:
        seq += 1
        salt, details = secrets.token_bytes(32), dict(entry.details)
        committed = commitment(salt, details)
        previous = chained(previous, seq, at, entry, committed)
        rows.append(
            {
                "seq": seq,
                "at": at,
                "actor": entry.actor,
                "action": entry.action,
                "subject": entry.subject,
                "commitment": committed,
                "hash": previous,
            }
        )
        opened.append({"seq": seq, "salt": salt, "details": details})
    await connection.execute(insert(tables.audit), rows)
    await connection.execute(insert(tables.audit_details), opened)


@dataclass(frozen=True, slots=True)
class Broken:
    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    rows: int
    erased: int  # rows whose details were lawfully erased
    head: str  # hex hash of the last row: compare it with one noted elsewhere
    broken: Broken | None


async def verify(connection: Connection) -> Verified:
    """Walk the whole chain; the first row that does not fit ends the walk."""
    details = {
        row.seq: row
        for row in await connection.execute(select(tables.audit_details).order_by(tables.audit_details.c.seq))
    }
    total = (await connection.execute(select(func.count()).select_from(tables.audit))).scalar_one()
    previous, rows, erased = BEGINNING, 0, 0
    for row in await connection.execute(select(tables.audit).order_by(tables.audit.c.seq)):
        entry = AuditEntry(row.actor, row.action, row.subject, {})
        if row.seq != rows + 1:
            return Verified(total, erased, previous.hex(), Broken(row.seq, "a row before this one is missing"))
        if row.hash != chained(previous, row.seq, row.at, entry, row.commitment):
            return Verified(total, erased, previous.hex(), Broken(row.seq, "this row was changed, moved or inserted"))
        opened = details.pop(row.seq, None)
        if opened is None:
            erased += 1
        elif commitment(opened.salt, opened.details) != row.commitment:
            return Verified(total, erased, previous.hex(), Broken(row.seq, "the details of this row were changed"))
        previous, rows = row.hash, rows + 1
    return Verified(rows, erased, previous.hex(), None)
