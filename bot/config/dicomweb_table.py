"""`[[destinations]]` of the kind `dicomweb`: an image archive (PACS) that is spoken to over the web."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator

from .destination_table import DestinationTable, Wait
from .values import FilePath, ServiceUrl, Words


class DicomwebTable(DestinationTable):
    kind: Literal["dicomweb"]
    wait: Wait = "verified"
    url: ServiceUrl
    user: Words | None = None
    password_file: FilePath | None = None
    token_file: FilePath | None = None
    patient_id_issuer: Words | None = None
    new_patients: Literal["hold", "add"] = "hold"
    removal: Literal["none", "delete", "orthanc"] = "none"

    @model_validator(mode="after")
    def _one_way_to_sign_in(self) -> Self:
        if (self.user is None) != (self.password_file is None):
            raise ValueError("needs user and password_file together, or neither")
        if self.password_file is not None and self.token_file is not None:
            raise ValueError("takes password_file or token_file, not both")
        return self

    @property
    def names_apart(self) -> bool:
        return self.new_patients == "add"

    @property
    def secrets(self) -> Mapping[str, Path]:
        named = {"password_file": self.password_file, "token_file": self.token_file}
        return {key: file for key, file in named.items() if file is not None}
