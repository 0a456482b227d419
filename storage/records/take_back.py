"""File what the second copy has and the record lacks, after a backup was restored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.ports import Vault

from .embedded import EmbeddedRecord
from .mirror import Mirror


async def take_back(record: EmbeddedRecord, vault: Vault, mirror: Mirror) -> list[Path]:
    """Return the second copy's files that are still lacking here, because they do not open."""
    known = {entry.entry_id for who in await record.patients() for entry in await record.entries(who.patient_id)}
    for entry, content in mirror.entries():
        if entry.entry_id in known:
            continue
        if entry.text is not None:
            await record.file(replace(entry, text=content.decode()))
        else:
            sealed = await vault.seal(entry.entry_id, entry.patient.patient_id, content)
            await record.file(replace(entry, sealed=sealed))
        known.add(entry.entry_id)
    return mirror.files_except(known)
