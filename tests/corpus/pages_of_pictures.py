"""PDFs by the pictures and colours on their pages: fax and scanner, masks, inks, shades, transparency."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from tests.photos import corners, encoded

from .paper import A4, full_page, page, picture, sheet, text
from .scans import group3, group4, jbig2_with_globals

# ---- scans


def scan(pdf: Pdf) -> None:
    scan = sheet()
    parms = Dictionary(K=-1, Columns=scan.width, Rows=scan.height, BlackIs1=True)
    image = picture(pdf, group4(scan), scan.size, Name.DeviceGray, 1, Filter=Name.CCITTFaxDecode, DecodeParms=parms)
    full_page(pdf, image, A4)


def cut_scan(pdf: Pdf) -> None:
    """A scan of which the lower half did not come."""
    whole, data = sheet(), group4(sheet())
    parms = Dictionary(K=-1, Columns=whole.width, Rows=whole.height, BlackIs1=True)
    half = data[: len(data) // 2]
    full_page(pdf, picture(pdf, half, whole.size, Name.DeviceGray, 1, Filter=Name.CCITTFaxDecode, DecodeParms=parms))


def scan_without_an_end(pdf: Pdf) -> None:
    """Every row is there, and no mark that it was the last."""
    whole = sheet()
    parms = Dictionary(K=-1, Columns=whole.width, Rows=whole.height, BlackIs1=True, EndOfBlock=False)
    data = group4(whole).rstrip(b"\0")[:-3]
    full_page(pdf, picture(pdf, data, whole.size, Name.DeviceGray, 1, Filter=Name.CCITTFaxDecode, DecodeParms=parms))


def wrong_byte_in_a_scan(pdf: Pdf) -> None:
    whole, data = sheet(), bytearray(group4(sheet()))
    data[len(data) // 3] ^= 0xFF
    parms = Dictionary(K=-1, Columns=whole.width, Rows=whole.height, BlackIs1=True)
    scan_as_it_came = picture(pdf, bytes(data), whole.size, Name.DeviceGray, 1, Filter=Name.CCITTFaxDecode)
    scan_as_it_came.DecodeParms = parms
    full_page(pdf, scan_as_it_came, A4)


def cut_fax(pdf: Pdf) -> None:
    fax(pdf)
    coded = pdf.pages[0].obj.Resources.XObject.A
    half = coded.read_raw_bytes()[: len(coded.read_raw_bytes()) // 2]
    coded.write(half, filter=Name.CCITTFaxDecode, decode_parms=Dictionary(K=0, Columns=1728, Rows=1143, BlackIs1=True))


def fax(pdf: Pdf) -> None:
    """As a fax machine sends it: 204 dots to the inch across, 98 down."""
    scan = sheet().resize((1728, 1143))
    parms = Dictionary(K=0, Columns=1728, Rows=1143, BlackIs1=True)
    image = picture(pdf, group3(scan), scan.size, Name.DeviceGray, 1, Filter=Name.CCITTFaxDecode, DecodeParms=parms)
    full_page(pdf, image, A4)


def jbig2(pdf: Pdf) -> None:
    shared, data, size = jbig2_with_globals()
    parms = Dictionary(JBIG2Globals=pdf.make_stream(shared))
    image = picture(pdf, data, size, Name.DeviceGray, 1, Filter=Name.JBIG2Decode, DecodeParms=parms)
    full_page(pdf, image)


def jbig2_in_an_array(pdf: Pdf) -> None:
    shared, data, size = jbig2_with_globals()
    parms = Array([Dictionary(JBIG2Globals=pdf.make_stream(shared))])
    coder = Array([Name.JBIG2Decode])
    full_page(pdf, picture(pdf, data, size, Name.DeviceGray, 1, Filter=coder, DecodeParms=parms))


def jpeg_2000(pdf: Pdf) -> None:
    data = encoded(corners(), "JPEG2000")
    full_page(pdf, picture(pdf, data, (48, 32), Name.DeviceRGB, Filter=Name.JPXDecode))


def stencil(pdf: Pdf) -> None:
    """Words as a mask over colours, as scanners write that keep text sharp above a coarse picture."""
    bits = sheet().resize((400, 200)).tobytes()
    mask = picture(pdf, bits, (400, 200), None, 1, ImageMask=True)
    ground = picture(pdf, encoded(corners()), (48, 32), Name.DeviceRGB, Filter=Name.DCTDecode)
    drawn = b"q 200 0 0 100 0 0 cm /G Do Q 0 0 0.4 rg q 200 0 0 100 0 0 cm /M Do Q"
    page(pdf, drawn, XObject=Dictionary(G=ground, M=mask))


# ---- colours


def transparent(pdf: Pdf) -> None:
    states = Dictionary(Half=Dictionary(ca=0.5), Times=Dictionary(BM=Name.Multiply))
    drawn = b"1 0 0 rg 20 20 80 60 re f /Half gs 0 0 1 rg 60 30 80 60 re f /Times gs 1 1 0 rg 10 10 60 30 re f"
    page(pdf, drawn, ExtGState=states).Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)


def soft_mask(pdf: Pdf) -> None:
    fade = picture(pdf, bytes(range(256)) * 4, (256, 4), Name.DeviceGray)
    full_page(pdf, picture(pdf, encoded(corners()), (48, 32), Name.DeviceRGB, Filter=Name.DCTDecode, SMask=fade))


def printed(pdf: Pdf) -> None:
    """In the colours of a printing press, as a fill and as a picture."""
    inks = picture(pdf, b"\0\0\0\0" * 16 + b"\0\xff\xff\0" * 16 + b"\0\0\0\xff" * 32, (8, 8), Name.DeviceCMYK)
    page(pdf, b"0 1 1 0 k 10 10 60 80 re f q 90 0 0 80 100 10 cm /A Do Q", XObject=Dictionary(A=inks))


def printed_photo(pdf: Pdf) -> None:
    """As programs for print write a JPEG: in four inks, upside down."""
    inks = encoded(corners((96, 64)).convert("CMYK"))
    upside_down = Array([1, 0] * 4)
    full_page(pdf, picture(pdf, inks, (96, 64), Name.DeviceCMYK, Filter=Name.DCTDecode, Decode=upside_down))


def colour_for_a_hole(pdf: Pdf) -> None:
    full_page(pdf, picture(pdf, corners().tobytes(), (48, 32), Name.DeviceRGB, Mask=Array([200, 255, 0, 60, 0, 60])))


def shaded(pdf: Pdf) -> None:
    ramp = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 0, 0]), C1=Array([0, 0, 1]), N=1)
    shade = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 200, 0]), Function=ramp)
    tile = Stream(pdf, b"0 0 4 4 re f", PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 8, 8], XStep=8, YStep=8)
    tile.Resources = Dictionary()
    drawn = b"/S sh /Pattern cs /P scn 20 20 80 60 re f"
    page(pdf, drawn, Shading=Dictionary(S=shade), Pattern=Dictionary(P=pdf.make_indirect(tile)))


def few_colours(pdf: Pdf) -> None:
    palette = Array([Name.Indexed, Name.DeviceRGB, 1, String(b"\xff\x00\x00\x00\x00\xff")])
    full_page(pdf, picture(pdf, b"\xf0\xf0\x0f\x0f", (8, 4), palette, 1))


def deep(pdf: Pdf) -> None:
    ramp = b"".join((value * 257).to_bytes(2, "big") for value in range(256))
    full_page(pdf, picture(pdf, ramp * 2, (256, 2), Name.DeviceGray, 16))


def inline(pdf: Pdf) -> None:
    page(pdf, b"q 100 0 0 80 50 10 cm BI /W 2 /H 2 /CS /RGB /BPC 8 ID \xff\0\0\0\xff\0\0\0\xff\xff\xff\0 EI Q")


INLINE = corners((80, 60))
PACKED, JPEG = zlib.compress(INLINE.tobytes()), encoded(INLINE)


def inline_as(data: bytes, coder: bytes = b"/F /Fl", where: str = "page") -> Callable[[Pdf], None]:
    """A picture within the description of a page, of a form on it, of a pattern or of a drawn letter."""
    drawn = b"q 100 0 0 80 50 10 cm BI /W 80 /H 60 /CS /RGB /BPC 8 %s ID %s\nEI Q " % (coder, data)

    def add(pdf: Pdf) -> None:
        if where == "page":
            page(pdf, drawn + text(b"after"))
        elif where == "parts":
            page(pdf, b"").Contents = Array([pdf.make_stream(b"q 1 0 0 1 0 0 cm Q"), pdf.make_stream(drawn)])
        elif where == "form":
            form = Stream(pdf, drawn, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 100])
            page(pdf, b"/A Do", XObject=Dictionary(A=pdf.make_indirect(form)))
        elif where == "pattern":
            tiles = Stream(
                pdf, drawn, Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, XStep=200, YStep=100
            )
            tiles.BBox, tiles.Resources = Array([0, 0, 200, 100]), Dictionary()
            page(pdf, b"/Pattern cs /A scn 0 0 200 100 re f", Pattern=Dictionary(A=pdf.make_indirect(tiles)))
        else:
            font = Dictionary(
                Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 200, 100]), FirstChar=97, LastChar=97
            )
            font.FontMatrix, font.Widths = Array([0.005, 0, 0, 0.01, 0, 0]), Array([200])
            font.CharProcs = Dictionary(photo=pdf.make_stream(b"200 0 d0 " + drawn))
            font.Encoding = Dictionary(Type=Name.Encoding, Differences=Array([97, Name("/photo")]))
            page(pdf, text(b"a", 100, 0, 0, b"T")).Resources.Font.T = pdf.make_indirect(font)

    return add


def in_every_place(data: bytes, coder: bytes = b"/F /Fl") -> dict[str, Callable[[Pdf], None]]:
    places = {
        "a page": "page",
        "a page of parts": "parts",
        "a form": "form",
        "a pattern": "pattern",
        "a letter": "letter",
    }
    return {place: inline_as(data, coder, where) for place, where in places.items()}
