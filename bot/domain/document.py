"""Words that belong to a record: notes, replies, answers, corrections, receipts. Filed and read back, like an image.

draft → written → verified        aside: held, dropped, destroyed

Words wait for their image: they are filed when it is, so that a photo taken back leaves no words of its sender behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .entries import EntryKind
from .identifiers import (
    NO_PERSON,
    DocumentId,
    ImageId,
    PatientId,
    PersonId,
)

# Facts "as" of an answer: what its words are to the image.
WHOLE_CAPTION = "the whole text sent with the image"
SAYS_SOMEBODY_ELSE = "says that it shows somebody else"


class DocumentState(StrEnum):
    DRAFT = "draft"  # a reply whose author was asked whom it is to reach, and has not said yet (R29)
    WRITTEN = "written"
    VERIFIED = "verified"
    HELD = "held"
    DESTROYED = "destroyed"  # with its image, when retention was over (R23)
    DROPPED = "dropped"  # the sender's own words about an image that was not kept


@dataclass(frozen=True, slots=True)
class Document:
    """`text` is kept here only until the record holds it."""

    id: DocumentId
    kind: EntryKind
    image_id: ImageId  # "" for words about a patient and no image
    patient_id: PatientId
    author_id: PersonId  # "" for the bot
    at: datetime
    text: str
    facts: dict[str, object]
    sha256: str
    state: DocumentState = DocumentState.WRITTEN
    reader_id: PersonId = NO_PERSON  # of a reply: the person it was written to
    version: int = 0
