"""One place that gets further copies, as the promises that all kinds keep see it, and two patients."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, date, datetime

from bot.domain.assurance import Level, Residue
from bot.domain.consignment import Consignment, copy_id
from bot.domain.entries import EntryKind, PatientIdentity
from bot.domain.identifiers import PatientId
from bot.ports import FurtherCopy

SAM = PatientIdentity(PatientId("p1"), "10421", "Sam Patel", date(1984, 3, 7))
ANN = PatientIdentity(PatientId("p2"), "20771", "Ann Other", date(1990, 1, 2))
PHOTO = b"\xff\xd8 a photo of a rash" * 500


class APlace(ABC):
    """One place, what is to be seen in it from outside, and what may happen to it; Sam and Ann are known where patients are."""

    name = "place"
    sure = Level.VERIFIED  # once a copy was placed, and nobody has touched it
    left = Residue.GONE  # once it was removed
    left_by_moving = Residue.GONE  # under the wrong patient
    shows_loss = False  # it can be asked whether it has a copy
    is_marked = True  # it can be told from another that is put in its stead

    @abstractmethod
    def copy(self) -> FurtherCopy:
        """Return what speaks to it, as after a start."""

    @abstractmethod
    async def holds(self) -> Mapping[str, bytes]:
        """Return what anybody finds there by an ordinary look, by name; the same again while nothing changes."""

    @abstractmethod
    async def damage(self) -> None:
        """Change the content of every copy that lies there."""

    @abstractmethod
    async def goes_away(self) -> None:
        """Make it unreachable, for good."""

    async def loses(self, bytes_alone: bool) -> None:
        """Lose every copy that lies there; with `bytes_alone` what points at them stays, where they are apart."""
        raise NotImplementedError

    async def is_replaced(self) -> None:
        """Put an empty one in its stead, after it went away; only of what is marked."""
        raise NotImplementedError

    def photo(self, whose: PatientIdentity = SAM, content: bytes = PHOTO, entry_id: str = "i1") -> Consignment:
        return Consignment(
            copy_id(entry_id, whose.patient_id, self.name),
            entry_id,
            EntryKind.IMAGE,
            whose,
            "IMG-7F3K",
            datetime(2026, 3, 9, 9, 30, tzinfo=UTC),
            f"{whose.name}, patient",
            {"purpose": "care"},
            "image/jpeg",
            False,
            content,
            hashlib.sha256(content).hexdigest(),
            summary=b"%PDF a page",
        )

    def ref(self, whose: PatientIdentity = SAM, entry_id: str = "i1") -> dict[str, str]:
        return {"id": copy_id(entry_id, whose.patient_id, self.name), "entry": entry_id}
