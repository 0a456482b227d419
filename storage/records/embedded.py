"""The embedded record: for a practice without a record system of its own, the filed images live here.

Filing is one write. The entry takes over the vault's sealed object: the same blob, the same wrapped key bound to the patient,
no second copy of the bytes. Texts are content in the row. What is read back comes from the blob on disk or from the stored
row, never from what the caller still holds (R16).

An entry is filed once under its id: filing the same content for the same patient again is a success and changes nothing;
anything else is a conflict, decided by people. Moving to the right patient changes whose the entries are and the wrap of their
keys, nothing else. One medical record number belongs to one patient (R15).

Destroying removes rows that the destruction register names, and their blobs; the log of the database is emptied, so that no
older state of a page keeps a key (R23).

Deliberately not here: who may read, and who decides that something is destroyed.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from bot.domain.assurance import Level
from bot.domain.consignment import Consignment, copy_id
from bot.domain.delivery import AT_ONCE
from bot.domain.delivery_reasons import MOVING
from bot.domain.destination import Destination
from bot.domain.entries import CONCEALED, NOBODY_UNNAMED, Entry, HeldEntry, PatientIdentity, Unnamed
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import PatientId
from bot.domain.references import references_in
from bot.domain.sealed import SealedObject
from bot.domain.spelling import folded_number
from bot.ports import Held, Rendition, Vault
from storage.sql.database import Connection, Database
from storage.vault.master_keys import GONE

from .export import for_the_patient, zipped
from .filed import FiledEntry
from .record_tables import deliveries, entries, patients

FILLED_AT_ONCE = 1000  # entries in one transaction


class EmbeddedRecord:
    """The port `PatientRecord`, with methods to read for the command line."""

    def __init__(self, database: Database, vault: Vault, destinations: Sequence[Destination] = ()) -> None:
        self._database = database
        self._vault = vault
        self._destinations = destinations

    async def file(self, entry: Entry) -> None:
        content, patient = _content_columns(entry), entry.patient
        try:
            async with self._database.transaction() as connection:
                if await _is_filed(connection, entry.entry_id, patient.patient_id, content["sha256"]):
                    return
                await _know(connection, patient)
                await connection.execute(
                    entries.insert().values(
                        entry_id=entry.entry_id,
                        patient_id=patient.patient_id,
                        kind=entry.kind,
                        about=entry.about,
                        at=entry.at,
                        by=entry.by,
                        facts=entry.facts,
                        media_type=entry.media_type,
                        **content,
                    )
                )
                for to in self._destinations:
                    if to.takes(entry.kind, entry.facts):
                        await connection.execute(
                            deliveries.insert().values(_waiting(to, entry.entry_id, patient.patient_id, entry.at))
                        )
        except IntegrityError as broken:  # the record number is another patient's, or the blob is another entry's
            if GONE in str(broken.orig):  # the vault's key was rotated between wrapping and now
                raise OutsideFailure("wrapped-with-an-old-key") from None
            raise Permanent("conflict", f"entry {entry.entry_id}") from None

    async def move(self, entry_ids: Sequence[str], to: PatientIdentity) -> None:
        """Change in one transaction whose each entry is, and the wrap of its key, which then opens for the new patient alone."""
        try:
            async with self._database.transaction() as connection:
                filed = select(entries).where(entries.c.entry_id.in_(list(entry_ids)))
                rows = (await connection.execute(filed)).all()
                if len(rows) != len(set(entry_ids)):
                    raise Permanent("missing", "an entry to be moved")
                await _know(connection, to)
                for entry in [_filed(row) for row in rows if row.patient_id != to.patient_id]:
                    values: dict[str, Any] = {"patient_id": to.patient_id}
                    if entry.sealed is not None:
                        wrapped = await self._vault.rewrap(entry.sealed, to.patient_id)
                        values |= {"wrapped_key": wrapped.wrapped_key, "key_version": wrapped.key_version}
                    await connection.execute(update(entries).where(entries.c.entry_id == entry.entry_id).values(values))
                    await connection.execute(_WAITS_ANEW.where(deliveries.c.entry_id == entry.entry_id))
        except IntegrityError:  # the record number is another patient's
            raise Permanent("conflict", "moving entries") from None

    async def destroy(self, entry_ids: Sequence[str]) -> None:
        gone = entries.c.entry_id.in_(list(entry_ids))
        try:
            async with self._database.transaction() as connection:
                blobs = (await connection.execute(select(entries.c.object_id).where(gone))).scalars().all()
                await connection.execute(delete(entries).where(gone))
        except IntegrityError:
            raise Permanent("not-in-register", "an entry that no line of the destruction register names") from None
        for object_id in blobs:
            if object_id is not None:
                await self._vault.destroy(object_id)
        await self._database.empty_log()

    async def read_back(self, entry_id: str) -> str:
        entry = await self._entry(entry_id)
        if entry.sealed is not None:
            return await self._vault.digest(entry.sealed)
        return hashlib.sha256((entry.text or "").encode()).hexdigest()

    async def content(self, entry_id: str) -> bytes:
        entry = await self._entry(entry_id)
        if entry.sealed is not None:
            return await self._vault.open(entry.sealed)
        return (entry.text or "").encode()

    async def held(self, entry_id: str) -> Held | None:
        async with self._database.reading() as connection:
            query = select(entries.c.patient_id, entries.c.size, entries.c.about).where(entries.c.entry_id == entry_id)
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        return Held((await self._patients(patients.c.patient_id == row.patient_id))[0], row.size, row.about)

    async def consignment(self, entry_id: str, destination: str) -> Consignment:
        entry, patient = await self.filed(entry_id)
        return Consignment(
            copy_id=copy_id(entry_id, patient.patient_id, destination),
            entry_id=entry_id,
            kind=entry.kind,
            patient=patient,
            about=entry.about,
            at=entry.at,
            by=entry.by,
            facts=entry.facts,
            media_type=entry.media_type,
            is_text=entry.sealed is None,
            content=await self.content(entry_id),
            sha256=entry.sha256,
        )

    async def fill(self, destination: Destination, entry_id: str | None = None) -> int:
        more, last = 0, 0
        while True:  # so many at a time: nobody else could write meanwhile
            waiting, last = await self._fill(destination, entry_id, last)
            more += waiting
            if not last:
                return more

    async def _fill(self, to: Destination, entry_id: str | None, after: int) -> tuple[int, int]:
        """Let the next of what lacks wait; return how many that are, and where to go on: 0 at the end."""
        known = select(deliveries.c.entry_id).where(deliveries.c.destination == to.name)
        told = (entries.c.seq, entries.c.entry_id, entries.c.patient_id, entries.c.kind, entries.c.at, entries.c.facts)
        lacking = select(*told).where(entries.c.seq > after, entries.c.entry_id.not_in(known))
        if entry_id is not None:
            lacking = lacking.where(entries.c.entry_id == entry_id)
        async with self._database.transaction() as connection:
            found = (await connection.execute(lacking.order_by(entries.c.seq).limit(FILLED_AT_ONCE))).all()
            wanted = [row for row in found if to.takes(row.kind, row.facts)]
            if wanted:
                rows = [_waiting(to, row.entry_id, row.patient_id, row.at) for row in wanted]
                await connection.execute(deliveries.insert(), rows)
        return len(wanted), found[-1].seq if len(found) == FILLED_AT_ONCE else 0

    async def count(self) -> int:
        """Return how many entries there are."""
        async with self._database.reading() as connection:
            return int((await connection.execute(select(func.count()).select_from(entries))).scalar_one())

    async def filed(self, entry_id: str) -> tuple[FiledEntry, PatientIdentity]:
        """Return an entry and whose it is; raise `Permanent("missing")`."""
        entry = await self._entry(entry_id)
        return entry, (await self._patients(patients.c.patient_id == entry.patient_id))[0]

    async def _entry(self, entry_id: str) -> FiledEntry:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(entries).where(entries.c.entry_id == entry_id))).one_or_none()
        if row is None:
            raise Permanent("missing", f"entry {entry_id}")
        return _filed(row)

    async def inventory(self, patient_id: PatientId) -> Sequence[HeldEntry]:
        return [_held(entry) for entry in await self.entries(patient_id) if not entry.facts.get(CONCEALED)]

    async def bundle(
        self,
        patient_id: PatientId,
        entry_ids: Sequence[str],
        at: datetime,
        unnamed: Unnamed = NOBODY_UNNAMED,
        cleaned: Mapping[str, Rendition] = MappingProxyType({}),
    ) -> bytes:
        wanted = set(entry_ids)
        patient = await self._patients(patients.c.patient_id == patient_id)
        if not patient:
            raise Permanent("missing", "nothing is filed for this patient")
        shown = for_the_patient(patient[0], await self.entries(patient_id))
        told = [entry.told(unnamed) for entry in shown if entry.entry_id in wanted]
        chosen = [entry for entry in told if not entry.accounts_for_nothing]
        contents = [
            cleaned[entry.entry_id].data
            if entry.entry_id in cleaned
            else await self.content(entry.entry_id)
            if entry.text is None
            else entry.text.encode(errors="backslashreplace")
            for entry in chosen
        ]
        as_copied = [entry.cleaned(cleaned[entry.entry_id]) if entry.entry_id in cleaned else entry for entry in chosen]
        return await asyncio.to_thread(zipped, patient[0], as_copied, contents, at)

    async def patients(self) -> list[PatientIdentity]:
        """Return everybody for whom anything is filed, by name."""
        return await self._patients()

    async def find(self, mrn: str) -> PatientIdentity | None:
        """Return the patient with this medical record number, however it is typed."""
        found = await self._patients(func.folded_number(patients.c.mrn) == folded_number(mrn))
        return found[0] if len(found) == 1 else next((patient for patient in found if patient.mrn == mrn), None)

    async def entries(self, patient_id: PatientId) -> list[FiledEntry]:
        """Return all that is filed for a patient, in the order it happened."""
        query = select(entries).where(entries.c.patient_id == patient_id).order_by(entries.c.at, entries.c.seq)
        async with self._database.reading() as connection:
            return [_filed(row) for row in await connection.execute(query)]

    async def _patients(self, *conditions: Any) -> list[PatientIdentity]:
        query = select(patients).where(*conditions).order_by(patients.c.name, patients.c.mrn)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return [PatientIdentity(row.patient_id, row.mrn, row.name, row.born) for row in rows]


_WAITS_ANEW = update(deliveries).values(
    state=Level.WAITING, why=MOVING, due=AT_ONCE, tries=0, version=deliveries.c.version + 1
)


def _waiting(to: Destination, entry_id: str, patient_id: PatientId, at: datetime) -> dict[str, Any]:
    """Return the row of an entry that a destination is to get."""
    return {
        "id": f"{entry_id}/{to.name}",
        "entry_id": entry_id,
        "destination": to.name,
        "patient_id": patient_id,
        "since": at,
        "state": Level.WAITING,
        "form": to.form,
        "sha256": "",
        "towards": "",
        "tries": 0,
        "due": AT_ONCE,
        "why": "",
        "version": 0,
    }


def _held(entry: FiledEntry) -> HeldEntry:
    said = f"{entry.about} {entry.text or ''} {json.dumps(entry.facts, ensure_ascii=False)}"
    return HeldEntry(entry.entry_id, entry.about, entry.size, references_in(said))


async def _know(connection: Connection, patient: PatientIdentity) -> None:
    """Put the patient into the record, under their present number and name."""
    known_as = {"mrn": patient.mrn, "name": patient.name, "born": patient.born}
    await connection.execute(
        insert(patients)
        .values(patient_id=patient.patient_id, **known_as)
        .on_conflict_do_update(index_elements=["patient_id"], set_=known_as)
    )


async def _is_filed(connection: Connection, entry_id: str, patient_id: PatientId, digest: str) -> bool:
    query = select(entries.c.patient_id, entries.c.sha256).where(entries.c.entry_id == entry_id)
    filed = (await connection.execute(query)).one_or_none()
    if filed is not None and (filed.patient_id, filed.sha256) != (patient_id, digest):
        raise Permanent("conflict", f"entry {entry_id}")
    return filed is not None


def _content_columns(entry: Entry) -> dict[str, Any]:
    sealed = entry.sealed
    if (sealed is None) == (entry.text is None):
        raise ValueError("an entry has either sealed bytes or a text")
    if sealed is not None:
        if sealed.patient_id != entry.patient.patient_id:
            raise Permanent("wrong-patient", f"the key of entry {entry.entry_id} is not bound to this patient")
        return {
            "object_id": sealed.object_id,
            "wrapped_key": sealed.wrapped_key,
            "key_version": sealed.key_version,
            "size": sealed.size,
            "sha256": sealed.sha256,
        }
    try:
        content = (entry.text or "").encode()
    except UnicodeEncodeError:  # a lone surrogate: JSON can carry it, UTF-8 and so the record cannot
        raise Permanent("malformed", f"the text of entry {entry.entry_id}") from None
    return {"text": entry.text, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _filed(row: Row[Any]) -> FiledEntry:
    sealed = None
    if row.object_id is not None:
        sealed = SealedObject(row.object_id, row.patient_id, row.wrapped_key, row.key_version, row.size, row.sha256)
    return FiledEntry(
        entry_id=row.entry_id,
        kind=row.kind,
        patient_id=row.patient_id,
        about=row.about,
        at=row.at,
        by=row.by,
        facts=row.facts,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        sealed=sealed,
        text=row.text,
    )
