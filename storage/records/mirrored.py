"""The embedded record with a second copy: chat copies may go only when both have been read back (`secured`).

Filing never waits for the mirror. Each row knows whether the mirror has it as it stands; moving it to another patient makes it
forget. What the mirror lacks is copied when a purge asks for it, and by `mirror_next` otherwise.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select, update

from bot.domain.errors import OutsideFailure
from bot.ports import Vault
from storage.sql.database import Database

from .embedded import EmbeddedRecord
from .mirror import Mirror
from .record_tables import entries

log = logging.getLogger("consentry.mirror")


class MirroredRecord(EmbeddedRecord):
    """The same port; handlers and effects do not know that there are two copies."""

    def __init__(self, database: Database, vault: Vault, mirror: Mirror) -> None:
        super().__init__(database, vault)
        self.mirror = mirror
        self._copying = asyncio.Lock()

    async def secured(self, entry_id: str) -> bool:
        async with self._database.reading() as connection:
            query = select(entries.c.mirrored).where(entries.c.entry_id == entry_id)
            mirrored = (await connection.execute(query)).scalar()
        if mirrored is None:  # never filed
            return True
        try:
            if not mirrored:
                await self.copy(entry_id)
        except OutsideFailure as why:
            log.warning("entry %s has no second copy yet: %s", entry_id, why)
            return False
        return True

    async def destroy(self, entry_ids: Sequence[str]) -> None:
        """Destroy the second copy first: once it is gone, nothing is left that would have to be remembered (R23)."""
        async with self._copying:
            if (await self.missing())[1]:
                await self.mirror.remove(entry_ids)
            await super().destroy(entry_ids)

    async def mirror_next(self) -> bool:
        """Copy the oldest entry the mirror lacks; return False when it lacks none."""
        async with self._database.reading() as connection:
            query = select(entries.c.entry_id).where(entries.c.mirrored.is_(False)).order_by(entries.c.seq).limit(1)
            entry_id = (await connection.execute(query)).scalar()
        if entry_id is None:
            if not await self.mirror.there() and await self.missing() != (0, 0):
                raise OutsideFailure("mirror-away")
            return False
        await self.copy(entry_id)
        return True

    async def missing(self) -> tuple[int, int]:
        """Return how many entries the mirror lacks, and how many it has."""
        async with self._database.reading() as connection:
            query = select(entries.c.mirrored, func.count().label("entries")).group_by(entries.c.mirrored)
            counted = {row.mirrored: row.entries for row in await connection.execute(query)}
        return counted.get(False, 0), counted.get(True, 0)

    async def take_back(self) -> list[Path]:
        """File what the mirror has and this record lacks, after a backup was restored.

        Return the mirror's files that are still lacking here, because they do not open.
        """
        async with self._database.reading() as connection:
            known = set((await connection.execute(select(entries.c.entry_id))).scalars())
        for entry, content in self.mirror.entries():
            if entry.entry_id in known:
                continue
            if entry.text is not None:
                await self.file(replace(entry, text=content.decode()))
            else:
                sealed = await self._vault.seal(entry.entry_id, entry.patient.patient_id, content)
                await self.file(replace(entry, sealed=sealed))
            known.add(entry.entry_id)
        return self.mirror.files_except(known)

    async def copied(self) -> set[str]:
        """Return the entries of which the mirror has what the record has, or had when they were copied."""
        async with self._database.reading() as connection:
            query = select(entries.c.entry_id).where(entries.c.mirrored.is_(True))
            return set((await connection.execute(query)).scalars())

    async def copy(self, entry_id: str) -> None:
        """Copy the entry to the mirror, replacing anything else that the mirror has of it."""
        async with self._copying:
            if not await self.mirror.there() and (await self.missing())[1] == 0:
                await self.mirror.begin()
            entry, patient = await self.filed(entry_id)
            await self.mirror.keep(entry, patient, await self.content(entry_id))
            async with self._database.transaction() as connection:
                # Not if it was re-filed meanwhile: then the mirror still has the wrong patient's entry.
                as_copied = (entries.c.entry_id == entry_id, entries.c.patient_id == entry.patient_id)
                await connection.execute(update(entries).where(*as_copied).values(mirrored=True))
