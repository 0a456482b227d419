"""The confined child: one picture in, one rendition out, then it ends.

Protocol, over its standard streams: it writes READY once confined; reads the longest side (4 bytes, big-endian) and the
picture until end of input; writes one status byte (0, or a `Reason`), and after 0 width, height (4 bytes each) and the JPEG.
No input at all means that the parent has gone: it ends without a word.
Deliberately has no arguments, no environment and no error output: what it says is these bytes only.
"""

from __future__ import annotations

import os
import struct
import sys
from io import BytesIO

from PIL import Image

from .confine import confine
from .decode import FORMATS, Unviewable, rendition

READY = b"\x06"
REQUEST = struct.Struct(">I")
REPLY = struct.Struct(">II")


def main() -> None:
    """Serve one request and end; never returns."""
    _warm_up()
    confine()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    request = sys.stdin.buffer.read()
    if len(request) > REQUEST.size:
        sys.stdout.buffer.write(_answer(request))
        sys.stdout.buffer.flush()
    # Skips the interpreter's tidying up, which costs more than the fork did and could touch what hostile bytes broke.
    os._exit(0)


def _answer(request: bytes) -> bytes:
    (longest_side,) = REQUEST.unpack_from(request)
    try:
        jpeg, width, height = rendition(request[REQUEST.size :], longest_side)
    except Unviewable as refused:
        return bytes([refused.reason])
    return b"\0" + REPLY.pack(width, height) + jpeg


def _warm_up() -> None:
    """Run every decoder once, so that whatever they load late is loaded before files can no longer be opened."""
    for name in FORMATS:
        picture = BytesIO()
        Image.new("RGB", (32, 32)).save(picture, name)
        rendition(picture.getvalue(), 16)
