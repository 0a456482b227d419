"""PDFs: scripts, attachments, forms, layers, private data, pictures with metadata of their own, and broken ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Encryption, Name, Pdf, Stream, String

from bot.imaging.colour import Space, profile_of
from tests.photos import corners, encoded, profile_with_red_and_green_exchanged

from .jpegs import segment, with_segments
from .specimen import MARKER, Specimen, exif, xmp

WORDS = MARKER.decode()


def document() -> Pdf:
    """One page with words and a scan, the scan a JPEG as a phone made it."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(200, 100))
    scan = with_segments(encoded(corners()), segment(0xE1, exif()), segment(0xFE, MARKER))
    picture = Stream(pdf, scan, Type=Name.XObject, Subtype=Name.Image, Width=48, Height=32, BitsPerComponent=8)
    picture.ColorSpace, picture.Filter = Name.DeviceRGB, Name.DCTDecode
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    # Named like keys that mean something elsewhere.
    page.obj.Resources = Dictionary(
        XObject=Dictionary(A=pdf.make_indirect(picture)), Font=Dictionary(AA=pdf.make_indirect(font))
    )
    page.obj.Contents = Stream(pdf, b"q 96 0 0 64 10 10 cm /A Do Q BT /AA 12 Tf 10 80 Td (consent form) Tj ET")
    return pdf


def saved(pdf: Pdf, **options: Any) -> bytes:
    out = BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def _scripts(pdf: Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{WORDS}')"))
    pdf.Root.OpenAction = pdf.make_indirect(action)
    pdf.Root.AA = Dictionary(WC=action)
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action])))
    pdf.pages[0].obj.AA = Dictionary(O=action)


def _attachment(pdf: Pdf) -> None:
    pdf.attachments["notes.txt"] = AttachedFileSpec(  # type: ignore[call-arg]  # only the stubs want all of it
        pdf, MARKER, filename="notes.txt"
    )


def _about(pdf: Pdf) -> None:
    pdf.docinfo["/Author"], pdf.docinfo["/Title"] = WORDS, WORDS
    pdf.Root.Metadata = Stream(pdf, xmp(), Type=Name.Metadata, Subtype=Name.XML)


def _private(pdf: Pdf) -> None:
    page = pdf.pages[0].obj
    page.PieceInfo = Dictionary(Illustrator=Dictionary(Private=String(WORDS)))
    page.Metadata = Stream(pdf, xmp(), Type=Name.Metadata, Subtype=Name.XML)
    page.Resources.XObject.A.Metadata = Stream(pdf, xmp(), Type=Name.Metadata, Subtype=Name.XML)
    page.Resources.XObject.A["/Creator"] = String(WORDS)
    page.LastModified = String("D:20260302074116")
    page.Thumb = Stream(pdf, MARKER)


def _notes(pdf: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 10, 10], Contents=String(WORDS), T=String(WORDS))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 10, 10])
    link.A = Dictionary(S=Name.URI, URI=String(f"https://example.org/{WORDS}"))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note), pdf.make_indirect(link)])


def _comment_in_the_page(pdf: Pdf) -> None:
    page = pdf.pages[0].obj
    marked = b"% " + MARKER + b"\n/Span <</ActualText (" + MARKER + b")>> BDC " + page.Contents.read_bytes() + b" EMC"
    page.Contents = Stream(pdf, marked)


def _drawn_form(pdf: Pdf) -> None:
    form = Stream(pdf, b"% " + MARKER + b"\n0 0 5 5 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    form.Metadata = Stream(pdf, xmp(), Type=Name.Metadata, Subtype=Name.XML)
    form.PieceInfo = Dictionary(Any=String(WORDS))
    pdf.pages[0].obj.Resources.XObject.Fm0 = form
    pdf.pages[0].obj.Contents = Stream(pdf, b"/Fm0 Do")


def _layers(pdf: Pdf) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(WORDS)))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))


def _structure(pdf: Pdf) -> None:
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Dictionary(S=Name.P, ActualText=String(WORDS)))
    pdf.Root.Lang = String(WORDS)
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(WORDS, 0))


def plain_picture(pdf: Pdf, pixels: bytes, colours: object = Name.DeviceRGB, **options: object) -> Stream:
    """48 by 32 pixels as they are, without a coder of pictures."""
    picture = Stream(pdf, pixels, Type=Name.XObject, Subtype=Name.Image, Width=48, Height=32, BitsPerComponent=8)
    picture.ColorSpace = colours
    for key, value in options.items():
        picture[f"/{key}"] = value
    pdf.pages[0].obj.Resources.XObject.A = pdf.make_indirect(picture)
    return picture


def _behind_the_pixels(pdf: Pdf) -> None:
    plain_picture(pdf, corners().tobytes() + MARKER * 9)


def _unknown_coder(pdf: Pdf) -> None:
    plain_picture(pdf, with_segments(encoded(corners()), segment(0xE1, exif())), Filter=Name("/DCTDecodes"))


