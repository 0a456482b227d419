"""Hostile and odd files, made anew for each run from a fixed seed: `specimens()` gives them all.

Whatever a file carries besides its picture holds `MARKER`, so that a byte scan finds what should have gone. The one file
kept as bytes is `corners.heic`, a small HEIC with EXIF, a place and XMP, because nothing here can write that format.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from .beside import beside
from .documents import documents
from .half import half
from .held import held
from .jpegs import jpegs
from .others import others
from .pdfs import pdfs
from .pngs import pngs
from .specimen import MARKER, Specimen
from .stand_ins import stand_ins

__all__ = ["MARKER", "Specimen", "damaged", "specimens"]


def specimens() -> Iterator[Specimen]:
    """Every file of the corpus, several hundred; names are unique."""
    yield from jpegs()
    yield from pngs()
    yield from others()
    yield from held()
    yield from half()
    yield from beside()
    yield from stand_ins()
    yield from pdfs()
    yield from documents()


def damaged(seeds: int) -> Iterator[Specimen]:
    """Every whole file of the corpus once more for each seed, with some bytes wrong, missing, or said twice."""
    whole = [one for one in specimens() if one.kept and one.copied and 100 < len(one.data) < 200_000]
    for seed in range(seeds):
        dice = random.Random(seed)
        for one in whole:
            broken = bytearray(one.data)
            for _ in range(dice.randint(1, 8)):
                at = dice.randrange(min(200, len(broken) // 2), len(broken))
                match dice.randrange(3):
                    case 0:
                        broken[at] = dice.randrange(256)
                    case 1:
                        del broken[at : at + dice.randint(1, 64)]
                    case 2:
                        broken[at:at] = broken[max(0, at - 32) : at]
            # A TIFF may now say that another picture follows.
            kept = None if one.name.startswith("tiff") else True
            yield Specimen(f"{one.name}, damaged {seed}", bytes(broken), kept=kept, copied=None)
