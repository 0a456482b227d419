"""What the demo needs of a record that the practice has besides ours, of whatever kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.assurance import CopyForm


@dataclass(frozen=True, slots=True)
class FoundPhoto:
    """A photo as it lies in that record. `claimed`: the SHA-256 that stands beside it there; "" where none does."""

    patient: str
    content: bytes
    claimed: str = ""


class PracticeRecord(Protocol):
    """One record, with all it keeps in a directory of the stage."""

    @property
    def name(self) -> str:
        """Return what people call it."""

    @property
    def destination(self) -> str:
        """Return its block of the configuration, without the heading."""

    @property
    def sure(self) -> str:
        """Return how sure the bot may call a copy that lies there, in the words of `!status`."""

    @property
    def form(self) -> CopyForm:
        """Return in which form it gets photos."""

    @property
    def how(self) -> str:
        """Return how it is read back."""

    async def start(self) -> None:
        """Set it up. It must end with this process, however that ends."""

    async def photo_of(self, mrn: str, ref: str) -> FoundPhoto | None:
        """Return the photo as anybody there would find it, by these two; None while it is not there."""

    async def stop(self) -> None:
        """End what was started."""
