"""Seeing that every row of a JPEG decodes. Runs only in the confined child.

Pillow goes on in silence where compressed data is wrong or missing, with grey or with what it last saw. `simplejpeg` asks the
same library to stop at its first complaint. It decodes all of the data, at an eighth of the size, which is the quickest way; of
pictures whose colours are sampled in a way that it doesn't know, `pikepdf` decodes all, with the same promise.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads would be started for nothing, and take memory

import pikepdf
import simplejpeg

from . import jpeg_segments
from .child_protocol import Reason, Unviewable
from .pixels import ends_in_nothing

_MORE_THAN_NEEDED = re.compile(r"Corrupt JPEG data: (\d+) extraneous bytes before marker 0xd9")
_RARE_COLOURS = "Could not determine subsampling"  # a grid of colours that the quick way can't read
_FILLING = (b"\0", b"\xff")
_END = b"\xff\xd9"
_MOST_ZEROS = 64  # with which its data may end, whatever it is a picture of
_AT_THE_SEAM = 8  # bytes of the last row that may look like filling by chance
_NOT_READ = ("Unsupported", "Sorry", "Cannot quantize")
_MEMORY = ("Insufficient memory", "Backing store", "Memory limit", "Memory allocation")


def check_rows(jpeg: bytes) -> None:
    """Raise `Unviewable` when a row is missing or wrong.

    `jpeg` is what `jpeg_segments.stripped` returns: a picture and no more.
    """
    said = _complaint(jpeg)
    if (more := _MORE_THAN_NEEDED.match(said)) and _is_padding(jpeg[:-2], int(more[1])):
        # Only the first complaint is told; others may hide behind it.
        said = _complaint(jpeg[: -2 - int(more[1])] + _END)
    if _RARE_COLOURS in said:
        said = "" if any(_decodes(candidate) for candidate in (jpeg, _without_padding(jpeg))) else "rows are missing"
    if not said and not _is_filled_up(jpeg):
        return
    if said.startswith(_MEMORY):
        raise Unviewable(Reason.REFUSED)
    raise Unviewable(Reason.CODED if said.startswith(_NOT_READ) else Reason.DAMAGED)


def _is_filled_up(jpeg: bytes) -> bool:
    """Return whether the last rows were read from zeros that a broken transfer left.

    In a file where zeros stand for plain blocks, they may be right.
    """
    if not ends_in_nothing(jpeg[:-2], _MOST_ZEROS):
        return False
    tables = [segment.body for segment in jpeg_segments.segments(jpeg) if segment.marker == jpeg_segments.DHT]
    return any(_shortest(table) != 0 for body in tables for table in _each(body))


def _each(tables: bytes) -> Iterator[bytes]:
    while tables:
        length = 17 + sum(tables[1:17])
        yield tables[:length]
        tables = tables[length:]


def _shortest(table: bytes) -> int:
    """Return what the shortest code of a table, which is all zeros, stands for.

    0 is a block, or the rest of one, without a change.
    """
    return table[17] if len(table) > 17 else 0


def _complaint(jpeg: bytes) -> str:
    try:
        simplejpeg.decode_jpeg(jpeg, colorspace="GRAY", min_height=1, min_width=1)
    except ValueError as complaint:
        return str(complaint)
    return ""


def _decodes(jpeg: bytes) -> bool:
    with pikepdf.new() as document:
        try:
            pikepdf.Stream(document, jpeg, Filter=pikepdf.Name.DCTDecode).read_bytes(pikepdf.StreamDecodeLevel.all)
        except (pikepdf.PdfError, pikepdf.DataDecodingError):
            return False
    return True


def _without_padding(jpeg: bytes) -> bytes:
    filling = jpeg[-3:-2]
    return jpeg[:-2].rstrip(filling) + _END if filling in _FILLING else jpeg


def _is_padding(picture: bytes, length: int) -> bool:
    """Return whether the bytes behind the last row are what cameras fill up with; data would mean that rows came out short.

    If more of the same stands before it, the rows themselves were read from the filling of a broken transfer.
    """
    filling = picture[-1:]
    filled = len(picture) - len(picture.rstrip(filling))
    return length == 1 or (filling in _FILLING and length <= filled <= length + _AT_THE_SEAM)
