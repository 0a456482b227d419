"""Every kind of destination that can be configured, each with a table of its own, which `kind` chooses."""

from __future__ import annotations

from typing import Final

from .destination_table import DestinationTable
from .folder_table import FolderTable

# A second kind makes it Annotated[FolderTable | OtherTable, Field(discriminator="kind")].
ConfiguredDestination = FolderTable
TABLES: Final[tuple[type[DestinationTable], ...]] = (FolderTable,)
