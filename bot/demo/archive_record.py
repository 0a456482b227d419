"""An image archive of the practice, searched and read by another maker's client, as a workstation would."""

from __future__ import annotations

import asyncio
import importlib
import sys
from pathlib import Path
from typing import Any

from bot.domain.assurance import CopyForm

from .practice_record import FoundPhoto
from .stage import CHECKOUT, Failed

_OF_PHOTOS = "XC"  # how DICOM calls photography with a camera


class ArchiveRecord:
    """The port `PracticeRecord` on a tiny-pacs, which knows Sam and Alex from examinations before the story begins."""

    name = "Image archive"
    sure = "in “Image archive”: verified (original)"
    form = CopyForm.ORIGINAL
    how = "a client of its own searched the archive, by record number and reference, and took the photo out of the DICOM file"

    def __init__(self, home: Path) -> None:
        self._archive: Any = _of_the_tests("tiny_pacs").TinyPacs(home / "archive")
        self._client: Any = _of_the_tests("other_maker").OtherMaker(self._archive)

    @property
    def destination(self) -> str:
        token = self._archive.token_file()
        return f'name = "{self.name}"\nkind = "dicomweb"\nurl = "{self._archive.url}"\ntoken_file = "{token}"\n'

    async def start(self) -> None:
        await asyncio.to_thread(self._archive.start)
        await asyncio.to_thread(self._client.stores_a_study, "10421", "PATEL^SAM", "19840307")
        await asyncio.to_thread(self._client.stores_a_study, "10566", "MORGAN^ALEX", "19900514")

    async def photo_of(self, mrn: str, ref: str) -> FoundPhoto | None:
        found = await asyncio.to_thread(self._client.photo_of, mrn, ref, _OF_PHOTOS)
        return None if found is None else FoundPhoto(*found)

    async def stop(self) -> None:
        await asyncio.to_thread(self._archive.kill)


def _of_the_tests(module: str) -> Any:
    if not (CHECKOUT / ".venv-records" / "bin" / "python").exists():
        raise Failed(
            "The archive of the demo is not installed: run `make demo RECORD=dicomweb` in the source checkout."
        )
    if str(CHECKOUT) not in sys.path:
        sys.path.insert(0, str(CHECKOUT))
    return importlib.import_module(f"tests.archives.{module}")
