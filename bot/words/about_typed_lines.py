"""What the bot says of lines whose parts can't be read: days, names, numbers, what a request for consent lacks."""

from __future__ import annotations

from collections.abc import Sequence

from .sentence import sentence


@sentence
def unclear_day(doubt: str, like_this: str) -> str:
    return f"{doubt} {like_this}"


@sentence
def unclear_day_within(doubt: str, lines: Sequence[str]) -> str:
    """Say which day is unclear, with the lines to write instead."""
    return "\n".join((f"{doubt} {'Please write:' if len(lines) == 1 else 'Please write one of:'}", *lines))
