"""Everything that a practice's database holds, readable: each row of each table, and each entry of the record with its digest."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from storage.records.embedded import EmbeddedRecord
from storage.sql.database import Database

NO_ROWS_OF_OURS = "name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
A_MOMENT = 10**14  # a number greater than that counts microseconds since 1970

Row = dict[str, Any]


async def rows_of(database: Database) -> dict[str, list[Row]]:
    """Every row of every table, as it stands in the file: read without the classes that later versions change."""
    async with database.reading() as connection:
        named = text(f"SELECT name FROM sqlite_master WHERE type = 'table' AND {NO_ROWS_OF_OURS} ORDER BY name")
        tables = list((await connection.execute(named)).scalars())
        found = {}
        for table in tables:
            rows = await connection.execute(text(f"SELECT * FROM {table} ORDER BY rowid"))
            found[table] = [{name: _readable(value) for name, value in row._mapping.items()} for row in rows]
        return found


async def entries_of(record: EmbeddedRecord) -> list[dict[str, str]]:
    """Every entry of the record, read back from its own bytes."""
    return [
        {
            "entry_id": entry.entry_id,
            "patient": patient.mrn,
            "kind": entry.kind.value,
            "sha256": await record.read_back(entry.entry_id),
        }
        for patient in await record.patients()
        for entry in await record.entries(patient.patient_id)
    ]


def _readable(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, int) and value > A_MOMENT:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)).isoformat()
    if isinstance(value, str) and value[:1] in {"{", "["} and value[-1:] in {"}", "]"}:
        return json.loads(value)
    return value
