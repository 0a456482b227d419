"""What every `[[destinations]]` entry says, whatever its kind: a place that gets further copies of what is filed (R35)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.assurance import CopyForm, Level
from bot.domain.destination import CAPABILITIES, Destination, DestinationKind

from .strict_table import StrictTable
from .values import Words

Wait = Literal["verified", "accepted", "taken", "nothing"]


class DestinationTable(StrictTable):
    """The keys of all kinds; each kind adds its own, in a file of its own."""

    name: Words
    kind: DestinationKind
    wait: Wait = "nothing"
    send: Annotated[CopyForm | None, Field(strict=False)] = None
    staff_only: bool = False

    @property
    def destination(self) -> Destination:
        """Return it as the domain judges it."""
        wait = None if self.wait == "nothing" else Level(self.wait)
        form = self.send or CAPABILITIES[self.kind].default_form
        return Destination(self.name, form, wait, self.staff_only)

    @property
    def directories(self) -> Mapping[str, Path]:
        """Return by key the directories that it reads or writes: they lie apart from everything else that is kept."""
        return {}

    @property
    def secrets(self) -> Mapping[str, Path]:
        """Return by key the files that hold secrets: they lie outside the data."""
        return {}
