"""What is kept of photos and words: the vault that seals them, and the patient record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from bot.domain.consignment import Consignment
from bot.domain.destination import Destination
from bot.domain.entries import NOBODY_UNNAMED, Entry, HeldEntry, PatientIdentity, Unnamed
from bot.domain.identifiers import PatientId
from bot.domain.sealed import SealedObject

from .viewing import Rendition


class Vault(Protocol):
    """Sealed blobs on disk."""

    async def seal(self, object_id: str, patient_id: PatientId, data: bytes) -> SealedObject:
        """Encrypt and store durably; sealing an id again replaces the blob whole."""

    async def open(self, sealed: SealedObject) -> bytes:
        """Return the bytes, authenticated from disk; `Permanent("damaged")` or `Permanent("missing")`."""

    async def digest(self, sealed: SealedObject) -> str:
        """Return the SHA-256 (hex) of these bytes, without holding them; fails as `open` does."""

    async def rewrap(self, sealed: SealedObject, patient_id: PatientId) -> SealedObject:
        """Return the same blob with its key bound to another patient; this touches no blob."""

    async def destroy(self, object_id: str) -> None:
        """Remove the blob; already gone is success."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the record knows of an entry without reading it."""

    patient: PatientIdentity
    size: int
    about: str


class PatientRecord(Protocol):
    """Where images and notes are filed."""

    async def file(self, entry: Entry) -> None:
        """File an entry; the same id with the same digest is success, with another digest `Permanent("conflict")`.

        In the same transaction its deliveries begin to wait, one for each further copy that is to have it; `move` wakes them.
        """

    async def move(self, entry_ids: Sequence[str], to: PatientIdentity) -> None:
        """Make all these entries another patient's, or none: from then on they are found and opened only there (R15).

        What is there already is success. `Permanent("missing")` when one was never filed.
        """

    async def read_back(self, entry_id: str) -> str:
        """Return the SHA-256 (hex) of the filed content, computed from bytes read from the record itself (R16)."""

    async def inventory(self, patient_id: PatientId) -> Sequence[HeldEntry]:
        """Return what is filed for a patient and may be shown to them, in order; what the law conceals is left out (R13a)."""

    async def bundle(
        self,
        patient_id: PatientId,
        entry_ids: Sequence[str],
        at: datetime,
        unnamed: Unnamed = NOBODY_UNNAMED,
        cleaned: Mapping[str, Rendition] = MappingProxyType({}),
    ) -> bytes:
        """Return those of these entries that are this patient's now: one zip in memory, files byte for byte and a page to read.

        `unnamed` says who is named nowhere in it, and whose consent does not appear in it at all. Of the photos
        in `unnamed.of_others` it holds what is `cleaned`, never the original (R19).
        """

    async def destroy(self, entry_ids: Sequence[str]) -> None:
        """Remove entries for ever: words, wrapped keys and blobs, overwritten in the files; gone already is success (R23).

        Only what stands in the destruction register goes: the record itself refuses anything else. Backups are beyond reach.
        """

    async def content(self, entry_id: str) -> bytes:
        """Return the filed bytes (UTF-8 for texts); `Permanent("missing")`."""

    async def held(self, entry_id: str) -> Held | None:
        """Return whose this entry is now, and its size; None when it is not here, or not any more."""

    async def consignment(self, entry_id: str, destination: str) -> Consignment:
        """Return an entry with its content, as it was filed, for a further copy; `Permanent("missing")`."""

    async def fill(self, destination: Destination, entry_id: str | None = None) -> int:
        """Let what was filed before wait for a further copy too, or this one entry; return how many that are."""
