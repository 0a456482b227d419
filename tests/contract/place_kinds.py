"""One place of each kind that gets further copies, for the promises that all of them keep; each kind adds its own here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import ClassVar

from bot.domain.assurance import Level
from bot.domain.consignment import Consignment
from bot.domain.entries import PatientIdentity
from bot.domain.formal_names import FormalName
from bot.ports import FurtherCopy
from storage.records.hl7_folder import Hl7Folder
from storage.records.hl7_message import Sender
from storage.records.mirror import SUFFIX, Mirror
from storage.records.shared_folder import SharedFolder
from storage.vault.key_ring import KeyRing
from tests.fakes import ManualClock

from .a_place import ANN, PHOTO, SAM, APlace
from .archive_place import an_orthanc
from .fhir_places import a_fhir_fake, a_medplum, a_sekmet


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
    name, shows_loss = "second copy", True

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._keys = directory / "keys"
        KeyRing.create(self._keys)

    async def loses(self, bytes_alone: bool) -> None:
        for path in self.directory.rglob(f"*{SUFFIX}"):
            path.unlink()

    def copy(self) -> FurtherCopy:
        return Mirror(self.directory, KeyRing.load(self._keys))


class Folder(InADirectory):
    name, sure = "share", Level.WAITING

    def copy(self) -> FurtherCopy:
        return SharedFolder(self.directory)


class Hl7Messages(InADirectory):
    name, sure = "practice software", Level.WAITING
    formal: ClassVar = {SAM: FormalName("Patel", "Sam"), ANN: FormalName("Other", "Ann")}

    def copy(self) -> FurtherCopy:
        sender = Sender("Hill Street", "0d8e3a1c-6b6e-4c5b-9b6d-3c1c0d3b8a11", self.name, UTC)
        return Hl7Folder(self.directory, sender, ManualClock())

    def photo(self, whose: PatientIdentity = SAM, content: bytes = PHOTO, entry_id: str = "i1") -> Consignment:
        return replace(super().photo(whose, content, entry_id), formal=self.formal[whose])


@asynccontextmanager
async def _second_copy(directory: Path) -> AsyncIterator[APlace]:
    yield SecondCopy(directory)


@asynccontextmanager
async def _folder(directory: Path) -> AsyncIterator[APlace]:
    yield Folder(directory)


@asynccontextmanager
async def _hl7_messages(directory: Path) -> AsyncIterator[APlace]:
    yield Hl7Messages(directory)


KINDS: Mapping[str, Callable[[Path], AbstractAsyncContextManager[APlace]]] = {
    "mirror": _second_copy,
    "folder": _folder,
    "fhir": a_fhir_fake,
    "fhir-sekmet": a_sekmet,
    "fhir-medplum": a_medplum,
    "dicomweb": an_orthanc,
    "hl7-folder": _hl7_messages,
}
