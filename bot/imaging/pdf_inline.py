"""Whether the pictures that stand within a description are whole: of a page, a form on it, a pattern, a drawn letter.

A program that draws them shows what there is of one, or nothing, and goes on with what follows. Runs only in the confined child.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInlineImage, Name, Stream

from .pdf_streams import check_unpacks

_BEGIN = re.compile(rb"(?:^|[\s\]>)])BI\s*/[A-Z]")  # not the BI of BI-RADS, which may stand in words
_WITHIN = "BI ID EI"
_TILES = 1


def check_inline_pictures(thing: Any, document: pikepdf.Pdf) -> None:
    """Raise `Unviewable`, or whatever a malformed one makes the library raise, where a part of a picture within it is missing."""
    for described in _descriptions(thing):
        for part in pikepdf.parse_content_stream(described, _WITHIN):
            if isinstance(part, ContentStreamInlineImage):
                check_unpacks(_by_itself(part, document))


def _descriptions(thing: Any) -> Iterator[Any]:
    """Yield what describes this thing, where a picture may begin in it."""
    if isinstance(thing, Stream):
        if thing.get("/Subtype") == Name.Form or thing.get("/PatternType") == _TILES:
            yield from _beginning(thing, [thing])
    elif thing.get("/Subtype") == Name.Type3:
        for _, letter in thing.get("/CharProcs", {}).items():
            yield from _beginning(letter, [letter])
    elif thing.get("/Type") == Name.Page:
        contents: Any = thing.get("/Contents", [])
        yield from _beginning(thing, contents if isinstance(contents, Array) else [contents])


def _beginning(described: Any, streams: Any) -> Iterator[Any]:
    if any(isinstance(stream, Stream) and _BEGIN.search(stream.read_bytes()) for stream in streams):
        yield described


def _by_itself(part: ContentStreamInlineImage, document: pikepdf.Pdf) -> Stream:
    """Return the same picture as if it stood outside."""
    told: Any = part.iimage
    return Stream(document, told.read_raw_bytes(), {**dict(told.obj.items()), "/Subtype": Name.Image})
