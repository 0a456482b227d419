"""Hostile and odd files, made anew for each run from a fixed seed: `specimens()` gives them all.

Whatever a file carries besides its picture holds `MARKER`, so that a byte scan finds what should have gone. The one file
kept as bytes is `corners.heic`, a small HEIC with EXIF, a place and XMP, because nothing here can write that format.
"""

from __future__ import annotations

from collections.abc import Iterator

from .jpegs import jpegs
from .others import others
from .pdfs import pdfs
from .pngs import pngs
from .specimen import MARKER, Specimen

__all__ = ["MARKER", "Specimen", "specimens"]


def specimens() -> Iterator[Specimen]:
    """Every file of the corpus, several hundred; names are unique."""
    yield from jpegs()
    yield from pngs()
    yield from others()
    yield from pdfs()
