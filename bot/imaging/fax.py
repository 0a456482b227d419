"""Whether a fax has all its rows. Runs only in the confined child.

A decoder makes up what is missing, stops at the first wrong code, and says nothing. So the fax is decoded again, with noise
where its rows must have ended: where every row was there the noise is never read. And a fax of group 4 again with noise for its
last part: where all of it was read, that shows. In group 3 each row begins with a mark, mostly; then the marks are counted.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from hashlib import shake_128
from io import BytesIO

from PIL import Image, TiffImagePlugin

PLUGINS = (TiffImagePlugin,)  # imported for its effect, before the child is confined

_NOISES = tuple(shake_128(seed).digest(4_096) for seed in (b"a", b"b"))
_LAST, _ENOUGH = 12, 600  # the last twelfth, if there are this many bytes: in fewer there may be nothing but white
_SHORT, _LONG = 3, 4
_MARK = "000000000001"
_END = 2 * _MARK
_MOST_ZEROS = "000"  # that a code may end in


class Coding(IntEnum):
    """How the rows are written, by the numbers of TIFF."""

    RUNS = 2
    GROUP_3 = 3
    GROUP_4 = 4


def has_every_row(data: bytes, width: int, height: int, coding: Coding) -> bool:
    if coding is Coding.GROUP_3:
        marks = _bits(data).count(_MARK) if _MARK in _bits(data[:4]) else height
        return marks >= height
    seen = _rows(data, width, height, coding)
    if not seen or not any(
        _ends_with_its_rows(candidate, seen, width, height, coding) for candidate in (data, data.rstrip(b"\r\n"))
    ):
        return False
    packed = data.rstrip(b"\0\r\n")
    last = len(packed) // _LAST
    return (
        coding is Coding.RUNS
        or len(packed) < _ENOUGH
        or any(
            _rows(packed[:-last] + (noise * (last // len(noise) + 1))[:last], width, height, coding) != seen
            for noise in _NOISES
        )
    )


def _ends_with_its_rows(data: bytes, seen: bytes, width: int, height: int, coding: Coding) -> bool:
    """Return whether noise behind the last code is not read. Zeros left by a broken transfer, and an end mark, are no codes."""
    bits = _bits(data.rstrip(b"\0")).rstrip("0")
    bits = bits.removesuffix(_END) if bits.endswith(_END) else bits + _MOST_ZEROS + "1"
    return all(_rows(_bytes(bits, noise, coding), width, height, coding) == seen for noise in _NOISES)


def _bytes(bits: str, noise: bytes, coding: Coding) -> bytes:
    """Return the bits, and noise behind them; where each row begins with a byte, so does the noise."""
    behind = "" if coding is Coding.RUNS else _bits(noise[:1])
    whole = bits + (behind * 2)[: -len(bits) % 8] if behind else bits + "0" * (-len(bits) % 8)
    return int(whole or "0", 2).to_bytes(len(whole) // 8, "big") + noise


def _bits(data: bytes) -> str:
    return format(int.from_bytes(data, "big"), f"0{8 * len(data)}b")


def _rows(data: bytes, width: int, height: int, coding: Coding) -> bytes:
    """Return what its decoder makes of it; nothing where it gives up."""
    try:
        with Image.open(BytesIO(_as_tiff(data, width, height, coding)), formats=("TIFF",)) as picture:
            return picture.tobytes()
    except OSError:
        return b""


def _as_tiff(data: bytes, width: int, height: int, coding: Coding) -> bytes:
    tags = [(256, _LONG, width), (257, _LONG, height), (258, _SHORT, 1), (259, _SHORT, coding), (262, _SHORT, 0)]
    tags += [(273, _LONG, 0), (278, _LONG, height), (279, _LONG, len(data))]
    start = 8 + 2 + 12 * len(tags) + 4
    written = b"".join(struct.pack("<HHII", tag, kind, 1, value if tag != 273 else start) for tag, kind, value in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + written + bytes(4) + data
