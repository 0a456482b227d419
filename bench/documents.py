"""Documents as practices get them: a letter, a scan from a fax, photos from a phone's scanner, a long report."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from bot.imaging.child_protocol import Form
from bot.imaging.picture_pdf import Sheet, document_of, file_of, stream_of
from bot.imaging.sample import sample_photo

_A4 = (595, 842)
_LINE = "haemoglobin %d g/L, within range; patient reports itch on the left forearm since Monday, no fever, no travel"


def documents() -> dict[str, bytes]:
    """Each by what it is."""
    return {
        "a letter of 1 page": _letter(1),
        "a report of 10 pages": _letter(10),
        "a report of 100 pages": _letter(100),
        "a fax of 10 pages": document_of([_scan(1728, 2444)] * 10),
        "a scan of 10 pages, 300 dots to the inch": document_of([_scan(2480, 3508)] * 10),
        "5 photos of 12 megapixels": document_of([_photo(number) for number in range(5)]),
    }


def _letter(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(count))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(count):
        parts.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F 3 0 R >> >> >>"
            % (5 + 2 * number)
        )
        lines = b" ".join(b"(%s) Tj T*" % (_LINE % (number * 50 + row)).encode() for row in range(45))
        parts.append(stream_of(b"", b"BT /F 10 Tf 14 TL 40 780 Td %s ET" % lines))
    return file_of(parts)


def _scan(width: int, height: int) -> Sheet:
    page = Image.new("1", (width, height), 1)
    pen = ImageDraw.Draw(page)
    for row in range(45):
        pen.text((width // 15, height // 15 + row * height // 52), _LINE % row, fill=0, font_size=height // 85)
    out = BytesIO()
    page.save(out, "PNG")
    return Sheet(Form.PNG, out.getvalue(), width, height, *_A4)


def _photo(number: int) -> Sheet:
    with Image.open(BytesIO(sample_photo(1 + number, 3))) as photo:
        out = BytesIO()
        large = photo.convert("RGB").resize((4000, 3000))
        large.save(out, "JPEG", quality=90)
        return Sheet(Form.JPEG, out.getvalue(), *large.size, *_A4[::-1])
