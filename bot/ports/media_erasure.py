"""The process that erases media from the homeserver, with a power of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.domain.identifiers import Account, MediaId


@dataclass(frozen=True, slots=True)
class MediaErased:
    """What the purger did. `gone` means deleted or already absent on the homeserver it serves."""

    gone: bool
    reason: str = ""  # when not gone: "not-local", "not-theirs", "malformed", "no-purger", "rate-capped"
    ask_again: timedelta | None = None  # when "rate-capped": it has done as much as it may for now


class Purger(Protocol):
    """The only one who can delete media: a separate process, so that no flaw in the bot gives power over media."""

    async def available(self) -> bool: ...

    async def erase_media(self, mxc: MediaId, owner: Account) -> MediaErased:
        """Register the id, delete it if `owner` (a Matrix id) uploaded it, and return what happened."""
