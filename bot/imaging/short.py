"""What a file says in a few words, made fit to be told."""

from __future__ import annotations

from bot.domain.screening import LONGEST


def short(value: object) -> str:
    """Return the words, printable and short; "" for anything that is no words."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]
