"""A small PDF of our own to warm up with.

It has letters, a field, a note and a scan, so that everything that loads late is loaded.
"""

from __future__ import annotations

from io import BytesIO

import pikepdf

from .picture_pdf import file_of, stream_of

_LETTERS = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
_PAGE = b"/Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] /Contents 4 0 R /Annots [6 0 R 7 0 R]"
_FIELD = b"/Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Sam) /DA (/F 9 Tf 0 g) /Rect [5 40 70 60] /F 4"
_SCAN = b"/Type /XObject /Subtype /Image /Width 8 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 1"

SMALLEST = file_of(
    [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] /DR << "
        + _LETTERS
        + b" >> /NeedAppearances true >> >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< " + _PAGE + b" /Resources << " + _LETTERS + b" /XObject << /P 5 0 R >> >> >>",
        stream_of(b"", b"q 20 0 0 9 40 5 cm /P Do Q BT /F 9 Tf 5 20 Td (warm) Tj ET"),
        stream_of(_SCAN, b"\x0f"),
        b"<< " + _FIELD + b" >>",
        b"<< /Type /Annot /Subtype /Highlight /Rect [5 5 30 15] /QuadPoints [5 15 30 15 5 5 30 5] /C [1 1 0] >>",
    ]
)


def encrypted() -> bytes:
    """Return the same under the newest kind of password, which its reader need not know."""
    out = BytesIO()
    with pikepdf.open(BytesIO(SMALLEST)) as document:
        document.save(out, encryption=pikepdf.Encryption(user="", owner="o", R=6))
    return out.getvalue()
