"""An image archive that gets further copies: an Orthanc, which removes in its own words, and does not notice damage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.domain.consignment import Consignment
from bot.domain.entries import PatientIdentity
from bot.domain.formal_names import FormalName
from bot.ports import FurtherCopy
from storage.records.dicom.archive_web import Credentials
from storage.records.dicom.image_archive import ImageArchive, RemovedBy
from tests.archives.consignments import SOURCE
from tests.archives.orthanc import Orthanc, require_orthanc
from tests.photos import small

from .a_place import PHOTO, SAM, APlace

JPEG = small()


class OnAnOrthanc(APlace):
    name, is_marked, shows_loss = "archive", False, True

    def __init__(self, orthanc: Orthanc) -> None:
        self._orthanc = orthanc
        self._known_by = Credentials(orthanc.user, orthanc.password_file())

    def copy(self) -> FurtherCopy:
        return ImageArchive(
            self.name, self._orthanc.url, SOURCE, self._known_by, RemovedBy.ORTHANC, adds_patients=True, patience=20.0
        )

    def photo(self, whose: PatientIdentity = SAM, content: bytes = PHOTO, entry_id: str = "i1") -> Consignment:
        given, family = whose.name.split()
        leaving = super().photo(whose, JPEG if content is PHOTO else content, entry_id)
        return replace(leaving, formal=FormalName(family, given))

    async def holds(self) -> dict[str, bytes]:
        return self._orthanc.kept()

    async def damage(self) -> None:
        self._orthanc.damage()

    async def loses(self, bytes_alone: bool) -> None:
        self._orthanc.lose()

    async def goes_away(self) -> None:
        self._orthanc.kill()


@asynccontextmanager
async def an_orthanc(directory: Path) -> AsyncIterator[APlace]:
    require_orthanc()
    orthanc = Orthanc(directory / "orthanc")
    orthanc.start()
    try:
        yield OnAnOrthanc(orthanc)
    finally:
        orthanc.kill()
