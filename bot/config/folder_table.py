"""`[[destinations]]` of the kind `folder`: a directory from which somebody takes what is put there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from .destination_table import DestinationTable
from .values import FilePath


class FolderTable(DestinationTable):
    kind: Literal["folder"]
    directory: FilePath

    @property
    def directories(self) -> Mapping[str, Path]:
        return {"directory": self.directory}
