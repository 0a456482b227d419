"""Words that belong to a record: notes, replies, answers, corrections, receipts. Filed and read back, like an image.

written → filed → verified        aside: held
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .entries import EntryKind


class DocumentState(StrEnum):
    WRITTEN = "written"
    VERIFIED = "verified"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Document:
    """`text` is kept here only until the record holds it; `waits_for` names the image whose filing comes first."""

    id: str
    kind: EntryKind
    image_id: str
    patient_id: str
    author_id: str  # person, or "" for the bot
    at: datetime
    text: str
    facts: dict[str, object]
    sha256: str
    state: DocumentState = DocumentState.WRITTEN
    version: int = 0
