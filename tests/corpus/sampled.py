"""JPEGs whose colours are sampled as no phone does it, written here because nothing else writes them.

Only the mean of each block is coded: enough for a picture of patches, whose every row is told apart from the next.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence

_LENGTHS = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])  # how many codes there are of each length
_LARGEST = 12
_BLOCK = 8


def sampled(size: tuple[int, int], factors: Sequence[tuple[int, int]]) -> bytes:
    """A grey JPEG of seeded patches; `factors`: how many blocks of light and of either colour stand together, each way."""
    width, height = size
    across, down = (_BLOCK * max(of) for of in zip(*factors, strict=True))
    codes, dice, last, bits = _codes(), random.Random(3), [0] * len(factors), ""
    for _ in range(-(-width // across) * -(-height // down)):
        for number, (wide, high) in enumerate(factors):
            for _ in range(wide * high):
                mean = dice.randrange(-30, 30) if number == 0 else 0
                step, last[number] = mean - last[number], mean
                long = abs(step).bit_length()
                bits += codes[long] + (
                    format(step if step > 0 else step + (1 << long) - 1, f"0{long}b") if long else ""
                )
                bits += "0"  # and nothing else in this block
    bits += "1" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    parts = range(len(factors))
    frame = b"".join(bytes([part + 1, 16 * factors[part][0] + factors[part][1], 0]) for part in parts)
    scan = b"".join(bytes([part + 1, 0]) for part in parts)
    return (
        b"\xff\xd8"
        + _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + _segment(0xDB, b"\0" + bytes([16] * 64))
        + _segment(0xC0, struct.pack(">BHHB", 8, height, width, len(factors)) + frame)
        + _segment(0xC4, b"\0" + _LENGTHS + bytes(range(_LARGEST)))
        + _segment(0xC4, b"\x10\1" + bytes(15) + b"\0")
        + _segment(0xDA, bytes([len(factors)]) + scan + b"\0\x3f\0")
        + data
        + b"\xff\xd9"
    )


def _codes() -> list[str]:
    """The code of how many bits a step takes, from none on."""
    codes, code = list[str](), 0
    for long, count in enumerate(_LENGTHS, 1):
        for _ in range(count):
            codes.append(format(code, f"0{long}b"))
            code += 1
        code <<= 1
    return codes


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body
