"""The audit chain (R27): every decision leaves a row, chained by hash, in the commit that made it.

Personal details enter the chain as a salted SHA-256 commitment; salt and details lie in a table of their own. Erasing them,
where the law asks for it, never breaks the chain: the commitment stays and can no longer be opened.
The first row's predecessor is 32 zero bytes. Truncation at the end shows against signed checkpoints (checkpoints.py), not in
the chain alone.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import false, func, insert, or_, select

from bot.ports import AuditEntry
from storage.sql.database import Connection
from storage.sql.schema import EPOCH, MICROSECOND, canonical

from . import tables

BEGINNING = bytes(32)
ERASED = "details.erased"  # its own details name the rows whose details the law had erased

_NEWEST = select(tables.audit.c.seq, tables.audit.c.hash).order_by(tables.audit.c.seq.desc()).limit(1)
_LAST = select(tables.audit.c.at, tables.audit.c.action).order_by(tables.audit.c.seq.desc()).limit(100)
_ROWS, _DETAILS = insert(tables.audit), insert(tables.audit_details)


def commitment(salt: bytes, details: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(b"consentry audit details\n" + salt + canonical(details).encode()).digest()


def chained(previous: bytes, seq: int, at: datetime, entry: AuditEntry, committed: bytes) -> bytes:
    """Return the hash of a row: over its predecessor's hash and everything the row says."""
    row = [seq, (at - EPOCH) // MICROSECOND, entry.actor, entry.action, entry.subject, committed.hex()]
    return hashlib.sha256(b"consentry audit row\n" + previous + canonical(row).encode()).digest()


async def head(connection: Connection) -> tuple[int, bytes]:
    """Return the number and the hash of the last row."""
    last = (await connection.execute(_NEWEST)).first()
    return (last.seq, last.hash) if last else (0, BEGINNING)


async def latest_written(connection: Connection, since: str) -> datetime | None:
    """Return the latest time in the last hundred rows, from the last one of the action `since` on; `None` without any row."""
    last = (await connection.execute(_LAST)).all()
    begins = next((place for place, row in enumerate(last) if row.action == since), len(last))
    return max((row.at for row in last[: begins + 1]), default=None)


async def append(connection: Connection, entries: Sequence[tuple[AuditEntry, datetime]]) -> None:
    """Add rows, in order; the caller's transaction makes them durable together with what they tell of."""
    seq, previous = await head(connection)
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
    await connection.execute(_ROWS, rows)
    await connection.execute(_DETAILS, opened)


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, with the details that are still there."""

    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]


async def about(connection: Connection, subjects: Collection[str], actor: str = "") -> list[Told]:
    """Return the entries about any of these, or made by `actor`, oldest first."""
    theirs = tables.audit.c.actor == actor if actor else false()
    rows = (
        select(tables.audit, tables.audit_details.c.details)
        .outerjoin(tables.audit_details, tables.audit_details.c.seq == tables.audit.c.seq)
        .where(or_(tables.audit.c.subject.in_(list(subjects)), theirs))
        .order_by(tables.audit.c.seq)
    )
    found = await connection.execute(rows)
    return [Told(row.at, row.actor, row.action, row.subject, row.details or {}) for row in found]


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


async def verify(connection: Connection, noted: Mapping[int, str] | None = None) -> Verified:
    """Walk the whole chain; the first row that does not fit ends the walk. `noted`: hashes signed elsewhere, by row."""
    noted = noted or {}
    details = {
        row.seq: row
        for row in await connection.execute(select(tables.audit_details).order_by(tables.audit_details.c.seq))
    }
    total = (await connection.execute(select(func.count()).select_from(tables.audit))).scalar_one()
    previous, rows, erased = BEGINNING, 0, 0
    unopened: set[int] = set()
    lawful: set[int] = set()
    for row in await connection.execute(select(tables.audit).order_by(tables.audit.c.seq)):
        entry = AuditEntry(row.actor, row.action, row.subject, {})
        if row.seq != rows + 1:
            return Verified(total, erased, previous.hex(), Broken(row.seq, "a row before this one is missing"))
        if row.hash != chained(previous, row.seq, row.at, entry, row.commitment):
            return Verified(total, erased, previous.hex(), Broken(row.seq, "this row was changed, moved or inserted"))
        opened = details.pop(row.seq, None)
        if opened is None:
            erased += 1
            unopened.add(row.seq)
        elif commitment(opened.salt, opened.details) != row.commitment:
            return Verified(total, erased, previous.hex(), Broken(row.seq, "the details of this row were changed"))
        if noted.get(row.seq, row.hash.hex()) != row.hash.hex():
            what = "a signed checkpoint knows another row here: this part of the log was rewritten"
            return Verified(total, erased, previous.hex(), Broken(row.seq, what))
        if opened is not None and row.action == ERASED:
            lawful.update(opened.details["entries"])
        previous, rows = row.hash, rows + 1
    last = max(noted, default=0)
    if last > rows:
        what = (
            f"the log ends before it, while a signed checkpoint knows {last} entries; "
            "its end was cut off, or an older copy of the data was put back"
        )
        return Verified(rows, erased, previous.hex(), Broken(rows + 1, what))
    if details:
        return Verified(rows, erased, previous.hex(), Broken(min(details), "details were added to no row"))
    if unopened - lawful:
        what = "the details of this row were removed, and no row says that the law asked for it"
        return Verified(rows, erased, previous.hex(), Broken(min(unopened - lawful), what))
    return Verified(rows, erased, previous.hex(), None)
