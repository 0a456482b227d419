"""How a document looks to a renderer that is not ours: poppler's `pdftoppm`. Without it a test fails, and is not skipped."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from tests.patience import PATIENCE

_SIDE = 1000  # pixels, the longer side of a page as it is drawn
_CELLS, _COARSE_CELLS = 40, 12  # along the longer side
_SEEN, _SHARE = 40, 0.25  # of 255: what counts as ink; of the ink of one how much the other must have nearby
COLOURS_APART = 50  # of 255, where a coarse cell is looked at


def looks(document: bytes, most: int = 5) -> list[Image.Image]:
    """The first pages, inside their crop; none of what the judge can't open."""
    assert shutil.which("pdftoppm"), "poppler-utils, the judge of documents, is not installed: make packages"
    with tempfile.TemporaryDirectory(prefix="consentry-judge-") as directory:
        (Path(directory) / "document.pdf").write_bytes(document)
        asked = ["pdftoppm", "-cropbox", "-scale-to", str(_SIDE), "-l", str(most), "document.pdf", "page"]
        subprocess.run(asked, cwd=directory, capture_output=True, check=False, timeout=PATIENCE)
        return [Image.open(page).convert("RGB") for page in sorted(Path(directory).glob("page*.ppm"))]


def lost(here: Image.Image, there: Image.Image) -> int:
    """In how many places something is seen in the one, and nothing near it in the other: words, lines, pictures."""
    ink, other = (_cells(_ink(page), _CELLS) for page in (here, there))
    near = other.filter(ImageFilter.MaxFilter(3)) if min(other.size) >= 3 else other
    pairs = zip(ink.tobytes(), near.tobytes(), strict=True)
    return sum(seen > _SEEN and left < seen * _SHARE for seen, left in pairs)


def colours_apart(here: Image.Image, there: Image.Image) -> int:
    """How far the colours of the same place are from each other, at most."""
    difference = ImageChops.difference(_cells(here, _COARSE_CELLS), _cells(there, _COARSE_CELLS))
    return int(max(most for _, most in difference.getextrema()))  # type: ignore[misc]  # three bands


def _ink(page: Image.Image) -> Image.Image:
    red, green, blue = page.split()
    return ImageChops.invert(ImageChops.darker(ImageChops.darker(red, green), blue))


def _cells(page: Image.Image, most: int) -> Image.Image:
    scale = most / max(page.size)
    return page.resize((max(1, round(page.width * scale)), max(1, round(page.height * scale))), Image.Resampling.BOX)
