"""The one small block of ours that a copy carries when it leaves: how to hold it, its terms of use, our reference.

Written on bytes we made ourselves. Deliberately reads nothing: `piexif` is good at writing a few known entries, and at
nothing else.
"""

from __future__ import annotations

import unicodedata

import piexif

from bot.domain.terms import Terms

LONGEST = 1_000


def exif_of(terms: Terms, orientation: int) -> bytes:
    """The block as it stands in a JPEG, beginning with "Exif"; the same in a PNG without these six bytes."""
    entries = {
        piexif.ImageIFD.ImageDescription: _ascii(terms.reference),
        piexif.ImageIFD.Orientation: orientation,
        piexif.ImageIFD.Copyright: _ascii(terms.text),
    }
    written: bytes = piexif.dump({"0th": entries})
    return written


def _ascii(text: str) -> bytes:
    """EXIF knows no other letters; accents are taken off rather than lost with their letter."""
    plain = unicodedata.normalize("NFKD", text.translate(_TYPEWRITER)).encode("ascii", "ignore")
    return plain[:LONGEST]


_TYPEWRITER = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "…": "..."})
