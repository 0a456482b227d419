"""Sealed objects: what is kept about an encrypted blob beside the blob itself."""

from __future__ import annotations

from dataclasses import dataclass

from .identifiers import PatientId


@dataclass(frozen=True, slots=True)
class SealedObject:
    """Destroying every copy of `wrapped_key` destroys the object. `sha256` (hex) and `size` (bytes) are the plaintext's."""

    object_id: str
    patient_id: PatientId  # bound into the key wrap; "" while no patient is matched
    wrapped_key: str  # base64
    key_version: int
    size: int
    sha256: str