def _no_pixels(pdf: Pdf) -> None:
    """A photo whose coder is not named: its bytes, metadata and all, would pass for pixels."""
    plain_picture(pdf, with_segments(encoded(corners()), segment(0xE1, exif())))


def _in_colours(profile: bytes) -> Callable[[Pdf], None]:
    def add(pdf: Pdf) -> None:
        meant = Stream(pdf, profile + MARKER, N=3, Alternate=Name.DeviceRGB)
        meant.Creator = String(WORDS)
        plain_picture(pdf, corners().tobytes(), Array([Name.ICCBased, pdf.make_indirect(meant)]))

    return add


def _palette(pdf: Pdf) -> None:
    plain_picture(pdf, bytes(48 * 32), Array([Name.Indexed, Name.DeviceRGB, 0, String("abc" + WORDS)]))


def _drawn_by_nobody(pdf: Pdf) -> None:
    """Words and streams where a page may have any, and nobody who draws it looks."""
    resources = pdf.pages[0].obj.Resources
    resources.Font.AA.Comment = String(WORDS)
    resources.XObject.Other = Stream(pdf, MARKER, Type=Name.XObject, Subtype=Name.PS)
    resources.ExtGState = Dictionary(GS=Dictionary(Private=Stream(pdf, MARKER), List=Array([String(WORDS)])))
    resources.Secret = Array([Stream(pdf, MARKER), Array([String(WORDS)])])


def _named_by_nobody(pdf: Pdf) -> None:
    """What a page could draw, and does not: cut out of it once, or put there to travel along."""
    resources = pdf.pages[0].obj.Resources
    words = b"BT (" + MARKER + b") Tj ET"
    resources.XObject.Cut = Stream(pdf, words, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    tile = Stream(pdf, words, PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 9, 9], XStep=9, YStep=9)
    resources.Pattern = Dictionary(Cut=pdf.make_indirect(tile))
    drawn = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 9, 9], FontMatrix=[1, 0, 0, 1, 0, 0])
    drawn.CharProcs = Dictionary(a=pdf.make_stream(words))
    resources.Font.Cut = pdf.make_indirect(drawn)


ADDED: dict[str, tuple[Callable[[Pdf], None], bool]] = {
    "nothing": (lambda pdf: None, True),
    "scripts": (_scripts, True),
    "an attachment": (_attachment, True),
    "author and xmp": (_about, True),
    "private data": (_private, True),
    "notes and links": (_notes, True),
    "a comment in the page": (_comment_in_the_page, True),
    "a drawn form": (_drawn_form, True),
    "structure and outline": (_structure, True),
    "layers": (_layers, True),
    "more than pixels": (_behind_the_pixels, True),
    "a palette": (_palette, True),
    "what nobody draws": (_drawn_by_nobody, True),
    "what no page names": (_named_by_nobody, True),
    "an unknown coder": (_unknown_coder, False),
    "a photo for pixels": (_no_pixels, False),
    "a colour profile": (_in_colours(profile_of(Space.ADOBE_RGB)), True),
    "an unknown profile": (_in_colours(profile_with_red_and_green_exchanged()), True),
}

ONE_PICTURE = {"a drawn form", "more than pixels", "a colour profile", "an unknown profile", "a palette"}


def pdfs() -> Iterator[Specimen]:
    for name, (add, copied) in ADDED.items():
        pdf = document()
        add(pdf)
        yield Specimen(f"pdf with {name}", saved(pdf), copied=copied)
        yield Specimen(
            f"pdf with {name}, packed", saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate), copied=copied
        )
    everything = document()
    for name, (add, copied) in ADDED.items():
        if copied and name not in ONE_PICTURE:
            add(everything)
    whole = saved(everything)
    yield Specimen("pdf with everything", whole)
    yield Specimen("pdf and then more", whole + MARKER * 10)
    yield Specimen("pdf behind junk", MARKER * 10 + b"\n" + whole, copied=None)
    yield Specimen("pdf with a password", saved(document(), encryption=Encryption(user="u", owner="o")), copied=False)
    yield Specimen("pdf without pages", saved(Pdf.new()), copied=False)
    for share in (0.2, 0.5, 0.9):
        yield Specimen(f"pdf cut at {share}", whole[: int(len(whole) * share)], copied=None)
    loop = document()
    names = loop.make_indirect(loop.pages[0].obj.Resources.XObject)
    names.A = names
    loop.pages[0].obj.Resources.XObject = names
    yield Specimen("pdf that contains itself", saved(loop), copied=None)
    many = Pdf.new()
    for _ in range(600):
        many.add_blank_page(page_size=(10, 10))
    yield Specimen("pdf of 600 pages", saved(many), copied=False)
    yield Specimen("pdf header alone", b"%PDF-1.7\n", copied=False)
    yield Specimen(
        "pdf nested deep",
        b"%PDF-1.4\n1 0 obj\n" + b"[" * 50_000 + b"\nendobj\ntrailer <</Root 1 0 R>>\n%%EOF",
        copied=False,
    )
