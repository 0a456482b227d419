"""The time, and fresh ids."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the current time, UTC and aware."""


class Ids(Protocol):
    def new(self) -> str:
        """Return a fresh unguessable id, 26 lower-case base32 characters (128 bits)."""

    def reference(self) -> str:
        """Return a short spoken reference such as 7F3K: letters and digits that are not mistaken for one another."""

    def number(self) -> str:
        """Return four spoken digits."""

    def code(self) -> tuple[str, str]:
        """Return an invitation code as (selector, secret); the secret has 40 random bits."""
