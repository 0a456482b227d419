"""The record that the practice has besides ours: set up before the bot starts, and asked at the end by a client of its own.

Each kind is a module of its own. It stands in `KINDS` under the word that `consentry demo --record` takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from .archive_record import ArchiveRecord
from .fhir_record import FhirRecord
from .folder_record import FolderRecord
from .hl7_record import Hl7Record
from .practice_record import PracticeRecord

KINDS: Mapping[str, Callable[[Path], PracticeRecord]] = MappingProxyType(
    {"folder": FolderRecord, "hl7-folder": Hl7Record, "fhir": FhirRecord, "dicomweb": ArchiveRecord}
)


def own_record(kind: str, home: Path) -> PracticeRecord:
    """Return a record of this kind, with all it keeps in this directory."""
    return KINDS[kind](home.resolve())
