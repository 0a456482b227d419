"""What a PDF carries beside its pages, and its first page made small. Runs only in the confined child.

Every object of the file is looked at, wherever it hangs, so the findings are true whichever way a program wrote the file.
Whether all its pages can be shown is found out by drawing them (`pages`), not here: here only the first page is drawn.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from itertools import islice
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import ImageChops

from bot.domain.screening import SMALL_SIDE, Also, Findings

from .carried import tells_a_place
from .child_protocol import WHY, Reason, Unviewable
from .pdf_layers import off_by_default
from .pdf_pages import first_page_jpeg
from .pdf_whole import MOST_OBJECTS
from .pdfium import drawn, opened, page_at
from .short import short

_SCRIPTED = {"/JavaScript", "/Launch"}
_FILES = ("/F", "/UF", "/DOS", "/Mac", "/Unix")
_MEDIA = {"/Screen", "/Movie", "/Sound", "/RichMedia", "/3D"}
_UNSEEN_ANYWAY = {"/Popup", "/Link"}
_HIDDEN = 2 | 32  # flags of a note: hidden; not shown on a screen
_MOST_CROPPED = 50  # pages that are searched outside their crop
_COARSE = 0.5  # pixels for each point
_DATE = re.compile(r"D?:?(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?")


def of_document(data: bytes, found: Findings) -> Findings:
    """Return the findings about a document, filled in."""
    with suppress(Exception), pikepdf.open(BytesIO(data)) as document:  # its reader raises whatever it likes
        found = _about(document, replace(found, frames=max(1, len(document.pages))))
        carried = dict.fromkeys(islice(_carried(document), MOST_OBJECTS))
        hidden = [Also.HIDDEN] if Also.HIDDEN not in carried and _shows_more_outside(data, document) else []
        found = replace(found, also=tuple(extra for extra in Also if extra in {*carried, *hidden, *found.also}))
    with suppress(Exception):
        found = replace(found, place=tells_a_place(data))
    try:
        small = first_page_jpeg(data, SMALL_SIDE)[0]
    except Unviewable as refused:
        return replace(found, viewable=False, why=WHY[refused.reason])
    except Exception:  # anything may go wrong in drawing
        return replace(found, viewable=False, why=WHY[Reason.DAMAGED])
    return replace(found, small=b64encode(small).decode())


def _about(document: pikepdf.Pdf, found: Findings) -> Findings:
    about: Any = document.docinfo
    written = str(about.get("/CreationDate", ""))
    when = _DATE.match(written)
    taken = "{}:{}:{} {}:{}:{}".format(*(part or "00" for part in when.groups())) if when else written
    author = (Also.AUTHOR,) if str(about.get("/Author", "")).strip() else ()
    return replace(found, taken=short(taken), software=short(str(about.get("/Producer", ""))), also=author)


def _carried(document: pikepdf.Pdf) -> Iterator[Also]:
    if off_by_default(document.Root):
        yield Also.HIDDEN
    for thing in islice(_dictionaries(document), MOST_OBJECTS):
        kind = str(thing.get("/Subtype", ""))
        is_note = bool(kind) and "/Rect" in thing
        if _is_script(thing):
            yield Also.SCRIPTS
        if (
            _holds_a_file(thing.get("/EF"))
            or thing.get("/Type") == Name.EmbeddedFile
            or (is_note and kind == "/FileAttachment")
        ):
            yield Also.ATTACHMENTS
        if thing.get("/Type") == Name.Metadata:
            yield Also.XMP
        if is_note and kind in _MEDIA:
            yield Also.MEDIA
        if is_note and kind not in _UNSEEN_ANYWAY and int(thing.get("/F", 0)) & _HIDDEN:
            yield Also.HIDDEN


def _dictionaries(document: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every dictionary and stream of the file, also those that stand inside another."""
    for whole in document.objects:
        waiting: list[Any] = [whole]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, (Dictionary, Stream)):
                yield thing
            elif not isinstance(thing, Array):
                continue
            parts = thing if isinstance(thing, Array) else [part for _, part in thing.items()]
            waiting += [part for part in parts if isinstance(part, (Dictionary, Array)) and not part.is_indirect]


def _is_script(action: Any) -> bool:
    kind = str(action.get("/S", ""))
    return kind in _SCRIPTED or (kind == "/Rendition" and "/JS" in action)


def _holds_a_file(files: Any) -> bool:
    """Return whether these are the contents of an attachment. A document may call a font by the same name."""
    return isinstance(files, Dictionary) and any(isinstance(files.get(name), Stream) for name in _FILES)


def _shows_more_outside(data: bytes, document: pikepdf.Pdf) -> bool:
    """Return whether anything would be drawn outside the crop of a page."""
    cropped = [number for number, page in enumerate(document.pages) if _is_cropped(page)][:_MOST_CROPPED]
    if not cropped:
        return False
    with opened(data) as whole:
        for number in cropped:
            page = page_at(whole, number)
            left, bottom, right, top = page.get_cropbox()
            page.set_rotation(0)
            x, y, end, upper = page.get_mediabox()
            page.set_cropbox(x, y, end, upper)
            width, height = (max(1, min(2000, round(side * _COARSE))) for side in (end - x, upper - y))
            seen = drawn(whole, page, width, height)
            across, down = width / (end - x), height / (upper - y)
            inside = (
                (left - x) * across - 1,
                (upper - top) * down - 1,
                (right - x) * across + 1,
                (upper - bottom) * down + 1,
            )
            seen.paste("white", (int(inside[0]), int(inside[1]), int(inside[2]) + 1, int(inside[3]) + 1))
            if ImageChops.invert(seen).getbbox() is not None:
                return True
    return False


def _is_cropped(page: pikepdf.Page) -> bool:
    crop, whole = ([float(side) for side in box] for box in (page.cropbox, page.mediabox))
    return any(abs(a - b) > 1 for a, b in zip(crop, whole, strict=True))
