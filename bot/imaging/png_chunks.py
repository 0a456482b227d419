"""PNG files taken apart and put together again, without decoding (R19).

`stripped` copies the chunks that make the picture, byte for byte, and nothing else: no text, time, EXIF, profile, second
frame, or byte after the end. `size_of_plain` judges: it lets pass exactly what `stripped` may leave. Both work from an
allow-list of chunks, some with a fixed length, and are safe on hostile bytes.
Deliberately does not look into the compressed data; whether something rides behind its end is for the child to see.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass

from .colour import Space, profile_of

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 200_000  # some writers make a chunk of every 8 KB

_LENGTHS: dict[bytes, Container[int]] = {
    b"IHDR": {13},
    b"gAMA": {4},
    b"cHRM": {32},
    b"sRGB": {1},
    b"cICP": {4},
    b"pHYs": {9},
    b"sBIT": {1, 2, 3, 4},
}
# By the kind of colours. A palette beside true colours is a suggestion that nobody draws with.
_OF_COLOURS: dict[int, dict[bytes, Container[int]]] = {
    0: {b"tRNS": {2}},
    2: {b"tRNS": {6}},
    3: {b"PLTE": range(3, 769, 3), b"tRNS": range(1, 257)},
}
_COLOURS = len(SIGNATURE) + 8 + 9  # where the header says which
_PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"IDAT"}
_MOVING = {b"acTL", b"fcTL", b"fdAT"}


class MovingPicture(ValueError):
    """An animated PNG."""


@dataclass(frozen=True, slots=True)
class Chunk:
    name: bytes
    body: bytes
    end: int


def chunks(png: bytes) -> Iterator[Chunk]:
    """Every chunk in order, the end last; `ValueError` where the file is not well formed."""
    if not png.startswith(SIGNATURE):
        raise ValueError("does not begin as a PNG")
    at = len(SIGNATURE)
    for _ in range(MOST_CHUNKS):
        if at + 12 > len(png):
            raise ValueError("cut short")
        length = int.from_bytes(png[at : at + 4], "big")
        end = at + 12 + length
        if end > len(png):
            raise ValueError("chunk too long")
        name, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if zlib.crc32(body, zlib.crc32(name)) != int.from_bytes(png[end - 4 : end], "big"):
            raise ValueError("checksum differs")
        yield Chunk(name, body, end)
        if name == b"IEND":
            return
        at = end
    raise ValueError("too many chunks")


def stripped(png: bytes, space: Space | None = None) -> bytes:
    """The same picture without anything else; `space` is what its embedded profile was recognised as."""
    out, seen = [SIGNATURE], set[bytes]()
    for chunk in chunks(png):
        if chunk.name in _MOVING:
            raise MovingPicture
        if _allowed(chunk, seen, png) and (chunk.name in _PICTURE or space is None):
            out.append(made(chunk.name, chunk.body))
        if chunk.name == b"IHDR" and space is not None:
            out.append(profile_chunk(space))
    return b"".join([*out, made(b"IEND", b"")])


def size_of_plain(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG that holds nothing but its picture; `ValueError` for every other bytes."""
    size, seen = None, set[bytes]()
    for chunk in chunks(png):
        if chunk.name == b"IEND":
            if chunk.body or chunk.end != len(png) or size is None:
                raise ValueError("bytes after the end, or no picture before it")
            return size
        if not _allowed(chunk, seen, png) and made(chunk.name, chunk.body) not in _PROFILES:
            raise ValueError("holds more than a picture")
        if chunk.name == b"IHDR":
            width, height = struct.unpack_from(">II", chunk.body)
            size = int(width), int(height)
    raise ValueError("no end")


def with_exif(png: bytes, tiff: bytes) -> bytes:
    """The PNG with one EXIF block, before its picture."""
    first = next(chunk for chunk in chunks(png) if chunk.name == b"IDAT")
    at = first.end - 12 - len(first.body)
    return png[:at] + made(b"eXIf", tiff) + png[at:]


def made(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(body, zlib.crc32(name)).to_bytes(4, "big")


def profile_chunk(space: Space) -> bytes:
    if space is Space.SRGB:
        return made(b"sRGB", b"\0")
    return made(b"iCCP", b"ICC profile\0\0" + zlib.compress(profile_of(space), 9))


_PROFILES = frozenset(profile_chunk(space) for space in Space)


def bytes_of_picture(png: bytes) -> int:
    """How many bytes the compressed data must give, no more and no fewer, told from the header."""
    header = next(iter(chunks(png))).body
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    total = 0
    for x, y, dx, dy in passes:
        across, down = (width - x + dx - 1) // dx, (height - y + dy - 1) // dy
        total += down * (1 + (across * bits + 7) // 8) if across > 0 and down > 0 else 0
    return total


def _allowed(chunk: Chunk, seen: set[bytes], png: bytes) -> bool:
    """Each but the compressed data stands once; a second one would be read by nobody, and could hold anything."""
    once = chunk.name not in seen
    seen.add(chunk.name)
    lengths = _LENGTHS.get(chunk.name) or _OF_COLOURS.get(png[_COLOURS], {}).get(chunk.name, ())
    return chunk.name == b"IDAT" or (once and len(chunk.body) in lengths)
