"""Whether a fax has all its rows. Runs only in the confined child.

Its decoder makes up what is missing, stops at the first wrong code, and says nothing. So a fax of group 4 is decoded again with
noise behind it: if every row was there, the noise is never read. It is decoded once more with noise in place of its last part: if
all of that part was read, it shows. In group 3 each row usually begins with a mark; then the marks are counted.
"""

from __future__ import annotations

import struct
from hashlib import shake_128
from io import BytesIO

from PIL import Image, TiffImagePlugin

PLUGINS = (TiffImagePlugin,)  # imported for its effect, before the child is confined

_NOISES = tuple(shake_128(seed).digest(4_096) for seed in (b"a", b"b"))
_LAST, _ENOUGH = 12, 600  # the last twelfth, if there are this many bytes: in fewer there may be nothing but white
_SHORT, _LONG = 3, 4
_GROUP_4 = 4
_MARK = "000000000001"


def has_every_row(data: bytes, width: int, height: int, way: int) -> bool:
    """Return whether every row is there. `way` is the K of PDFs: below 0 group 4, else group 3."""
    if way >= 0:
        marks = _bits(data).count(_MARK) if _MARK in _bits(data[:4]) else height
        return marks >= height
    seen = _rows(data, width, height)
    if any(_rows(data + noise, width, height) != seen for noise in _NOISES):
        return False
    packed = data.rstrip(b"\0\r\n")
    last = len(packed) // _LAST
    return len(packed) < _ENOUGH or any(
        _rows(packed[:-last] + (noise * (last // len(noise) + 1))[:last], width, height) != seen for noise in _NOISES
    )


def _bits(data: bytes) -> str:
    return format(int.from_bytes(data, "big"), f"0{8 * len(data)}b")


def _rows(data: bytes, width: int, height: int) -> bytes:
    with Image.open(BytesIO(_as_tiff(data, width, height)), formats=("TIFF",)) as picture:
        return picture.tobytes()


def _as_tiff(data: bytes, width: int, height: int) -> bytes:
    tags = [(256, _LONG, width), (257, _LONG, height), (258, _SHORT, 1), (259, _SHORT, _GROUP_4), (262, _SHORT, 0)]
    tags += [(273, _LONG, 0), (278, _LONG, height), (279, _LONG, len(data))]
    start = 8 + 2 + 12 * len(tags) + 4
    written = b"".join(struct.pack("<HHII", tag, kind, 1, value if tag != 273 else start) for tag, kind, value in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + written + bytes(4) + data
