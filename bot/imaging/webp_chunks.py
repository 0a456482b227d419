"""WebP files taken apart and put together again, without decoding: the picture alone, and what is said beside it.

Safe on hostile bytes: pure, bounded, reading each byte once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_CHUNKS = 2_000

_ALPHA, _MOVING = 0x10, 0x02  # bits of the first byte of VP8X
_PICTURES = {b"VP8 ", b"VP8L"}
_FRAME, _FRAME_HEAD, _SIZE = b"ANMF", 16, 12  # where the frame stands, twice three bytes, and its size, as of the whole
_START = 12
_NAME = re.compile(rb"[A-Z0-9 ]{4}")


@dataclass(frozen=True, slots=True)
class Webp:
    """What a WebP holds.

    `plain` is a file of the picture alone, with nothing beside it that could keep it from being decoded.
    """

    plain: bytes
    compressed: bytes
    exif: bytes
    profile: bytes | None
    moving: bool


@dataclass(frozen=True, slots=True)
class WebpChunk:
    name: bytes
    body: bytes
    end: int


def read(data: bytes) -> Webp:
    """Return what a WebP holds; `ValueError` where it has no picture, or not the whole of it.

    A single frame that fills it is a picture.
    """
    found, frames = dict[bytes, bytes](), list[bytes]()
    for chunk in chunks(data):
        found.setdefault(chunk.name, chunk.body)
        frames += [chunk.body] if chunk.name == _FRAME else []
    wide = found.get(b"VP8X", b"")
    if len(frames) == 1 and frames[0][:_SIZE] == bytes(6) + wide[4:10]:
        found |= {chunk.name: chunk.body for chunk in chunks(frames[0], _FRAME_HEAD)}
        frames, wide = [], bytes([wide[0] & ~_MOVING]) + wide[1:]
    moving = bool(frames) or bool(wide and wide[0] & _MOVING)
    picture = next((name for name in found if name in _PICTURES), None)
    if picture is None and not moving:
        raise ValueError("no picture")
    parts = [(b"VP8X", bytes([wide[0] & _ALPHA]) + wide[1:10])] if len(wide) >= 10 else []
    parts += [(name, found[name]) for name in (b"ALPH", picture) if name is not None and name in found]
    body = b"WEBP" + b"".join(name + _length(part) + part + bytes(len(part) % 2) for name, part in parts)
    plain = b"RIFF" + _length(body) + body
    return Webp(plain, found.get(picture or b"", b""), found.get(b"EXIF", b""), found.get(b"ICCP"), moving)


def chunks(data: bytes, at: int = _START) -> Iterator[WebpChunk]:
    """Yield each chunk that is there in full, from `at` on. What the file says of its own length is not believed.

    Behind the picture only what has a usual name counts as a chunk; anything else merely hangs on the file.
    """
    seen = False
    for _ in range(MOST_CHUNKS):
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        if len(body) < length or len(name) < 4 or (seen and not _NAME.fullmatch(name)):
            if name in _PICTURES:
                raise ValueError("cut short")
            return
        at, seen = at + 8 + length + length % 2, seen or name in _PICTURES
        yield WebpChunk(name, body, at)


def _length(body: bytes) -> bytes:
    return len(body).to_bytes(4, "little")
