"""PDFs by what is written on their pages: hidden parts, notes and forms, fonts that did not come along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from .paper import helvetica, letter, note, page, text
from .specimen import MARKER

WORDS = MARKER.decode()

# ---- what is hidden


def cropped(pdf: Pdf, turn: int = 0) -> None:
    obj = page(
        pdf, text(MARKER, 20, 10, 150) + b"1 0 0 rg 60 60 20 20 re f " + text(b"inside", 20, 60, 100), (300, 200)
    )
    obj.CropBox = Array([50, 50, 180, 130])
    obj.Rotate = turn


def cropped_and_turned(pdf: Pdf) -> None:
    cropped(pdf, 90)


def layers(off: bool, base: Any = None) -> Callable[[Pdf], None]:
    def add(pdf: Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("words")))
        drawn = (
            text(b"seen", 20, 10, 20)
            + b"/OC /L BDC "
            + text(MARKER if off or base else b"seen too", 20, 10, 60)
            + b"EMC"
        )
        page(pdf, drawn, Properties=Dictionary(L=layer))
        default = Dictionary(OFF=Array([layer] if off else []), ON=Array([] if off or base else [layer]))
        if base is not None:
            default.BaseState = base
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=default)

    return add


def hidden_notes(pdf: Pdf) -> None:
    obj = letter(pdf)
    looks = Stream(pdf, b"0 1 0 rg 0 0 100 50 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 100, 50])
    hidden = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=[50, 20, 150, 70], F=2, Contents=String(WORDS))
    hidden.AP = Dictionary(N=pdf.make_indirect(looks))
    obj.Annots = Array([pdf.make_indirect(hidden)])


def note_on_a_layer_off(pdf: Pdf) -> None:
    stamped = note(pdf, letter(pdf), Name.Stamp, b"1 0 0 rg 0 0 100 30 re f")
    stamped.OC = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("stamps")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([stamped.OC]), D=Dictionary(OFF=Array([stamped.OC])))


def for_printing_alone(pdf: Pdf) -> None:
    usage = Dictionary(View=Dictionary(ViewState=Name.OFF), Print=Dictionary(PrintState=Name.ON))
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("print"), Usage=usage))
    page(pdf, b"/OC /L BDC " + text(MARKER) + b"EMC " + text(b"seen", y=60), Properties=Dictionary(L=layer))
    rule = Dictionary(Event=Name.View, Category=Array([Name.View]), OCGs=Array([layer]))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(AS=Array([rule])))


# ---- notes and forms


def stamp(pdf: Pdf) -> None:
    note(pdf, letter(pdf), Name.Stamp, b"1 0 0 RG 2 w 1 1 98 28 re S " + text(b"RECEIVED", 14, 10, 10))


def marked(pdf: Pdf) -> None:
    quads = Array([40, 65, 120, 65, 40, 45, 120, 45])
    note(pdf, letter(pdf), Name.Highlight, QuadPoints=quads, C=Array([1, 1, 0]))


def free_text_in_cyrillic(pdf: Pdf) -> None:
    note(pdf, letter(pdf), Name.FreeText, DA=String("/Helv 12 Tf 1 0 0 rg"), Contents=String("Вера"))


def ticked(pdf: Pdf) -> None:
    """A box that is ticked, by its value alone."""
    obj = letter(pdf)
    looks = Dictionary(CA=String("4"), BC=Array([0, 0, 0]))
    box = note(pdf, obj, Name.Widget, FT=Name.Btn, T=String("agreed"), V=Name.Yes, AS=Name.Yes, MK=looks)
    box.DA, box.Rect = String("/ZaDb 20 Tf 0 g"), Array([20, 10, 50, 40])
    signs = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
    pdf.Root.AcroForm = Dictionary(Fields=Array([box]), DR=Dictionary(Font=Dictionary(ZaDb=signs)))


def free_text(pdf: Pdf) -> None:
    note(pdf, letter(pdf), Name.FreeText, DA=String("/Helv 12 Tf 1 0 0 rg"), Contents=String("typed on the page"))


def line(pdf: Pdf) -> None:
    note(pdf, letter(pdf), Name.Line, L=Array([20, 10, 120, 40]), C=Array([1, 0, 0]), BS=Dictionary(W=3))


def ink(pdf: Pdf) -> None:
    note(pdf, letter(pdf), Name.Ink, InkList=Array([Array([20, 10, 60, 40, 120, 10])]), C=Array([0, 0.5, 0]))


def sticky(pdf: Pdf) -> None:
    note(pdf, letter(pdf), Name.Text, Contents=String(WORDS))


def filled_form(pdf: Pdf) -> None:
    """As a form is when a program filled it in without drawing what it filled in."""
    obj = letter(pdf)
    field = note(
        pdf,
        obj,
        Name.Widget,
        FT=Name.Tx,
        T=String("name"),
        V=String("Wilhelmina Pomelo"),
        DA=String("/F 12 Tf 0 g"),
    )
    fonts = Dictionary(Font=Dictionary(F=pdf.make_indirect(helvetica())))
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), NeedAppearances=True, DR=fonts, DA=String("/F 12 Tf 0 g"))


def drawn_form(pdf: Pdf) -> None:
    obj = letter(pdf)
    signed = note(pdf, obj, Name.Widget, text(b"I agree", 16, 5, 8), FT=Name.Tx, T=String("agreed"))
    pdf.Root.AcroForm = Dictionary(Fields=Array([signed]))


def film(pdf: Pdf) -> None:
    note(pdf, letter(pdf), Name.Screen, b"0.5 g 0 0 100 30 re f")


def adobe_only(pdf: Pdf) -> None:
    page(pdf, text(b"Please wait... your viewer cannot show this form", 8))
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([]), XFA=pdf.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
    )
    pdf.Root.NeedsRendering = True


def collection(pdf: Pdf) -> None:
    page(pdf, text(b"open this with another program", 10))
    pdf.attachments["scan.txt"] = MARKER
    pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)


# ---- letters


def latin(name: str) -> Callable[[Pdf], None]:
    def add(pdf: Pdf) -> None:
        font = Dictionary(
            Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name(f"/{name}"), Encoding=Name.WinAnsiEncoding
        )
        obj = page(pdf, text(b"Z\xfcrich 37.5\xb0 \x80 \x96 fever", 18, font=b"O"))
        obj.Resources.Font.O = font

    return add


def symbols(pdf: Pdf) -> None:
    obj = page(pdf, text(b"abm", 18, font=b"S") + text(b"4", 18, 100, font=b"Z"))
    obj.Resources.Font.S = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Symbol)
    obj.Resources.Font.Z = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)


def named(*names: str) -> Callable[[Pdf], None]:
    """Letters by their names, in a font that did not come along."""

    def add(pdf: Pdf) -> None:
        font = letters_by_name()
        font.Encoding.Differences = Array([65, *(Name(f"/{name}") for name in names)])
        page(pdf, text(b"ABC"[: len(names)], 18, font=b"O")).Resources.Font.O = font

    return add


def letters_by_name() -> Dictionary:
    names = [Name("/afii10017"), Name("/afii10018"), Name("/afii10019")]
    spelled = Dictionary(Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding, Differences=Array([65, *names]))
    return Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.ArialMT, Encoding=spelled)


def cyrillic(pdf: Pdf) -> None:
    page(pdf, text(b"ABC", 18, font=b"O")).Resources.Font.O = letters_by_name()


def cyrillic_in_a_note(pdf: Pdf) -> None:
    made = note(pdf, letter(pdf), Name.Stamp, text(b"ABC", 14, 10, 10, b"O"))
    made.AP.N.Resources.Font.O = letters_by_name()


def composite(base: str, order: str, coding: str) -> Callable[[Pdf], Dictionary]:
    def make(pdf: Pdf) -> Dictionary:
        about = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{base}"),
            Flags=6,
            FontBBox=Array([0, -200, 1000, 900]),
            ItalicAngle=0,
            Ascent=800,
            Descent=-200,
            CapHeight=700,
            StemV=80,
        )
        inner = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name(f"/{base}"), FontDescriptor=about)
        inner.CIDSystemInfo = Dictionary(Registry=String("Adobe"), Ordering=String(order), Supplement=2)
        outer = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name(f"/{base}"), Encoding=Name(f"/{coding}"))
        outer.DescendantFonts = Array([pdf.make_indirect(inner)])
        return outer

    return make


def written(font: Callable[[Pdf], Dictionary], words: str, mode: int = 0) -> Callable[[Pdf], None]:
    def add(pdf: Pdf) -> None:
        drawn = b"BT %d Tr /O 18 Tf 10 30 Td <%s> Tj ET" % (mode, words.encode("utf-16-be").hex().encode())
        page(pdf, drawn + b" 0 Tr " + text(b"and Latin", 12, 10, 60)).Resources.Font.O = font(pdf)

    return add


CHINESE = composite("STSong-Light", "GB1", "UniGB-UCS2-H")
JAPANESE = composite("HeiseiMin-W3", "Japan1", "UniJIS-UCS2-H")
BARE = composite("ArialMT", "Identity", "Identity-H")


def drawn_letters(pdf: Pdf) -> None:
    """A font whose letters are little page descriptions."""
    obj = page(pdf, text(b"aba", 20, font=b"T"))
    bar, box = (
        pdf.make_stream(b"1000 0 0 0 750 750 d1 0 0 750 250 re f"),
        pdf.make_stream(b"1000 0 0 0 750 750 d1 0 0 750 750 re f"),
    )
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 750, 750]), FirstChar=97, LastChar=98)
    font.FontMatrix, font.Widths = Array([0.001, 0, 0, 0.001, 0, 0]), Array([1000, 1000])
    font.CharProcs = Dictionary(bar=bar, box=box)
    font.Encoding = Dictionary(Type=Name.Encoding, Differences=Array([97, Name("/bar"), Name("/box")]))
    font.Resources = Dictionary()
    obj.Resources.Font.T = pdf.make_indirect(font)
