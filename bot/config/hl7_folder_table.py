"""`[[destinations]]` of the kind `hl7-folder`: a directory from which practice software imports HL7 messages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.assurance import Level

from .destination_table import DestinationTable
from .values import FilePath

Ending = Annotated[str, Field(pattern="^[A-Za-z0-9]{1,8}$")]


class Hl7FolderTable(DestinationTable):
    kind: Literal["hl7-folder"]
    directory: FilePath
    acknowledgements: FilePath | None = None
    ending: Ending = "hl7"
    charset: Literal["ASCII", "8859/1", "UNICODE UTF-8"] = "ASCII"

    @property
    def shows(self) -> frozenset[Level]:
        return frozenset({Level.TAKEN}) if self.acknowledgements is None else super().shows

    @property
    def directories(self) -> Mapping[str, Path]:
        acknowledged = {} if self.acknowledgements is None else {"acknowledgements": self.acknowledgements}
        return {"directory": self.directory} | acknowledged
