"""Growth: what an image and a lookup cost when the record holds 100, 1,000 and 10,000 images already.

In one process, on the real journal, vault, record and rules, with a homeserver in memory: only what grows with the record shows.
The record is filled with what one photo leaves behind, written again and again under other ids, five photos to a patient.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select

from bench.tables import Row
from bot.domain.identifiers import PatientId, PersonId
from bot.domain.planned import Hands
from handlers.photos.own_image import own_images
from storage.journal import tables
from storage.records import record_tables as record
from tests.practice import JPEG, Practice, Staffed, staffed_practice

PHOTOS = 30
OF_A_PATIENT = 5
# What one photo leaves behind, and the columns that must differ.
LEFT: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (record.patients, ("patient_id", "mrn")),
    (tables.people, ("id", "account")),
    (tables.patients, ("id", "mrn")),
    (tables.authorities, ("id", "person_id", "patient_id")),
    (tables.rooms, ("id", "address", "person_id")),
    (tables.inbox, ("event_id", "sender")),
    (tables.images, ("id", "ref", "sender_id", "patient_id", "room_id", "event_id", "sha256")),
    (tables.copies, ("id", "room_id", "event_id", "mxc", "image_id", "post_key")),
    (tables.consents, ("id", "image_id", "person_id")),
    (tables.documents, ("id", "image_id", "patient_id")),
    (tables.intents, ("id", "lane")),
    (tables.audit, ()),
    (tables.audit_details, ()),
    (record.entries, ("entry_id", "patient_id", "object_id", "sha256")),
)
PER_PERSON = {"people", "patients", "authorities", "rooms", "record_patient"}
OWNER = {"sender_id", "patient_id", "person_id", "sender", "room_id", "account", "mrn", "address"}


async def growth(counts: tuple[int, ...]) -> list[Row]:
    rows: list[Row] = []
    smallest: dict[str, float] = {}
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="consentry-bench-") as directory:
            async with staffed_practice(Path(directory) / "practice") as people:
                await people.sam.sends_photo(JPEG, "rash on my arm")
                await _fill(people.practice, count)
                found = await _costs(people)
        for what, milliseconds in found.items():
            ratio = milliseconds / smallest.setdefault(what, milliseconds)
            goal = "≤ 1.5" if count == counts[-1] else ""
            rows.append(Row(f"{count:,} images in the record: {what}", f"{milliseconds:.2f} ms", f"{ratio:.2f}", goal))
    return rows


async def _fill(practice: Practice, count: int) -> None:
    async with practice.database.transaction() as connection:
        templates = {table: (await connection.execute(select(table))).mappings().all() for table, _ in LEFT}
        image = templates[tables.images][-1]
        for table, names in LEFT:
            mine = [dict(row) for row in templates[table] if _belongs(table, dict(row), image)]
            several = [
                _another(table, row, names, number, len(mine) * number + place)
                for number in range(1, count + 1)
                if table.name not in PER_PERSON or number % OF_A_PATIENT == 0
                for place, row in enumerate(mine)
            ]
            for start in range(0, len(several), 1000):
                await connection.execute(insert(table), several[start : start + 1000])


def _belongs(table: Table, row: dict[str, Any], image: Any) -> bool:
    if table.name in {"audit", "audit_details"}:
        return int(row["seq"]) <= 24
    if table.name in PER_PERSON:
        return image["sender_id"] in row.values() or image["patient_id"] in row.values()
    if table.name == "intents":
        return row["payload"] is None or image["id"] in str(row["payload"])
    return image["id"] in row.values() or image["event_id"] in row.values()


def _another(table: Table, row: dict[str, Any], names: tuple[str, ...], number: int, place: int) -> dict[str, Any]:
    owner = -(-number // OF_A_PATIENT) * OF_A_PATIENT
    for name in names:
        if row[name]:
            row = row | {name: f"{row[name]}.{owner if name in OWNER else number}"}
    if table.name in {"people", "patients"}:
        row = row | {"id": f"{row['id'].rpartition('.')[0]}.{owner}"}
    if "seq" in row:
        row = row | {"seq": 1_000_000 + place}
    row.pop("id", None) if table.name == "inbox" else None
    return row


async def _costs(people: Staffed) -> dict[str, float]:
    practice = people.practice

    async def photos() -> None:
        for number in range(PHOTOS):
            await people.sam.sends_photo(JPEG + number.to_bytes(2, "big"), "rash on my arm")

    await people.sam.sends_photo(JPEG + b"first", "rash on my arm")
    found = {"a photo, from arrival to receipt": await _milliseconds(photos) / PHOTOS}
    image = (await practice.images())[0]
    person_id = f"{image.sender_id}.{OF_A_PATIENT}"

    async def by_reference() -> None:
        async with practice.journal.reading() as rows:
            assert await rows.images.first(ref=image.ref)

    async def own() -> None:
        async with practice.journal.reading() as rows:
            tx = practice.dispatch.transaction(rows)
            assert len(await own_images(await rows.people.get(PersonId(person_id)), tx)) == OF_A_PATIENT

    async def arrivals() -> None:
        await practice.journal.next_arrivals(50)

    async def due() -> None:
        await practice.journal.due(practice.clock.now(), dict.fromkeys(Hands, 4), frozenset())

    async def record_of_a_patient() -> None:
        assert await practice.record.entries(PatientId(f"{image.patient_id}.{OF_A_PATIENT}"))

    lookups: dict[str, Callable[[], Awaitable[None]]] = {
        "an image by its reference": by_reference,
        "somebody's own images": own,
        "what is new in the inbox": arrivals,
        "what is due": due,
        "a patient's record": record_of_a_patient,
    }
    for what, look in lookups.items():
        found[what] = min([await _milliseconds(look) for _ in range(20)])
    return found


async def _milliseconds(act: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await act()
    return (time.perf_counter() - began) * 1000
