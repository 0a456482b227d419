"""Ids, references and codes, from the system's own randomness."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime

SPOKEN = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: nothing that is mistaken for something else
REFERENCE_LENGTH = 4  # a million references


class RandomIds:
    """Implements `bot.ports.Ids`."""

    def new(self) -> str:
        return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()

    def reference(self) -> str:
        """Return a reference that always has a digit, so that no word is ever taken for one."""
        while True:
            drawn = _drawn(REFERENCE_LENGTH)
            if any(character.isdigit() for character in drawn):
                return drawn

    def number(self) -> str:
        return f"{secrets.randbelow(9000) + 1000}"

    def code(self) -> tuple[str, str]:
        return _drawn(3), _drawn(8)


class SystemClock:
    """Implements `bot.ports.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def _drawn(length: int) -> str:
    return "".join(secrets.choice(SPOKEN) for _ in range(length))
