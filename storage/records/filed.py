"""What the embedded record holds, as it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.entries import EntryKind
from bot.domain.sealed import SealedObject


@dataclass(frozen=True, slots=True)
class FiledEntry:
    """An entry as the record holds it. Exactly one of `sealed` and `text` is set."""

    entry_id: str
    kind: EntryKind
    patient_id: str
    about: str
    at: datetime
    by: str
    facts: dict[str, Any]
    media_type: str
    size: int
    sha256: str
    sealed: SealedObject | None
    text: str | None
