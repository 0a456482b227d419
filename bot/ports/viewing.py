"""What looks at pictures, in processes of its own, and paints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.screening import Findings
from bot.domain.terms import Terms

LARGEST_DOCUMENT = 48_000_000  # bytes of a document's copy: homeservers usually take 50 MB


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture made for looking at or for leaving, without any of the original's metadata; a document has no size."""

    data: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a document as a picture, and how many pages there are."""

    picture: Rendition
    count: int


class Screener(Protocol):
    """What is done to untrusted image bytes, in a child process of its own."""

    async def rendition(self, data: bytes, longest_side: int) -> Rendition:
        """Return a metadata-free JPEG, upright; of a document its first page.

        `Permanent("not-viewable")` when the bytes cannot be decoded safely.
        """

    async def clean_copy(self, data: bytes, terms: Terms) -> Rendition:
        """Return the whole picture or document without its metadata, for a copy that leaves (R19); `terms` go into a picture.

        Pixels are unchanged where the format allows it; the pages of a document become pictures.
        `Permanent("not-viewable")` when there can be no such copy.
        """

    async def page(self, data: bytes, number: int) -> Page:
        """Return a page of a document, counted from 0, as its clean copy shows it.

        `Permanent("not-viewable")` when it can't be drawn.
        """

    async def screen(self, data: bytes) -> Findings:
        """Return what the file is and carries. `Permanent("not-viewable")`: the child crashed, hung or lied."""


class SummaryPainter(Protocol):
    def page(self, lines: Sequence[str], picture: Rendition | None) -> bytes:
        """Return one page as a PDF: the lines, the first of them larger, and below them the picture, which is a JPEG."""


class QrPainter(Protocol):
    def paint(self, text: str) -> Rendition:
        """Return a QR code as a PNG picture."""
