"""One place of each kind that gets further copies, for the promises that all of them keep; each kind adds its own here."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from bot.domain.assurance import Level, Residue
from bot.domain.delivery import Consignment, copy_id
from bot.domain.entries import EntryKind, PatientIdentity
from bot.domain.identifiers import PatientId
from bot.ports import FurtherCopy
from storage.records.mirror import Mirror
from storage.records.shared_folder import SharedFolder
from storage.vault.key_ring import KeyRing

SAM = PatientIdentity(PatientId("p1"), "10421", "Sam Patel", date(1984, 3, 7))
ANN = PatientIdentity(PatientId("p2"), "20771", "Ann Other", date(1990, 1, 2))
PHOTO = b"\xff\xd8 a photo of a rash" * 500


class APlace(ABC):
    """One place, what is to be seen in it from outside, and what may happen to it; Sam and Ann are known where patients are."""

    name = "place"
    sure = Level.VERIFIED  # once a copy was placed, and nobody has touched it
    left = Residue.GONE  # once it was removed
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


class InADirectory(APlace):
    def __init__(self, directory: Path) -> None:
        self.directory = directory / "place"
        self.directory.mkdir()

    async def holds(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.directory)): path.read_bytes()
            for path in self.directory.rglob("*")
            if path.is_file()
        }

    async def damage(self) -> None:
        for path in self.directory.rglob("*"):
            if path.is_file() and path.stat().st_size > len(PHOTO) // 2:
                path.write_bytes(path.read_bytes()[:-1])

    async def goes_away(self) -> None:
        self.directory.rename(self.directory.with_name("unplugged"))

    async def is_replaced(self) -> None:
        self.directory.mkdir()


class SecondCopy(InADirectory):
    name = "second copy"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._keys = directory / "keys"
        KeyRing.create(self._keys)

    def copy(self) -> FurtherCopy:
        return Mirror(self.directory, KeyRing.load(self._keys))


class Folder(InADirectory):
    name, sure = "share", Level.WAITING

    def copy(self) -> FurtherCopy:
        return SharedFolder(self.directory)


@asynccontextmanager
async def _second_copy(directory: Path) -> AsyncIterator[APlace]:
    yield SecondCopy(directory)


@asynccontextmanager
async def _folder(directory: Path) -> AsyncIterator[APlace]:
    yield Folder(directory)


KINDS: Mapping[str, Callable[[Path], AbstractAsyncContextManager[APlace]]] = {
    "mirror": _second_copy,
    "folder": _folder,
}
