"""Whether a fax of group 4 has all its rows. Runs only in the confined child.

Who decodes it makes up what is missing, and says nothing. So it is decoded twice, once with noise behind it: where every row was
there the noise is never read, and both come out the same, whether or not the end is marked.
"""

from __future__ import annotations

import struct
from hashlib import shake_128
from io import BytesIO

from PIL import Image, TiffImagePlugin

PLUGINS = (TiffImagePlugin,)  # imported for its effect, before the child is confined

_NOISE = shake_128(b"noise").digest(4_096)
_SHORT, _LONG = 3, 4
_GROUP_4 = 4


def has_every_row(data: bytes, width: int, height: int) -> bool:
    return _rows(data, width, height) == _rows(data + _NOISE, width, height)


def _rows(data: bytes, width: int, height: int) -> bytes:
    with Image.open(BytesIO(_as_tiff(data, width, height)), formats=("TIFF",)) as picture:
        return picture.tobytes()


def _as_tiff(data: bytes, width: int, height: int) -> bytes:
    tags = [(256, _LONG, width), (257, _LONG, height), (258, _SHORT, 1), (259, _SHORT, _GROUP_4), (262, _SHORT, 0)]
    tags += [(273, _LONG, 0), (278, _LONG, height), (279, _LONG, len(data))]
    start = 8 + 2 + 12 * len(tags) + 4
    written = b"".join(struct.pack("<HHII", tag, kind, 1, value if tag != 273 else start) for tag, kind, value in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + written + bytes(4) + data
