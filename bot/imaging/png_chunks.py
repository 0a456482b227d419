"""PNG files taken apart and put together again, without decoding (R19).

`stripped` copies the chunks that make the picture, byte for byte, and nothing else: no text, time, EXIF, profile, second
frame, or byte after the end. `size_of_plain` judges: it lets pass exactly what `stripped` may leave. Both work from an
allow-list of chunks, some with a fixed length, and are safe on hostile bytes. `stripped` passes over what is odd beside the
picture, as browsers do: a wrong checksum, a missing end; `size_of_plain` does not.
Deliberately does not decode: `png_rows` sees whether every row is there, and nothing behind the rows.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass

from .child_protocol import RarelyCoded
from .colour import MOST_BYTES, Space, means_srgb, profile_of, profile_of_numbers, recognised

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 200_000  # some programs write a chunk for every 8 KB

_LENGTHS: dict[bytes, Container[int]] = {
    b"IHDR": {13},
    b"gAMA": {4},
    b"cHRM": {32},
    b"sRGB": {1},
    b"cICP": {4},
    b"pHYs": {9},
    b"sBIT": {1, 2, 3, 4},
}
_BY_PALETTE = 3
# By the kind of colours. A palette beside true colours is a suggestion that nobody draws with.
_OF_COLOURS: dict[int, dict[bytes, Container[int]]] = {
    0: {b"tRNS": {2}},
    2: {b"tRNS": {6}},
    _BY_PALETTE: {b"PLTE": range(3, 769, 3), b"tRNS": range(1, 257)},
}
_NAMED = {b"\1\x0d": Space.SRGB, b"\x0c\x0d": Space.DISPLAY_P3}  # colours and curve, by the numbers of video standards
_OF_ITS_COLOURS = {b"sRGB", b"gAMA", b"cHRM", b"cICP"}
_USUAL_NUMBER = 45_455  # of brightness: sRGB's, nearly
_COLOURS = len(SIGNATURE) + 8 + 9  # where the header says which
_PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"IDAT"}
_MUST_BE_KNOWN = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


@dataclass(frozen=True, slots=True)
class PngChunk:
    name: bytes
    body: bytes
    end: int


@dataclass(frozen=True, slots=True)
class StrippedPng:
    """The picture alone; what the file says of how to hold it, of its colours, and of the pictures it is made of.

    `others`: it holds pictures beside the first, of which browsers may show one instead.
    """

    data: bytes
    exif: bytes
    profile: bytes | None
    space: Space | None
    pictures: int
    others: bool


def chunks(png: bytes) -> Iterator[PngChunk]:
    """Yield every chunk in order, the end last; `ValueError` where the file is not well formed."""
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
        yield PngChunk(name, body, end)
        if name == b"IEND":
            return
        at = end
    raise ValueError("too many chunks")


def found(png: bytes) -> Iterator[PngChunk]:
    """Yield every chunk that can be made out, up to the end: the picture's data as far as it goes, the rest if it is right."""
    at = len(SIGNATURE)
    for _ in range(MOST_CHUNKS):
        length, name = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        body, end = png[at + 8 : at + 8 + length], at + 12 + length
        right = zlib.crc32(body, zlib.crc32(name)) == int.from_bytes(png[end - 4 : end], "big") and end <= len(png)
        if right or name == b"IDAT":  # whether its data is right is told by a checksum of its own
            yield PngChunk(name, body, end)
        at = end
        if name == b"IEND" or at >= len(png):
            return


def stripped(png: bytes) -> StrippedPng:
    """Return the same picture without anything else; `ValueError` where there is no picture."""
    picture, seen, exif, pictures, others = list[PngChunk](), set[bytes](), b"", 0, False
    said: dict[bytes, bytes] = {}
    for chunk in found(png):
        if chunk.name == b"eXIf" and not exif:
            exif = chunk.body
        elif chunk.name == b"iCCP":
            said.setdefault(chunk.name, chunk.body)
        elif chunk.name == b"acTL" and b"IDAT" not in seen:
            pictures = max(1, int.from_bytes(chunk.body[:4], "big"))
        elif chunk.name == b"fdAT":
            others = pictures > 0
        elif chunk.name == b"IDAT" and b"PLTE" not in seen and png[_COLOURS] == _BY_PALETTE:
            raise ValueError("a palette is missing")
        elif _allowed(chunk, seen, png):
            picture.append(chunk)
        elif chunk.name[:1].isupper() and chunk.name not in _MUST_BE_KNOWN:
            raise RarelyCoded
    if not picture or picture[0].name != b"IHDR" or b"IDAT" not in seen:
        raise ValueError("no picture")
    profile = _meant(said | {chunk.name: chunk.body for chunk in picture if chunk.name in _OF_ITS_COLOURS})
    space = recognised(profile) if profile else None
    kept = [chunk for chunk in picture if space is None or chunk.name in _PICTURE]
    out = [made(chunk.name, chunk.body) for chunk in kept]
    out[1:1] = [profile_chunk(space)] if space is not None else []
    return StrippedPng(b"".join([SIGNATURE, *out, made(b"IEND", b"")]), exif, profile, space, max(1, pictures), others)


def _meant(said: dict[bytes, bytes]) -> bytes | None:
    """Return the profile of its colours, by the statement that browsers obey first; None where they are sRGB."""
    if (named := said.get(b"cICP", b"")[:2]) in _NAMED:
        return profile_of(_NAMED[named])
    if b"iCCP" in said and (profile := _profile(said[b"iCCP"])):
        return profile
    number = int.from_bytes(said.get(b"gAMA", b""), "big")
    if b"sRGB" in said or not number:  # browsers don't obey the colours without the brightness
        return None
    colours = [value / 100_000 for value in struct.unpack(">8I", said.get(b"cHRM", bytes(32)))]
    if means_srgb(colours) and abs(number - _USUAL_NUMBER) < _USUAL_NUMBER // 20:
        return None
    return profile_of_numbers(min(10.0, 100_000 / number), colours)


def _profile(body: bytes) -> bytes | None:
    """Return the profile that a chunk holds; None when it can't be read or is too long."""
    unpack = zlib.decompressobj()
    try:
        profile = unpack.decompress(body.partition(b"\0")[2][1:], MOST_BYTES)
    except zlib.error:
        return None
    return profile if unpack.eof else None


def size_of_plain(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG that holds nothing but its picture; raise `ValueError` for any other bytes."""
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
    """Return the PNG with one EXIF block, before its picture."""
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


def _allowed(chunk: PngChunk, seen: set[bytes], png: bytes) -> bool:
    """Return whether the chunk may stand there: all but the compressed data stand once.

    A second one would be read by nobody, and could hold anything.
    """
    once = chunk.name not in seen
    seen.add(chunk.name)
    lengths = _LENGTHS.get(chunk.name) or _OF_COLOURS.get(png[_COLOURS], {}).get(chunk.name, ())
    return chunk.name == b"IDAT" or (once and len(chunk.body) in lengths)
