"""A PDF written from pictures, one on each page, with nothing else in it (R19).

Every byte but the pixels is written here, in the process that holds the keys, so that nothing of an original can ride along.
Deliberately understands only the JPEGs and PNGs that `pages` makes: three colours or grey, not interlaced, without a palette.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from . import jpeg_segments, png_chunks
from .child_protocol import Form

_LARGEST_PAGE = 14_400  # units: readers refuse more
_DEPTHS_OF_GREY, _GREY, _COLOURS = (1, 8), 0, 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as a picture, and its size in points."""

    form: Form
    data: bytes
    width: int
    height: int
    across: float
    down: float


def check_sheet(sheet: Sheet) -> None:
    """Raise `ValueError` when it is not a plain picture of the size it says, on a page of some size."""
    if sheet.form not in (Form.JPEG, Form.PNG):
        raise ValueError("no picture")
    if not (0 < sheet.across < 1e6 and 0 < sheet.down < 1e6):
        raise ValueError("a page of no size")
    size = (jpeg_segments if sheet.form is Form.JPEG else png_chunks).size_of_plain(sheet.data)
    if size != (sheet.width, sheet.height) or not min(size):
        raise ValueError("another size")
    _coding(sheet)


def document_of(sheets: Sequence[Sheet]) -> bytes:
    """Return a PDF of these pages."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(sheets), b" ".join(b"%d 0 R" % (3 + 3 * number) for number in range(len(sheets)))),
    ]
    for number, sheet in enumerate(sheets):
        parts += _page(sheet, 3 + 3 * number)
    return file_of(parts)


def _page(sheet: Sheet, first: int) -> list[bytes]:
    unit = max(1.0, sheet.across / _LARGEST_PAGE, sheet.down / _LARGEST_PAGE)
    size = b"%.3f %.3f" % (sheet.across / unit, sheet.down / unit)
    larger = b" /UserUnit %.3f" % unit if unit > 1 else b""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s]%s /Contents %d 0 R /Resources << /XObject << /P %d 0 R >> >> >>"
    ) % (size, larger, first + 1, first + 2)
    across, down = size.split()
    drawn = b"q %s 0 0 %s 0 0 cm /P Do Q" % (across, down)
    coding, data = _coding(sheet)
    about = b"/Type /XObject /Subtype /Image /Width %d /Height %d %s" % (sheet.width, sheet.height, coding)
    return [page, stream_of(b"", drawn), stream_of(about, data)]


def _coding(sheet: Sheet) -> tuple[bytes, bytes]:
    """Return how the pixels are coded, in the words of a PDF, and the pixels: a JPEG as it is, a PNG without its frame."""
    if sheet.form is Form.JPEG:
        return b"/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", sheet.data
    chunks = list(png_chunks.chunks(sheet.data))
    width, _, depth, colours, *rest = struct.unpack(">IIBBBBB", chunks[0].body)
    plain = (colours == _GREY and depth in _DEPTHS_OF_GREY) or (colours == _COLOURS and depth == 8)
    if not plain or any(rest):
        raise ValueError("not a plain PNG")
    inks, space = (1, b"Gray") if colours == _GREY else (3, b"RGB")
    coding = (
        b"/ColorSpace /Device%s /BitsPerComponent %d /Filter /FlateDecode "
        b"/DecodeParms << /Predictor 15 /Colors %d /BitsPerComponent %d /Columns %d >>"
    ) % (space, depth, inks, depth, width)
    return coding, b"".join(chunk.body for chunk in chunks if chunk.name == b"IDAT")


def stream_of(about: bytes, data: bytes) -> bytes:
    """Return bytes as they stand in a PDF, with what is said about them."""
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (about, len(data), data)


def file_of(parts: Sequence[bytes]) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is its root."""
    written, places = [b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"], []
    at = len(written[0])
    for number, part in enumerate(parts, 1):
        places.append(at)
        written.append(b"%d 0 obj\n%s\nendobj\n" % (number, part))
        at += len(written[-1])
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + b"".join(
        b"%010d 00000 n \n" % place for place in places
    )
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, at)
    return b"".join([*written, table, end])
