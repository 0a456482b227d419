"""The one small block of ours that a copy carries when it leaves: how to hold it, its terms of use, our reference.

It is written onto bytes that we made ourselves. Deliberately reads nothing: `piexif` is good at writing a few known entries,
and at nothing else.
"""

from __future__ import annotations

import unicodedata

import piexif

from bot.domain.terms import Terms

LONGEST = 1_000


def exif_of(terms: Terms, orientation: int) -> bytes:
    """Return the block as it stands in a JPEG, beginning with "Exif"; a PNG has the same without these six bytes."""
    entries = {
        piexif.ImageIFD.ImageDescription: _ascii(terms.reference),
        piexif.ImageIFD.Orientation: orientation,
        piexif.ImageIFD.Copyright: _ascii(terms.text),
    }
    written: bytes = piexif.dump({"0th": entries})
    return written


def _ascii(text: str) -> bytes:
    """Return the text in ASCII, all that EXIF knows; letters lose their accents rather than get lost with them."""
    plain = unicodedata.normalize("NFKD", text.translate(_TYPEWRITER)).encode("ascii", "ignore")
    return plain[:LONGEST]


_TYPEWRITER = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "…": "..."})
