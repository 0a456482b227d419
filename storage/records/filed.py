"""The entries of the embedded record, as they are read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.entries import EntryKind, Unnamed
from bot.domain.identifiers import PatientId
from bot.domain.sealed import SealedObject
from bot.ports import Rendition

STRUCTURED = (EntryKind.CONSENT, EntryKind.DISCLOSURE, EntryKind.RECEIPT)  # written by the bot: the facts say all of it


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
        """Return the entry as it stands in the copy of somebody who may not know these names.

        What people wrote stands as they wrote it; what the bot wrote says no more than the facts beside it.
        """
        by = "" if self.entry_id in unnamed.sent_unknown else unnamed.told(self.by)
        told = replace(self, by=by, facts=unnamed.facts_of(self.entry_id, self.facts))
        if self.text is None or self.kind not in STRUCTURED:
            return told
        left_out = told.facts.get("copies") != self.facts.get("copies")
        return told.saying(json.dumps(told.facts["copies"], indent=1) if left_out else unnamed.told(self.text))

    def cleaned(self, copy: Rendition) -> FiledEntry:
        """Return the entry as it stands where its picture is a copy without metadata (R19)."""
        digest = hashlib.sha256(copy.data).hexdigest()
        facts = self.facts | {"cleaned": True}
        return replace(self, media_type=copy.media_type, size=len(copy.data), sha256=digest, facts=facts)

    def saying(self, text: str) -> FiledEntry:
        content = text.encode(errors="backslashreplace")
        return replace(self, text=text, size=len(content), sha256=hashlib.sha256(content).hexdigest())

    @property
    def accounts_for_nothing(self) -> bool:
        """Return whether it is a receipt of which the reader may know no line."""
        return self.kind is EntryKind.RECEIPT and self.facts.get("copies") == []
