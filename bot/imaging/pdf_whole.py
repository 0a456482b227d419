"""Whether all that a page of a PDF is drawn from is there, to its last byte. Runs only in the confined child.

A program that draws pages stops at the first wrong byte, shows what there is until then (half a page, a photo grey below) and
says nothing. Guarantees: whatever is packed unpacks to its end (`unpacked`), also within a description (`inline`); every note
that has something to show says how it looks. A checksum may be missing, as every reader allows; a wrong one means a wrong byte.
Deliberately does not judge what is drawn, nor how.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from .child_protocol import Reason, Unviewable
from .pdf_inline import check_inline_pictures
from .pdf_layers import is_off, off_by_default
from .pdf_letters import is_latin
from .pdf_streams import check_unpacks
from .read import refusing

MOST_OBJECTS = 200_000
_LARGEST_UNIT = 1_000.0
# These hang on a page and are not drawn on it.
_NOT_DRAWN = {
    *("/Parent", "/P", "/Popup", "/IRT", "/Metadata", "/PieceInfo", "/Thumb", "/B", "/AA", "/A", "/Dest", "/D", "/R"),
    *("/StructParents", "/FS", "/AF", "/OPI", "/Alternates", "/Properties", "/OC", "/Kids", "/Sound", "/Movie", "/PA"),
    *("/RichMediaContent", "/3DD", "/ToUnicode"),
}
# Dictionaries whose keys are names that the document chose itself.
_OF_NAMES = {"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/CharProcs", "/Colorants"}
# Notes that are drawn only when they say how they look; better readers show something anyway.
_NEED_LOOKS = {"/Line", "/Polygon", "/PolyLine", "/Stamp", "/Caret", "/Watermark", "/Redact"}
_REFERENCE = re.compile(rb"\b(\d{1,9}) (\d{1,5}) R\b")
_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
_HIDDEN = 2 | 32  # flags of a note: hidden; not shown on a screen


@contextmanager
def whole(data: bytes) -> Iterator[Whole]:
    """Open the parts of a document, to be checked page by page. Whatever goes wrong inside is `Unviewable`."""
    with refusing():
        try:
            with pikepdf.open(BytesIO(data)) as document:
                yield Whole(document, data)
        except pikepdf.PasswordError:
            raise Unviewable(Reason.PROTECTED) from None


class Whole:
    """The parts of a document."""

    def __init__(self, document: pikepdf.Pdf, data: bytes) -> None:
        self._document = document
        for _ in document.objects:  # each is read, so that none turns out to be damaged later
            pass
        self._was_repaired = bool(document.get_warnings())
        self._has_lost = self._was_repaired and _names_what_is_lost(data, document)
        self._off = off_by_default(document.Root)
        self._seen: set[tuple[int, int]] = set()

    @property
    def count(self) -> int:
        return len(self._document.pages)

    def as_one_reader_sees_it(self, data: bytes) -> bytes:
        """Return the file, or its repaired version if it had to be repaired, because other readers might find less in it."""
        if not self._was_repaired:
            return data
        out = BytesIO()
        self._document.save(out, static_id=True, encryption=False, fix_metadata_version=False)
        return out.getvalue()

    @property
    def is_collection(self) -> bool:
        """Return whether its pages are only the cover of other files."""
        return "/Collection" in self._document.Root and len(self._document.attachments) > 0

    def unit_of(self, number: int) -> float:
        """Return how large a page's units are, in points.

        Of all statements about its size, this is the only one that the drawing library ignores.
        """
        unit = float(self._document.pages[number].obj.get("/UserUnit", 1))
        return unit if 0 < unit <= _LARGEST_UNIT else 1.0

    def unseen_notes(self, number: int) -> list[int]:
        """Return which notes of a page belong to layers that are off: the drawing library would show them."""
        notes: Any = self._document.pages[number].obj.get("/Annots", [])
        return [at for at, note in enumerate(notes) if note is not None and is_off(note.get("/OC"), self._off)]

    def check_page(self, number: int) -> None:
        """Raise `Unviewable` when something that the page is drawn from is damaged, or a note doesn't say how it looks."""
        page = self._document.pages[number].obj
        if self._has_lost:
            raise Unviewable(Reason.DAMAGED)
        if self._was_repaired:
            _check_nothing_is_missing(page)
        for thing in self._parts_of(page):
            if isinstance(thing, Stream):
                check_unpacks(thing)
            check_inline_pictures(thing, self._document)
            if "/Rect" in thing and "/Subtype" in thing and not _says_how_it_looks(thing):
                _check_note(thing)

    def _parts_of(self, page: Any) -> Iterator[Any]:
        """Yield every dictionary and stream that the page is drawn from; each once for all pages that are checked."""
        waiting: list[tuple[Any, str]] = [(thing, "") for thing in (page, *_inherited_by(page))]
        for _ in range(MOST_OBJECTS):
            if not waiting:
                return
            thing, under = waiting.pop()
            if thing.is_indirect:
                if thing.objgen in self._seen:
                    continue
                self._seen.add(thing.objgen)
            if isinstance(thing, Array):
                parts = [(part, "") for part in thing]
            else:
                yield thing
                all_drawn = under in _OF_NAMES
                parts = [(part, key) for key, part in thing.items() if all_drawn or key not in _NOT_DRAWN]
            waiting += [(part, key) for part, key in parts if _is_compound(part)]
        raise Unviewable(Reason.DAMAGED)


def _names_what_is_lost(data: bytes, document: pikepdf.Pdf) -> bool:
    """Return whether a repaired file refers to an object that it doesn't have: it was cut, or a part is garbled."""
    said = {(int(found[1]), int(found[2])) for found in _REFERENCE.finditer(_STREAM.sub(b"", data))}
    return any(document.get_object(number, generation) is None for number, generation in said)


def _check_nothing_is_missing(page: Any) -> None:
    """Raise `Unviewable` when a page of a repaired file names something that the file doesn't have.

    A lost part reads as null.
    """
    lists = [page.get(key) for key in ("/Contents", "/Annots")]
    if lists[0] is None or any(None in list(part) for part in lists if isinstance(part, Array)):
        raise Unviewable(Reason.DAMAGED)
    resources: Any = page.get("/Resources", next(iter(_inherited_by(page)), {}))
    for instruction in pikepdf.parse_content_stream(page, "Do Tf"):
        kind = "/XObject" if str(instruction.operator) == "Do" else "/Font"
        if instruction.operands and str(instruction.operands[0]) not in resources.get(kind, {}):
            raise Unviewable(Reason.DAMAGED)


def _inherited_by(page: Any) -> list[Any]:
    """Return what the page draws with, when a node above it in the tree says so and not the page itself."""
    above = page
    for _ in range(50):
        if "/Resources" in above:
            return [above.Resources] if above is not page else []
        above = above.get("/Parent")
        if above is None:
            return []
    return []


def _check_note(note: Any) -> None:
    """Raise `Unviewable` when a note that doesn't say how it looks would be drawn without what it is or says."""
    if note.Subtype in _NEED_LOOKS:
        raise Unviewable(Reason.NOTES_WITHOUT_LOOKS)
    if note.Subtype == Name.FreeText and not is_latin(str(note.get("/Contents", ""))):
        raise Unviewable(Reason.LETTERS)


def _is_compound(value: object) -> bool:
    return isinstance(value, (Dictionary, Array, Stream))


def _says_how_it_looks(note: Any) -> bool:
    return bool(int(note.get("/F", 0)) & _HIDDEN) or "/N" in note.get("/AP", {})
