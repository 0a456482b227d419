"""Spoken references of images: IMG-7F3K, as people type them."""

from __future__ import annotations

import re


def as_reference(text: str) -> str:
    """Return IMG-7F3K from what a person typed, or "".

    Without the prefix it must be four characters, with a digit among them as typed: "skin" and "both" are words,
    whatever their letters look like.
    """
    word = text.strip().upper().strip(".,:;!?“”\"'()").replace("–", "-").replace("—", "-")
    typed = word.removeprefix("IMG").lstrip("- ")
    body = typed.translate(_LOOK_ALIKES)
    named = word.startswith("IMG")
    if not (body.isascii() and body.isalnum() and 4 <= len(body) <= 8):
        return ""
    return f"IMG-{body}" if named or (len(body) == 4 and any(c.isdigit() for c in typed)) else ""


def references_in(text: str) -> frozenset[str]:
    """Return every reference that these words name with its prefix, as people type them."""
    return frozenset(as_reference(word) for word in _NAMED.findall(text)) - {""}


_NAMED = re.compile(r"\bIMG[\s–—-]*[0-9A-Z]{4,8}\b", re.IGNORECASE)
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
