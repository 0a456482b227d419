"""Consent as recorded. Here: consent implied by sending (R1); specific consent builds on the same record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .people import Relation
from .purposes import Purpose


class Basis(StrEnum):
    IMPLIED = "implied"  # by sending, for the purpose it was sent for and nothing else


@dataclass(frozen=True, slots=True)
class Consent:
    """Never edited: a change of mind, or a corrected purpose, is a new record."""

    id: str
    image_id: str
    person_id: str
    capacity: Relation
    basis: Basis
    purpose: Purpose
    reason: str
    wording: str  # the exact words shown
    wording_version: str
    at: datetime
    proof: dict[str, object]
    version: int = 0


@dataclass(frozen=True, slots=True)
class Disclosure:
    """An image was shown to somebody, or words about it were sent."""

    id: str
    image_id: str
    to_person_id: str
    how: str  # "viewed", "replied"
    purpose: Purpose
    rule: str
    at: datetime
    version: int = 0
