"""Whether every letter of a page can be drawn. Runs only in the confined child.

A document may name a font and not bring it along. The library that draws has Latin letters of its own, and those of Symbol and
Dingbats; it leaves out any other letter without a word. A page on which one would be missing is not shown: a result without its
words is worse than none. Letters that nobody sees (what a scanner read, laid under its picture) may be missing.
"""

from __future__ import annotations

import ctypes
from enum import Enum
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from .child_protocol import Reason, Unviewable

_OWN_ALPHABETS = ("Symbol", "ZapfDingbats")
_OTHER_ALPHABETS = ("dings",)  # Wingdings and its kin: small pictures, which would be drawn as letters
_LONGEST_NAME = 200
_DEPTH, _NO_WIDTH = 15, 0.01  # of forms within forms; points
# Measured, and checked again letter by letter by `test_every_letter_that_counts_as_drawn_is_drawn`.
LATIN = frozenset(
    "".join(map(chr, [*range(0x21, 0x7F), *range(0xA1, 0x100)])) + "ıŁłŒœŠšŸŽžƒˆˇ˘˙˚˛˜˝μ–—‘’‚“”„†‡•…‰‹›⁄€™−∕∙ﬁﬂ"
)


def check_letters(page: pdfium.PdfPage) -> None:
    """Raise `Unviewable` when a letter that is seen would be missing."""
    for thing in page.get_objects([raw.FPDF_PAGEOBJ_TEXT], max_depth=_DEPTH):
        left, _, right, _ = thing.get_bounds()
        # Letters that are not there have no width: such words are not among those examined one by one below.
        if (
            right - left < _NO_WIDTH
            and _is_seen(thing)
            and _alphabet(raw.FPDFTextObj_GetFont(thing)) is not _Alphabet.ALL
        ):
            raise Unviewable(Reason.LETTERS)
    words = page.get_textpage()
    fonts: dict[int, _Alphabet] = {}
    try:
        for at in range(words.count_chars()):
            thing = raw.FPDFText_GetTextObject(words, at)
            if not thing or not _is_seen(thing):
                continue
            font = raw.FPDFTextObj_GetFont(thing)
            key = ctypes.cast(font, ctypes.c_void_p).value or 0
            if key not in fonts:
                fonts[key] = _alphabet(font)
            known = raw.FPDFText_HasUnicodeMapError(words, at) != 1
            if not _is_drawn(chr(raw.FPDFText_GetUnicode(words, at)), known, fonts[key]):
                raise Unviewable(Reason.LETTERS)
    finally:
        words.close()


def is_latin(words: str) -> bool:
    """Return whether every letter is one that the library draws itself."""
    return all(_is_drawn(letter, True, _Alphabet.LATIN) for letter in words)


class _Alphabet(Enum):
    """Which letters of a font are drawn."""

    ALL = "it came with the document, or the library has it"
    LATIN = "another font stands in for it"
    NONE = "what stands in for it has other letters"


def _alphabet(font: Any) -> _Alphabet:
    if not font or raw.FPDFFont_GetIsEmbedded(font) == 1:
        return _Alphabet.ALL
    name = _name_of(font)
    if any(own in name for own in _OWN_ALPHABETS):
        return _Alphabet.ALL
    return _Alphabet.NONE if any(other in name for other in _OTHER_ALPHABETS) else _Alphabet.LATIN


def _is_seen(thing: Any) -> bool:
    return bool(raw.FPDFTextObj_GetTextRenderMode(thing) != raw.FPDF_TEXTRENDERMODE_INVISIBLE)


def _name_of(font: Any) -> str:
    name = ctypes.create_string_buffer(_LONGEST_NAME)
    length = raw.FPDFFont_GetBaseFontName(font, name, _LONGEST_NAME)
    return name.value.decode("latin-1") if 0 < length <= _LONGEST_NAME else ""


def _is_drawn(letter: str, known: bool, alphabet: _Alphabet) -> bool:
    if alphabet is _Alphabet.ALL:
        return True
    if known and (letter.isspace() or not letter.isprintable()):
        return True
    return known and alphabet is _Alphabet.LATIN and letter in LATIN
