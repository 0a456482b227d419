"""What leaves for a further place: one filed entry with its content, under an id that no other copy has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from .assurance import CopyForm
from .entries import EntryKind, PatientIdentity
from .formal_names import FormalName, Sex
from .identifiers import PatientId

Ref = Mapping[str, str]  # how a place finds a copy again; always holds `id` and `entry`
_COPIES = UUID("6d8f4bb5-3c1f-5b0e-9a55-4f7d2a0f6f3a")


def copy_id(entry_id: str, patient_id: PatientId, destination: str) -> str:
    """Return the one id of a copy: of an entry, under a patient, in a place. Two patients never share a copy."""
    return str(uuid5(_COPIES, f"{entry_id}\n{patient_id}\n{destination}"))


def archive_number(copy_id: str) -> str:
    """Return the number of a copy in an image archive, by which whoever keeps that archive finds it."""
    return f"2.25.{UUID(copy_id).int}"


@dataclass(frozen=True, slots=True)
class Consignment:
    """One filed entry with its content, in the form in which it leaves."""

    copy_id: str
    entry_id: str
    kind: EntryKind
    patient: PatientIdentity
    about: str
    at: datetime
    by: str
    facts: dict[str, Any] = field(repr=False)
    media_type: str
    is_text: bool
    content: bytes = field(repr=False)
    sha256: str
    form: CopyForm = CopyForm.ORIGINAL
    summary: bytes | None = field(default=None, repr=False)  # a page to read, for places that take one
    formal: FormalName | None = None  # as somebody at the desk said it; nobody guesses
    sex: Sex | None = None
    ended: bool = False  # a consent that permits nothing any more
