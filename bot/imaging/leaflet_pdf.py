"""One printed page, A5, with a QR code on it. Every byte is written here, from words we chose.

The letters are those every PDF reader brings along, which are Latin ones: what they can't write is refused, because a practice
whose name is half question marks would not be believed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

import segno

from bot.domain.errors import Permanent
from bot.words.on_a_leaflet import Leaflet

from .picture_pdf import file_of, stream_of

_ACROSS, _DOWN, _MARGIN = 419.5, 595.3, 40.0  # points: A5
_QR: Final = 250.0  # points, with its border: a phone reads it from a table
_BORDER: Final = 4  # modules of quiet around it, which cameras need
_PLAIN, _BOLD = b"/P", b"/B"
_WIDE: Final = {_PLAIN: 0.53, _BOLD: 0.58}  # of its size, what a letter takes on average; most lines end well before


def leaflet_pdf(words: Leaflet, link: str) -> bytes:
    """Return the page; raise `Permanent` where its letters can't be written."""
    drawn = b"\n".join(_drawn(words, link))
    fonts = b" ".join(
        b"%s << /Type /Font /Subtype /Type1 /BaseFont /Helvetica%s /Encoding /WinAnsiEncoding >>" % (name, style)
        for name, style in ((_PLAIN, b""), (_BOLD, b"-Bold"))
    )
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.1f %.1f] /Contents 4 0 R /Resources << /Font << %s >> >> >>"
    return file_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R /Lang (en-AU) >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            page % (_ACROSS, _DOWN, fonts),
            stream_of(b"", drawn),
        ]
    )


def _drawn(words: Leaflet, link: str) -> Iterator[bytes]:
    at = _DOWN - _MARGIN
    for font, size, text in ((_BOLD, 18.0, words.practice), (_PLAIN, 14.0, words.title)):
        for line in _lines(text, font, size):
            at -= size * 1.25
            yield _line(line, font, size, _MARGIN, at)
    yield from _square(link, at)
    at -= _QR
    for number, step in enumerate(words.steps, 1):
        at -= 7
        for row, line in enumerate(_lines(step, _PLAIN, 11, indent=20)):
            at -= 14
            if row == 0:
                yield _line(f"{number}.", _BOLD, 11, _MARGIN, at)
            yield _line(line, _PLAIN, 11, _MARGIN + 20, at)
    at -= 8
    for font, size, text in (
        (_BOLD, 12.0, words.emergency),
        (_PLAIN, 11.0, words.questions),
        (_PLAIN, 8.0, words.once),
    ):
        for line in _lines(text, font, size):
            at -= size * 1.5
            yield _line(line, font, size, _MARGIN, at)
    yield _line(words.mark, _PLAIN, 8, _MARGIN, 22)


def _lines(text: str, font: bytes, size: float, indent: float = 0) -> list[str]:
    return textwrap.wrap(text, int((_ACROSS - 2 * _MARGIN - indent) / (size * _WIDE[font])))


def _line(text: str, font: bytes, size: float, across: float, at: float) -> bytes:
    try:
        written = text.encode("cp1252")
    except UnicodeEncodeError:
        raise Permanent("letters", f"these letters can't be printed on a leaflet: {text}") from None
    escaped = written.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT %s %.0f Tf %.1f %.1f Td (%s) Tj ET" % (font, size, across, at, escaped)


def _square(link: str, below: float) -> Iterator[bytes]:
    """Draw the code, as squares, in the middle of the page."""
    rows = [bytes(row) for row in segno.make_qr(link, error="m").matrix]
    module = _QR / (len(rows) + 2 * _BORDER)
    left, top = (_ACROSS - _QR) / 2 + _BORDER * module, below - _BORDER * module
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                yield b"%.3f %.3f %.3f %.3f re" % (left + x * module, top - (y + 1) * module, module, module)
    yield b"f"
