"""Every kind of destination that can be configured, each with a table of its own, which `kind` chooses."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from .destination_table import DestinationTable
from .dicomweb_table import DicomwebTable
from .fhir_table import FhirTable
from .folder_table import FolderTable
from .hl7_folder_table import Hl7FolderTable

ConfiguredDestination = Annotated[FolderTable | FhirTable | DicomwebTable | Hl7FolderTable, Field(discriminator="kind")]
TABLES: Final[tuple[type[DestinationTable], ...]] = (FolderTable, FhirTable, DicomwebTable, Hl7FolderTable)
