"""PDFs by what is on their pages: scans, crops, layers, passwords, turns, forms, fonts, colours, sizes, damage.

Each is made here, without files of anybody else. `MARKER` stands where no reader of the pages sees it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal

from pikepdf import Array, Dictionary, Encryption, Name, Pdf, Permissions, Stream

from tests.photos import corners, encoded

from . import pages_of_pictures as pictures
from . import pages_of_words as words
from .paper import A4, ADDRESS, full_page, letter, page, picture, saved, text
from .specimen import Specimen

# ---- sizes


def _of(*sizes: tuple[float, float]) -> Callable[[Pdf], None]:
    def add(pdf: Pdf) -> None:
        for size in sizes:
            page(pdf, b"0 0 1 rg 0 0 %g %g re f" % (size[0] / 2, size[1] / 2), size)

    return add


def _turned(turn: int) -> Callable[[Pdf], None]:
    def add(pdf: Pdf) -> None:
        letter(pdf).Rotate = turn

    return add


def _in_other_units(pdf: Pdf) -> None:
    letter(pdf).UserUnit = 2.5


def _in_no_units(pdf: Pdf) -> None:
    letter(pdf).UserUnit = 0


def _crop_beside_the_page(pdf: Pdf) -> None:
    letter(pdf).CropBox = Array([500, 500, 600, 600])


def _not_from_zero(pdf: Pdf) -> None:
    obj = letter(pdf)
    obj.MediaBox = Array([200, 100, 0, 20])  # corners the other way round


def _many(count: int) -> Callable[[Pdf], None]:
    def add(pdf: Pdf) -> None:
        for number in range(count):
            page(pdf, text(b"page %d" % number, 12), (150, 60))

    return add


# ---- damaged


def _short_description(pdf: Pdf) -> None:
    """The words of a page end in the middle: a reader shows the half of it and says nothing."""
    words = b"".join(text(ADDRESS % row, 6, 5, 90 - 4 * row) for row in range(20))
    whole = zlib.compress(words)
    page(pdf, b"").Contents = Stream(pdf, whole[: len(whole) // 2], Filter=Name.FlateDecode)


def _wrong_description(pdf: Pdf) -> None:
    words = b"".join(text(ADDRESS % row, 6, 5, 90 - 4 * row) for row in range(20))
    whole = bytearray(zlib.compress(words, 1))
    whole[len(whole) // 2] ^= 0xFF
    whole[len(whole) // 2 + 1] ^= 0xFF
    page(pdf, b"").Contents = Stream(pdf, bytes(whole), Filter=Name.FlateDecode)


def _wrong_sum(pdf: Pdf) -> None:
    """As after a wrong byte that unpacks all the same: the words may be others."""
    whole = zlib.compress(text(b"consent form"))
    page(pdf, b"").Contents = Stream(pdf, whole[:-1] + bytes([whole[-1] ^ 1]), Filter=Name.FlateDecode)


def _no_sum(pdf: Pdf) -> None:
    """Every word is there, and no sum behind them: readers show it whole."""
    page(pdf, b"").Contents = Stream(pdf, zlib.compress(text(b"consent form"))[:-4], Filter=Name.FlateDecode)


def _short_picture(pdf: Pdf) -> None:
    pixels = zlib.compress(corners().tobytes())
    full_page(pdf, picture(pdf, pixels[: len(pixels) // 2], (48, 32), Name.DeviceRGB, Filter=Name.FlateDecode))


def _short_photo(pdf: Pdf) -> None:
    photo = encoded(corners((480, 320)))
    full_page(pdf, picture(pdf, photo[: len(photo) // 2], (480, 320), Name.DeviceRGB, Filter=Name.DCTDecode))


def _lower_in_the_tree(pdf: Pdf) -> None:
    """Size, turn and resources are said once, above the pages."""
    obj = letter(pdf)
    above = pdf.make_indirect(Dictionary(Type=Name.Pages, Parent=pdf.Root.Pages, Count=1, Kids=Array([obj])))
    for key in ("/MediaBox", "/Resources"):
        above[key] = obj[key]
        del obj[key]
    above.Rotate, obj.Parent, pdf.Root.Pages.Kids = 90, above, Array([above])


def _no_such_page(pdf: Pdf) -> None:
    letter(pdf)
    pdf.Root.Pages.Kids.append(pdf.make_indirect(Dictionary(Type=Name.Font)))
    pdf.Root.Pages.Count = 2


SHOWN: dict[str, Callable[[Pdf], None]] = {
    "a scan": pictures.scan,
    "a scan without an end": pictures.scan_without_an_end,
    "a fax": pictures.fax,
    "a jbig2 scan with globals": pictures.jbig2,
    "a jbig2 scan with globals in an array": pictures.jbig2_in_an_array,
    "a jpeg 2000": pictures.jpeg_2000,
    "words as a mask": pictures.stencil,
    "a crop": words.cropped,
    "a crop, turned": words.cropped_and_turned,
    "layers all on": words.layers(off=False),
    "a layer off": words.layers(off=True),
    "layers off until switched on": words.layers(off=False, base=Name.OFF),
    "a hidden note": words.hidden_notes,
    "a note on a layer that is off": words.note_on_a_layer_off,
    "a layer for printing": words.for_printing_alone,
    "a stamp": words.stamp,
    "a box ticked": words.ticked,
    "a highlight": words.marked,
    "ink": words.ink,
    "a sticky note": words.sticky,
    "typed words without looks": words.free_text,
    "a form filled in": words.filled_form,
    "a form that is drawn": words.drawn_form,
    "a film": words.film,
    "Arial, not embedded": words.latin("ArialMT"),
    "a font nobody has": words.latin("FooBarSans-Bold"),
    "symbols": words.symbols,
    "drawn letters": words.drawn_letters,
    "unseen Chinese": words.written(words.CHINESE, "皮肤", mode=3),
    "transparency": pictures.transparent,
    "a soft mask": pictures.soft_mask,
    "printing inks": pictures.printed,
    "a photo in printing inks": pictures.printed_photo,
    "a colour for a hole": pictures.colour_for_a_hole,
    "shades and patterns": pictures.shaded,
    "few colours": pictures.few_colours,
    "deep grey": pictures.deep,
    "an inline picture": pictures.inline,
    **{f"an inline picture in {place}": add for place, add in pictures.in_every_place(pictures.PACKED).items()},
    "an inline photo": pictures.inline_as(pictures.JPEG, b"/F /DCT"),
    "an inline picture in plain": pictures.inline_as(pictures.INLINE.tobytes(), b""),
    "a tiny page": _of((1, 1)),
    "a thin page": _of((3, 2000)),
    "a plan": _of((2384, 3370)),
    "the largest page": _of((14_400, 14_400)),
    "a page of no size": _of((0, 0)),
    "pages of all sizes": _of((200, 100), A4, (842, 1191), (50, 50)),
    "a quarter turn": _turned(90),
    "a half turn": _turned(180),
    "three quarters of a turn": _turned(270),
    "other units": _in_other_units,
    "a unit of nothing": _in_no_units,
    "all said above the page": _lower_in_the_tree,
    "corners the other way round": _not_from_zero,
    "120 pages": _many(120),
    "no sum": _no_sum,
}
NOT_SHOWN: dict[str, Callable[[Pdf], None]] = {
    "a line without looks": words.line,
    "a form for one program": words.adobe_only,
    "files for pages": words.collection,
    "Cyrillic, not embedded": words.cyrillic,
    "Cyrillic typed on the page": words.free_text_in_cyrillic,
    "a Hungarian letter": words.named("ohungarumlaut"),
    "Hungarian among Latin": words.named("o", "ohungarumlaut", "o"),
    "letters by odd names": words.named("g23", "g24"),
    "small pictures for letters": words.latin("Wingdings-Regular"),
    "a wrong sum": _wrong_sum,
    "half a scan": pictures.cut_scan,
    "a wrong byte in a scan": pictures.wrong_byte_in_a_scan,
    "half a fax": pictures.cut_fax,
    "a crop beside the page": _crop_beside_the_page,
    "Cyrillic in a note": words.cyrillic_in_a_note,
    "Chinese, not embedded": words.written(words.CHINESE, "皮肤"),
    "Japanese, not embedded": words.written(words.JAPANESE, "皮膚"),
    "letters by number alone": words.written(words.BARE, "\x24\x25\x26"),
    "half a description": _short_description,
    "a wrong byte in a description": _wrong_description,
    **{
        f"half an inline picture in {place}": add
        for place, add in pictures.in_every_place(pictures.PACKED[: len(pictures.PACKED) // 2]).items()
    },
    "half an inline photo": pictures.inline_as(pictures.JPEG[: len(pictures.JPEG) * 2 // 3], b"/F /DCT"),
    "half an inline picture in plain": pictures.inline_as(pictures.INLINE.tobytes()[:7000], b""),
    "half a picture": _short_picture,
    "half a photo": _short_photo,
    "a page that is none": _no_such_page,
}


@cache
def made(name: str) -> bytes:
    pdf = Pdf.new()
    (SHOWN | NOT_SHOWN)[name](pdf)
    return saved(pdf)


def documents() -> Iterator[Specimen]:
    for name in SHOWN:
        yield Specimen(f"pdf with {name}", made(name))
    for name in NOT_SHOWN:
        yield Specimen(f"pdf with {name}", made(name), copied=False)
    yield from _under_passwords()
    yield from _with_odd_tables()


def lettered() -> Pdf:
    pdf = Pdf.new()
    letter(pdf)
    return pdf


def _under_passwords() -> Iterator[Specimen]:
    strengths: tuple[tuple[Literal[2, 3, 4, 6], bool], ...] = ((2, False), (3, False), (4, True), (6, True))
    for strength, aes in strengths:
        for user in ("", "secret"):
            rules = Encryption(
                user=user, owner="owner", R=strength, aes=aes, metadata=aes, allow=Permissions(extract=False)
            )
            name = (
                f"pdf {'with a' if user else 'that opens without its'} password, {'aes' if aes else 'rc4'} {strength}"
            )
            yield Specimen(name, saved(lettered(), encryption=rules), copied=not user)


def _with_odd_tables() -> Iterator[Specimen]:
    whole = saved(lettered())
    start = whole.rindex(b"startxref")
    yield Specimen("pdf with a wrong startxref", whole[:start] + b"startxref\n7\n%%EOF\n")
    table = whole.rindex(b"xref\n", 0, start)
    yield Specimen("pdf without a table", whole[:table] + whole[whole.index(b"trailer") :])
    yield Specimen("pdf with all places wrong", b"%PDF-1.4\n%moved\n" + whole.split(b"\n", 1)[1])
    yield Specimen("pdf in windows lines", whole.replace(b"\nendobj\n", b"\r\nendobj\r\n"))
