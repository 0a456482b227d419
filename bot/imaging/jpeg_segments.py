"""JPEG files taken apart and put together again, without decoding (R19).

`stripped` copies the segments that make the picture, byte for byte, and nothing else: no EXIF, XMP, IPTC, comment, maker
note, content credential, thumbnail, second picture, or byte after the end. `size_of_plain` judges: it lets pass exactly
what `stripped` may leave, and raises for every other bytes. Both work from an allow-list, and are safe on hostile bytes:
pure, bounded, reading each byte once.

Deliberately leaves the compressed picture itself alone, and so what somebody may have hidden in its pixels. Rare ways of
coding (lossless, hierarchical, arithmetic) are refused: browsers don't show them; such a picture is encoded anew instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .colour import Space, profile_of, recognised

SOI, EOI, SOS, APP0, APP1, APP2, APP14, COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
MOST_SEGMENTS = 2_000

_FRAMES = {0xC0, 0xC1, 0xC2}
_DQT, _DHT, _DRI = 0xDB, 0xC4, 0xDD
_JFIF_LENGTH = 16  # exactly: longer means a thumbnail
_ICC = b"ICC_PROFILE\0"
# After entropy-coded data: FF followed by neither 00 (a stuffed FF), a restart, nor another FF.
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker and what belongs to it, compressed data of a scan included. `end` is where the next one may begin."""

    marker: int
    body: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stripped:
    """The picture alone. `orientation` is what the file said about how to hold it; `space` what its profile means."""

    data: bytes
    orientation: int
    space: Space | None
    unknown_profile: bool


def segments(jpeg: bytes) -> Iterator[Segment]:
    """Every segment in order, the end marker last; `ValueError` where the file is not well formed."""
    if jpeg[:2] != b"\xff\xd8":
        raise ValueError("does not begin as a JPEG")
    at = 2
    for _ in range(MOST_SEGMENTS):
        start = at
        while jpeg[at : at + 2] == b"\xff\xff":  # padding is allowed before a marker
            at += 1
        if at + 2 > len(jpeg) or jpeg[at] != 0xFF:
            raise ValueError("marker expected")
        marker = jpeg[at + 1]
        if marker == EOI:
            yield Segment(marker, b"", start, at + 2)
            return
        if marker < 0xC0 or 0xD0 <= marker <= SOI:
            raise ValueError("unexpected marker")
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(jpeg):
            raise ValueError("segment too long")
        body = jpeg[at + 4 : end]
        if marker == SOS:
            following = _NEXT_MARKER.search(jpeg, end)
            if following is None:
                raise ValueError("scan without an end")
            end = following.start()
        yield Segment(marker, body, start, end)
        at = end
    raise ValueError("too many segments")


def stripped(jpeg: bytes) -> Stripped:
    """The same picture without anything else; `ValueError` for what can't be copied unchanged (see above)."""
    out, profile, orientation, seen = [jpeg[:2]], bytearray(), 0, 0
    for segment in segments(jpeg):
        marker, body = segment.marker, segment.body
        if marker in _FRAMES:
            seen += 1
        elif 0xC0 <= marker <= 0xCF and marker != _DHT:
            raise ValueError("a rare way of coding")
        if _belongs_to_the_picture(marker, body):
            out.append(_without_padding(jpeg, segment))
        elif marker == APP0 and body[:5] == b"JFIF\0" and len(body) >= 14 and len(out) == 1:
            out.append(b"\xff\xe0\0\x10" + body[:12] + b"\0\0")
        elif marker == APP14 and body[:5] == b"Adobe" and len(body) >= 12 and body[11] <= 2:
            out.append(adobe(body[11]))
        elif marker == APP2 and body.startswith(_ICC):
            profile += body[len(_ICC) + 2 :]
        elif marker == APP1 and body[:6] == b"Exif\0\0" and not orientation:
            orientation = orientation_in(body[6:])
    if seen != 1:
        raise ValueError("not one picture")
    space = recognised(bytes(profile)) if profile else None
    if space is not None and space is not Space.SRGB:
        out.insert(_after_jfif(out), profile_segment(space))
    return Stripped(b"".join(out), orientation or 1, space, bool(profile) and space is None)


