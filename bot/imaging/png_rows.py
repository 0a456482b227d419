"""Seeing that every row of a PNG is there. Runs only in the confined child, on what `png_chunks.stripped` returns.

The compressed data carries a checksum of its own: what unpacks to its end is what was packed. Pillow stops reading as soon as
it has enough rows, and never sees the checksum.
"""

from __future__ import annotations

import struct
import zlib

from . import png_chunks

_PIECE, _MOST_BEHIND = 1 << 20, 50_000_000
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # to a pixel, by the kind of colours
_AT_ONCE = ((0, 0, 1, 1),)
_INTERLACED = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def check_rows(png: bytes) -> bool:
    """Return whether the data ends exactly with the last row, so that nothing rides behind it.

    Raises `ValueError` when a row is not there.
    """
    unpacker, missing, exact = zlib.decompressobj(), bytes_of_picture(png), True
    try:
        for chunk in png_chunks.chunks(png):
            piece = chunk.body if chunk.name == b"IDAT" else b""
            while piece and not unpacker.eof:
                missing -= len(unpacker.decompress(piece, _PIECE))
                piece = unpacker.unconsumed_tail
                if missing < -_MOST_BEHIND:
                    raise ValueError("far more than a picture")
            exact = exact and not piece
        missing -= len(unpacker.flush())
    except zlib.error:
        raise ValueError("data that is wrong") from None
    if missing > 0:
        raise ValueError("rows are missing")
    return exact and unpacker.eof and not unpacker.unused_data and missing == 0


def bytes_of_picture(png: bytes) -> int:
    """Return how many bytes the compressed data must give, no more and no fewer, computed from the header."""
    header = next(iter(png_chunks.chunks(png))).body
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if colour not in _SAMPLES:
        raise ValueError("colours of no kind")
    bits, total = depth * _SAMPLES[colour], 0
    for x, y, dx, dy in _INTERLACED if interlaced else _AT_ONCE:
        across, down = (width - x + dx - 1) // dx, (height - y + dy - 1) // dy
        total += down * (1 + (across * bits + 7) // 8) if across > 0 and down > 0 else 0
    return total
