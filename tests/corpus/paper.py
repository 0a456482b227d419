"""What pages of PDFs are made of, for the corpus: words, pictures, notes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageDraw

A4 = (595, 842)
ADDRESS = b"Line %d: haemoglobin 134 g/L, within range; itch on the left forearm since Monday"


def saved(pdf: Pdf, **options: Any) -> bytes:
    out = BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def helvetica() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def page(pdf: Pdf, drawn: bytes, size: tuple[float, float] = (200, 100), **resources: Any) -> Any:
    """One more page, with its description, Helvetica as /F, and what else it draws with."""
    obj = pdf.add_blank_page(page_size=(max(size[0], 3), max(size[1], 3))).obj
    obj.MediaBox = Array([0, 0, *size])
    obj.Resources = Dictionary(Font=Dictionary(F=helvetica()), **resources)
    obj.Contents = Stream(pdf, drawn)
    return obj


def letter(pdf: Pdf, **options: Any) -> Any:
    """A page of words, black bars in two corners, so that a turn shows."""
    return page(
        pdf, b"0 0 1 rg 0 85 30 15 re f 1 0 0 rg 170 0 30 5 re f 0 g " + text(b"consent form", 12, 40, 50), **options
    )


def text(words: bytes, size: float = 12, x: float = 10, y: float = 30, font: bytes = b"F") -> bytes:
    return b"BT /%s %g Tf %g %g Td (%s) Tj ET " % (font, size, x, y, words)


def picture(pdf: Pdf, data: bytes, size: tuple[int, int], colours: Any, bits: int = 8, **more: Any) -> Any:
    kind = {"Type": Name.XObject, "Subtype": Name.Image, "Width": size[0], "Height": size[1], "BitsPerComponent": bits}
    made = Stream(pdf, data, **kind, **more)
    if colours is not None:
        made.ColorSpace = colours
    return pdf.make_indirect(made)


def full_page(pdf: Pdf, image: Any, size: tuple[float, float] = (200, 100)) -> Any:
    return page(pdf, b"q %g 0 0 %g 0 0 cm /A Do Q" % size, size, XObject=Dictionary(A=image))


def sheet(size: tuple[int, int] = (1656, 2339)) -> Image.Image:
    """A page of small letters, black on white, as a scanner sees it."""
    drawn = Image.new("L", size, 255)
    pen = ImageDraw.Draw(drawn)
    for row in range(20):
        pen.text((80, 60 + row * 100), ADDRESS.decode() % row, fill=0, font_size=26)
    pen.rectangle((size[0] - 200, size[1] - 100, size[0] - 1, size[1] - 1), fill=0)
    return drawn.point(lambda value: 255 * (value > 127)).convert("1")


def note(pdf: Pdf, obj: Any, kind: Any, looks: bytes = b"", **more: Any) -> Any:
    made = Dictionary(Type=Name.Annot, Subtype=kind, Rect=[20, 10, 120, 40], F=4, **more)
    if looks:
        box = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [0, 0, 100, 30]}
        form = Stream(pdf, looks, **box, Resources=Dictionary(Font=Dictionary(F=helvetica())))
        made.AP = Dictionary(N=pdf.make_indirect(form))
    made = pdf.make_indirect(made)
    obj.Annots = Array([*obj.get("/Annots", []), made])
    return made
