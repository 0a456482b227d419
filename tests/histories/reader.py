"""Open the embedded record by its own reader, and say what is new in it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from bot.domain.errors import OutsideFailure
from storage.records.embedded import EmbeddedRecord

from .observed import Filed, Mrn, Photo, Unfiled

_PATTERN = re.compile(rb"pattern\d+x")


class Watched:
    """The record as the worker knows it; notes that something was written. While it holds moves, it can't move anything."""

    def __init__(self, behind: EmbeddedRecord) -> None:
        self._behind = behind
        self.written = True
        self.holds_moves = False
        self.moves_tried = 0  # while they are held

    async def move(self, *what: Any) -> None:
        """Move entries, unless moves are held."""
        self.written = True
        if self.holds_moves:
            self.moves_tried += 1
            raise OutsideFailure("disk-full")
        await self._behind.move(*what)

    def __getattr__(self, name: str) -> Any:
        if name in {"file", "destroy"}:
            self.written = True
        return getattr(self._behind, name)


class Reader:
    """Remember under whom each entry was last seen: one that moved to another patient, or back, is new there."""

    def __init__(self, record: EmbeddedRecord, watched: Watched) -> None:
        self._record = record
        self._watched = watched
        self._under: dict[str, str] = {}

    async def new(self, at: datetime) -> list[Filed | Unfiled]:
        """Return every entry that was not there, or not under this patient, before; and every one that is gone."""
        found: list[Filed | Unfiled] = []
        here = set()
        if not self._watched.written:
            return found
        self._watched.written = False
        for patient in await self._record.patients():
            for entry in await self._record.entries(patient.patient_id):
                here.add(entry.entry_id)
                if self._under.get(entry.entry_id) == patient.mrn:
                    continue
                self._under[entry.entry_id] = patient.mrn
                data = await self._record.content(entry.entry_id)
                text = entry.text or ""
                found.append(
                    Filed(
                        at=at,
                        entry=entry.entry_id,
                        mrn=Mrn(patient.mrn),
                        body="\n".join((text, entry.by, json.dumps(entry.facts, ensure_ascii=False))),
                        kind=str(entry.kind),
                        pictures=frozenset(Photo(mark.decode()) for mark in _PATTERN.findall(data)),
                    )
                )
        for gone in sorted(self._under.keys() - here):
            del self._under[gone]
            found.append(Unfiled(at=at, entry=gone))
        return found
