"""Spoken references of images: IMG-7F3K, as people type them."""

from __future__ import annotations


def as_reference(text: str) -> str:
    """IMG-7F3K from what a person typed, or "". Without the prefix it must be four characters, with a digit among them as typed:
    "skin" and "both" are words, whatever their letters look like."""
    word = text.strip().upper().strip(".,:;!?“”\"'()").replace("–", "-").replace("—", "-")
    typed = word.removeprefix("IMG").lstrip("- ")
    body = typed.translate(_LOOK_ALIKES)
    named = word.startswith("IMG")
    if not (body.isascii() and body.isalnum() and 4 <= len(body) <= 8):
        return ""
    return f"IMG-{body}" if named or (len(body) == 4 and any(c.isdigit() for c in typed)) else ""


_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
