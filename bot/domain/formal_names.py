"""A patient's name in the two parts that other programs file by, and the sex they ask for: said by a person, never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .spelling import folded


class Sex(StrEnum):
    """As the person at the desk says it; None elsewhere where nobody did."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FormalName:
    """`given` is None for who has one name only: that is the family name here."""

    family: str
    given: str | None = None

    @property
    def spoken(self) -> str:
        """Return the name as it is said everywhere else: "Sam Patel"."""
        return f"{self.given} {self.family}" if self.given else self.family

    def is_of(self, name: str) -> bool:
        """Return whether it has the same words as a name, in whatever order."""
        return sorted(folded(self.spoken).split()) == sorted(folded(name).split())
