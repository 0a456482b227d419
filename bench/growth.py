"""Growth: what an image, a lookup and a page of each list cost when the record holds 100, 10,000 and 100,000 images already.

In one process, on the real journal, vault, record and rules, with a homeserver in memory: only what grows with the record shows.
A lookup waits for nothing, so it is measured in processor time. The record is filled with what one photo leaves behind, written
again and again under other ids, five photos to a patient.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, select, text

from bench.tables import Row
from bot.core.lists import LISTS
from bot.core.lists.pages import MOST, View
from bot.domain import rooms
from bot.domain.identifiers import PatientId, PersonId
from bot.domain.intents import Listing, ReadOut
from bot.domain.planned import Hands
from handlers.photos.own_image import own_images
from storage.journal import tables
from storage.journal.looked_up import last_entries, unnoted
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
AUDITED = 8  # entries for each image: nobody looks for one among the rest
AGES = timedelta(days=40 * 365)
LINES = {Listing.WAITING: MOST, Listing.DUE: MOST, Listing.OWN_IMAGES: OF_A_PATIENT, Listing.STATUS: 0}
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
                people.practice.clock.move(timedelta(seconds=1))  # what was filled in is older than what follows
                found = await _costs(people)
        for what, milliseconds in found.items():
            ratio = milliseconds / smallest.setdefault(what, milliseconds)
            goal = "≤ 1.5" if count == counts[-1] else ""
            rows.append(Row(f"{count:,} images in the record: {what}", f"{milliseconds:.2f} ms", f"{ratio:.2f}", goal))
    return rows


async def _fill(practice: Practice, count: int) -> None:
    """Write `count` images with all that belongs to each; the database makes the rows itself, and what it looks up at the end."""
    async with practice.database.transaction() as connection:
        image = (await connection.execute(select(tables.images))).mappings().all()[-1]
        triggers = (await connection.execute(text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))).all()
        for trigger in triggers:
            await connection.execute(text(f"DROP TRIGGER {trigger.name}"))
        for table, names in LEFT:
            rows = (await connection.execute(select(table, text("rowid AS place")))).mappings().all()
            mine = [dict(row) for row in rows if _belongs(table, dict(row), image)]
            for place, row in enumerate(mine):
                again = _again(table, names, place, len(mine))
                await connection.execute(text(again), {"count": count, "place": row["place"]})
        for trigger in triggers:
            await connection.execute(text(trigger.sql))
        for table, view in ((last_entries, "record_ends"), (unnoted, "notes_wanted")):
            await connection.execute(delete(table))
            await connection.execute(text(f"INSERT INTO {table.name} SELECT * FROM {view}"))


def _belongs(table: Table, row: dict[str, Any], image: Any) -> bool:
    if table.name in {"audit", "audit_details"}:
        return int(row["seq"]) <= AUDITED
    if table.name in PER_PERSON:
        return image["sender_id"] in row.values() or image["patient_id"] in row.values()
    if table.name == "intents":
        return row["payload"] is None or image["id"] in str(row["payload"])
    return image["id"] in row.values() or image["event_id"] in row.values()


def _again(table: Table, names: tuple[str, ...], place: int, of: int) -> str:
    """Return the statement that writes a row of this table again, under other ids: one for each image, or for each person."""
    owner = f"((n + {OF_A_PATIENT - 1}) / {OF_A_PATIENT} * {OF_A_PATIENT})"
    written = {column.name: f'"{column.name}"' for column in table.c if (table.name, column.name) != ("inbox", "id")}
    for name in names:
        number = owner if name in OWNER or (name == "id" and table.name in {"people", "patients"}) else "n"
        written[name] = f"CASE WHEN \"{name}\" = '' THEN '' ELSE \"{name}\" || '.' || {number} END"
    if "seq" in written:
        written["seq"] = f"1000000 + n * {of} + {place}"
    each = f"n % {OF_A_PATIENT} = 0" if table.name in PER_PERSON else "true"
    columns = ", ".join(f'"{name}"' for name in written)
    return (
        f"INSERT INTO {table.name} ({columns})"
        " WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)"
        f" SELECT {', '.join(written.values())} FROM numbers, {table.name} WHERE {table.name}.rowid = :place AND {each}"
    )


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

    def page(listing: Listing, of: PersonId, later: timedelta = timedelta()) -> Callable[[], Awaitable[None]]:
        """Return what reads one page of a list, of everything there is: nobody took an image, and `later` all of them are due."""

        async def read() -> None:
            asked = ReadOut(listing, of, rooms.own(of))
            async with practice.journal.reading() as rows:
                view = View(rows, practice.clock.now() + later, practice.policy)
                found = await LISTS[listing].read(view, await rows.people.get(of), asked)
            assert found.lines == LINES[listing], (listing, found.lines)

        return read

    async with practice.journal.reading() as rows:
        kim, lee = [(await rows.people.with_account(person.account))[0].id for person in (people.kim, people.lee)]
    lookups: dict[str, Callable[[], Awaitable[None]]] = {
        "a page of !list": page(Listing.WAITING, lee),
        "a page of !due": page(Listing.DUE, kim, AGES),
        "a page of my images": page(Listing.OWN_IMAGES, PersonId(person_id)),
        "!status": page(Listing.STATUS, kim),
        "an image by its reference": by_reference,
        "somebody's own images": own,
        "what is new in the inbox": arrivals,
        "what is due": due,
        "a patient's record": record_of_a_patient,
    }
    for what, look in lookups.items():
        found[what] = min([await _milliseconds(look, time.process_time) for _ in range(20)])
    return found


async def _milliseconds(act: Callable[[], Awaitable[None]], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    await act()
    return (clock() - began) * 1000