def size_of_plain(jpeg: bytes, *, besides: frozenset[bytes] = frozenset()) -> tuple[int, int]:
    """Width and height of a JPEG that holds nothing but its picture; `ValueError` for every other bytes.

    `besides` are whole segments that may stand in it too, compared byte for byte.
    """
    size, at = None, 2
    for segment in segments(jpeg):
        if jpeg[at : at + 2] == b"\xff\xff":
            raise ValueError("holds padding")
        at = segment.end
        whole = jpeg[segment.start : segment.end]
        if segment.marker in _FRAMES and size is None and len(segment.body) >= 6:
            size = int.from_bytes(segment.body[3:5], "big"), int.from_bytes(segment.body[1:3], "big")
        elif segment.marker == EOI:
            if at != len(jpeg) or size is None:
                raise ValueError("bytes after the end, or no picture before it")
            return size
        elif not (
            (segment.marker not in _FRAMES and _belongs_to_the_picture(segment.marker, segment.body))
            or (segment.marker == APP0 and len(whole) == _JFIF_LENGTH + 2 and segment.body[:5] == b"JFIF\0")
            or whole in besides
        ):
            raise ValueError("holds more than a picture")
    raise ValueError("no end")


def with_exif(jpeg: bytes, exif: bytes) -> bytes:
    """The JPEG with one EXIF block, where readers look for it: at the beginning, behind JFIF."""
    first = next(iter(segments(jpeg)))
    at = first.end if first.marker == APP0 else 2
    return jpeg[:at] + exif_segment(exif) + jpeg[at:]


def exif_segment(exif: bytes) -> bytes:
    return b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif


def profile_segment(space: Space) -> bytes:
    profile = profile_of(space)
    return b"\xff\xe2" + (len(_ICC) + 4 + len(profile)).to_bytes(2, "big") + _ICC + b"\1\1" + profile


def adobe(transform: int) -> bytes:
    """The segment that says how colours are coded (0: as they are, 1: YCbCr, 2: YCCK), and nothing else."""
    return b"\xff\xee\0\x0eAdobe\0d\0\0\0\0" + bytes([transform])


# What a copy may hold besides its picture: how its colours are meant, in segments of our own making.
OURS = frozenset({adobe(0), adobe(1), adobe(2), *(profile_segment(space) for space in Space)})


def orientation_in(tiff: bytes) -> int:
    """The orientation an EXIF block tells (1 to 8); 1 where it tells none that can be read."""
    told = next((short for tag, short, _ in entries(tiff) if tag == 0x0112), 1)
    return told if 1 <= told <= 8 else 1


def tells_a_place(tiff: bytes) -> bool:
    """Whether an EXIF block says where: more than the version of how it would say so."""
    places = (long for tag, _, long in entries(tiff) if tag == 0x8825)
    return any(tag != 0 for place in places for tag, _, _ in entries(tiff, place))


def entries(tiff: bytes, directory: int | None = None) -> Iterator[tuple[int, int, int]]:
    """Tag, and value as two bytes and as four, of each entry of a directory: the first, or the one at an offset."""
    if tiff[:2] not in (b"II", b"MM"):
        return

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "little" if tiff[:2] == b"II" else "big")

    first = number(4, 4) if directory is None else directory
    for entry in range(min(number(first, 2), 200)):
        at = first + 2 + 12 * entry
        if at + 12 <= len(tiff):
            yield number(at, 2), number(at + 8, 2), number(at + 8, 4)


def _belongs_to_the_picture(marker: int, body: bytes) -> bool:
    """Tables must be exactly as long as what they hold, so that nothing rides in their tails."""
    if marker == _DQT:
        return _tables_fill(body, lambda at: 1 + (128 if body[at] >> 4 else 64))
    if marker == _DHT:
        return _tables_fill(body, lambda at: 17 + sum(body[at + 1 : at + 17]))
    if marker == _DRI:
        return len(body) == 2
    if marker == SOS:
        return len(body) >= 1 and len(body) == 4 + 2 * body[0]
    if marker in _FRAMES:
        return len(body) >= 6 and len(body) == 6 + 3 * body[5]
    return marker == EOI


def _tables_fill(body: bytes, length: Callable[[int], int]) -> bool:
    at = 0
    while at < len(body):
        at += length(at)
    return at == len(body)


def _without_padding(jpeg: bytes, segment: Segment) -> bytes:
    start = segment.start
    while jpeg[start + 1] == 0xFF:
        start += 1
    return jpeg[start : segment.end]


def _after_jfif(out: list[bytes]) -> int:
    return 2 if len(out) > 1 and out[1][:2] == b"\xff\xe0" else 1
