"""`[[destinations]]` of the kind `fhir`: a FHIR R4 server, and how the bot shows it who it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import model_validator

from .destination_table import DestinationTable, Wait
from .values import FilePath, ServiceUrl, Words

SCOPES: Final = "system/*.read system/*.write"


class FhirTable(DestinationTable):
    """Either `token_file`, or `client_id` and `key_file`."""

    kind: Literal["fhir"]
    url: ServiceUrl
    patient_identifier: Words
    token_file: FilePath | None = None
    client_id: Words | None = None
    key_file: FilePath | None = None
    key_id: Words | None = None
    scopes: Words = SCOPES
    wait: Wait = "verified"

    @model_validator(mode="after")
    def _is_let_in_one_way(self) -> Self:
        if (self.token_file is None) == (self.key_file is None) or (self.key_file is None) != (self.client_id is None):
            raise ValueError("must have either token_file, or client_id and key_file: how the server knows the bot")
        return self

    @property
    def secrets(self) -> Mapping[str, Path]:
        files = {"token_file": self.token_file, "key_file": self.key_file}
        return {key: file for key, file in files.items() if file is not None}
