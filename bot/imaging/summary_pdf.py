"""One page that says what an entry is, with a small picture: for programs and people that can't read the index.

Every byte but the pixels is written here, from words we chose; the picture is one that a confined child made. The letters are
those every PDF reader brings along, which are Latin ones: what they can't write is shown as a question mark, and the page then
says so, because half a name could be somebody else's.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bot.ports import Rendition

from . import jpeg_segments
from .picture_pdf import file_of, stream_of

_ACROSS, _DOWN, _MARGIN = 595.0, 842.0, 50.0  # points: A4
_TITLE, _SIZE, _LEADING = 14, 9, 12.5
_LETTERS, _OF_TITLE = 91, 58  # of Courier in one line: each is 0.6 of its size wide
_MOST_LINES = 36
_LEAST_PICTURE = 100.0
_START_OF_FRAME = {0xC0, 0xC1, 0xC2}
NOT_WRITTEN = (
    "Some letters can't be written on this page (?). The record has them; ask if you are not sure whose this is."
)
CUT = "… The rest is in the practice's record."


class SummaryPage:
    """The port `SummaryPainter`."""

    def page(self, lines: Sequence[str], picture: Rendition | None) -> bytes:
        """Return the page; the same words and picture make the same bytes."""
        written = list(_written(lines))
        drawn, at = [], _DOWN - _MARGIN
        for number, line in enumerate(written):
            size = _TITLE if number == 0 else _SIZE
            at -= _LEADING if number else _LEADING + 4
            drawn.append(b"BT /F %d Tf %.1f %.1f Td (%s) Tj ET" % (size, _MARGIN, at, _escaped(line)))
        resources = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >> >>"
        parts = []
        room = at - _LEADING - _MARGIN
        if picture is not None and room >= _LEAST_PICTURE:
            scale = min((_ACROSS - 2 * _MARGIN) / picture.width, room / picture.height)
            width, height = picture.width * scale, picture.height * scale
            place = (width, height, _MARGIN, at - _LEADING - height)
            drawn.append(b"q %.2f 0 0 %.2f %.2f %.2f cm /P Do Q" % place)
            resources += b" /XObject << /P 5 0 R >>"
            parts.append(_picture(picture))
        page = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << %s >> >>" % resources
        )
        return file_of(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
                page,
                stream_of(b"", b"\n".join(drawn)),
                *parts,
            ]
        )


def _written(lines: Sequence[str]) -> Iterator[str]:
    """Yield what fits on the page, each line no longer than it is wide; say what is left out."""
    plain = [_latin(line) for line in lines]
    if plain != [_whole(line) for line in lines]:
        plain.append(NOT_WRITTEN)
    wrapped = [plain[0][:_OF_TITLE], *(part for line in plain[1:] for part in textwrap.wrap(line, _LETTERS) or [""])]
    if len(wrapped) > _MOST_LINES:
        wrapped = [*wrapped[: _MOST_LINES - 2], CUT, *([NOT_WRITTEN] if NOT_WRITTEN in plain else [])]
    yield from wrapped


def _whole(line: str) -> str:
    return " ".join(line.split())


def _latin(line: str) -> str:
    written = _whole(line).encode("cp1252", errors="replace").decode("cp1252")
    return "".join(letter if letter.isprintable() else "?" for letter in written)


def _escaped(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _picture(picture: Rendition) -> bytes:
    frame = next(part for part in jpeg_segments.segments(picture.data) if part.marker in _START_OF_FRAME)
    inks = b"Gray" if frame.body[5] == 1 else b"RGB"
    about = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /Device%s /BitsPerComponent 8 /Filter /DCTDecode"
    return stream_of(about % (picture.width, picture.height, inks), picture.data)
