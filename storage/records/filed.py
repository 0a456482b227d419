"""The entries of the embedded record, as they are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.entries import EntryKind, Unnamed
from bot.domain.identifiers import PatientId
from bot.domain.sealed import SealedObject


@dataclass(frozen=True, slots=True)
class FiledEntry:
    """An entry as the record holds it. Exactly one of `sealed` and `text` is set."""

    entry_id: str
    kind: EntryKind
    patient_id: PatientId
    about: str
    at: datetime
    by: str
    facts: dict[str, Any]
    media_type: str
    size: int
    sha256: str
    sealed: SealedObject | None
    text: str | None

    def told(self, unnamed: Unnamed) -> FiledEntry:
        """Return the entry as it stands in the copy of somebody who may not know these names."""
        facts = dict(self.facts)
        if self.entry_id in unnamed.not_consented:
            facts |= {"consent": None}
        if self.entry_id in unnamed.without_words:
            facts |= {"reason": "", "proof": None}
        if self.entry_id in unnamed.unproved:
            facts |= {"proof": None}
        return replace(self, by=unnamed.told(self.by), facts=unnamed.told(facts))
