"""What every `[[destinations]]` entry says, whatever its kind: a place that gets further copies of what is filed (R35)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from bot.domain.assurance import CopyForm, Level
from bot.domain.destination import CAPABILITIES, Destination, DestinationKind

from .strict_table import StrictTable
from .values import Words

Send = Literal["original", "clean", "summary-pdf"]
Wait = Literal["verified", "accepted", "taken", "nothing"]


class DestinationTable(StrictTable):
    """The keys of all kinds; each kind adds its own, in a file of its own."""

    name: Words
    kind: DestinationKind
    wait: Wait = "nothing"
    send: Send | None = None
    staff_only: bool = False

    @property
    def destination(self) -> Destination:
        """Return it as the domain judges it."""
        wait = None if self.wait == "nothing" else Level(self.wait)
        can = CAPABILITIES[self.kind]
        form = CopyForm(self.send) if self.send else can.default_form
        kept = {"is_archive": can.is_archive, "takes_page": can.takes_page}
        return Destination(self.name, form, wait, self.staff_only, **kept)

    @property
    def names_apart(self) -> bool:
        """Return whether it files by family and given names, so that people are asked for them."""
        return CAPABILITIES[self.kind].names_apart

    @property
    def shows(self) -> frozenset[Level]:
        """Return what it can show of a copy, as it is configured: the purge can wait for no more."""
        return CAPABILITIES[self.kind].shows

    @property
    def directories(self) -> Mapping[str, Path]:
        """Return by key the directories that it reads or writes: they lie apart from everything else that is kept."""
        return {}

    @property
    def secrets(self) -> Mapping[str, Path]:
        """Return by key the files that hold secrets: they lie outside the data."""
        return {}
