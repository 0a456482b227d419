"""What is noted outside the data, so that losing or restoring the data does not undo it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.retention_rules import Destruction


class OutsideRegister(Protocol):
    """A second copy of the destruction register, where restoring a backup does not undo it (R23)."""

    async def note(self, lines: Sequence[Destruction]) -> None:
        """Write these down durably in every place there is; again changes nothing. `OutsideFailure` while one of them is away."""


class Witness(Protocol):
    """Where the end of the audit log is noted, outside what the bot itself keeps (R27)."""

    async def note(self, now: datetime, *, at_once: bool = False) -> bool:
        """Note it if that is due, or `at_once`; return whether anything was noted. `OutsideFailure`
        when that can't be done now.
        """
