"""Black and white as fax machines and scanners write it: CCITT groups 3 and 4, and JBIG2 with what its pages share."""

from __future__ import annotations

import struct
from io import BytesIO

from PIL import Image, ImageOps, TiffImagePlugin


def group4(picture: Image.Image) -> bytes:
    return _strip(picture, "group4")


def group3(picture: Image.Image) -> bytes:
    return _strip(picture, "group3")


def _strip(picture: Image.Image, coding: str) -> bytes:
    """The coded rows of a picture, all in one."""
    out = BytesIO()
    picture.save(out, "TIFF", compression=coding, tiffinfo={278: picture.height})
    out.seek(0)
    with TiffImagePlugin.TiffImageFile(out) as written:
        (start,), (length,) = written.tag_v2[273], written.tag_v2[279]
    return out.getvalue()[start : start + length]


TILE = 8


def jbig2_with_globals() -> tuple[bytes, bytes, tuple[int, int]]:
    """What the pages share (a white and a black tile), one page that lays such tiles, and its size in pixels."""
    across, down = 40, 20
    tiles = Image.new("1", (2 * TILE, TILE), 0)
    tiles.paste(1, (TILE, 0, 2 * TILE, TILE))
    shared = _segment(0, 16, 0, struct.pack(">BBBI", 1, TILE, TILE, 1) + _black_is_one(tiles))
    laid = Image.new("1", (across, down), 0)
    for column in range(across):
        for row in range(down):
            laid.putpixel((column, row), (column // 5 + row // 5) % 2)
    width, height = across * TILE, down * TILE
    page = _segment(1, 48, 1, struct.pack(">IIIIBH", width, height, 0, 0, 0, 0))
    region = struct.pack(">IIIIB", width, height, 0, 0, 0)
    grid = struct.pack(">BIIiiHH", 1, across, down, 0, 0, TILE << 8, 0)
    halftone = _segment(2, 23, 1, region + grid + _black_is_one(laid), refers_to=0)
    return shared, page + halftone, (width, height)


def _black_is_one(picture: Image.Image) -> bytes:
    return group4(ImageOps.invert(picture.convert("L")).convert("1"))


def _segment(number: int, kind: int, page: int, body: bytes, refers_to: int | None = None) -> bytes:
    others = bytes([0]) if refers_to is None else bytes([1 << 5, refers_to])
    return struct.pack(">IB", number, kind) + others + bytes([page]) + struct.pack(">I", len(body)) + body
