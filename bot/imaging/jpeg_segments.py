"""JPEG files taken apart and put together again, without decoding (R19).

`stripped` copies the segments that make the picture, byte for byte, and nothing else: no EXIF, XMP, IPTC, comment, maker note,
content credential, thumbnail, second picture, or byte after the end. `size_of_plain` judges: it lets pass exactly what
`stripped` may leave, and raises for any other bytes. Both work from an allow-list, and are safe on hostile bytes: pure,
bounded, reading each byte once.

`stripped` passes over whatever is odd between the segments, as every decoder does; `size_of_plain` does not.
Deliberately leaves the compressed picture itself alone, and with it what somebody may have hidden in its pixels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.domain.tiff import orientation_in

from .child_protocol import RarelyCoded
from .colour import Space, profile_of, recognised

SOI, EOI, SOS, APP0, APP1, APP2, APP14, COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
MOST_SEGMENTS = 2_000
MOST_FOUND = 200_000

_FRAMES = {0xC0, 0xC1, 0xC2}
_ARITHMETIC = {0xC9, 0xCA}
_DQT, DHT, _DAC, _DRI, _DNL = 0xDB, 0xC4, 0xCC, 0xDD, 0xDC
_TABLES = {_DQT, DHT, _DRI, SOS}
_IN_ONE_GO = {0xC0, 0xC1, 0xC9}  # not coded progressively
_NEVER_TOLD = 99  # bits
_JFIF_LENGTH = 16  # exactly: longer means a thumbnail
_ICC = b"ICC_PROFILE\0"
_IN_PIECES = len(_ICC) + 2
# After entropy-coded data: FF followed by neither 00 (a stuffed FF), a restart, nor another FF.
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


@dataclass(frozen=True, slots=True)
class Segment:
    """One marker and what belongs to it, with the compressed data of a scan. `end` is where the next one may begin."""

    marker: int
    body: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StrippedJpeg:
    """The picture alone. `orientation` is what the file said about how to hold it; `space` what its `profile` means."""

    data: bytes
    width: int
    height: int
    orientation: int
    profile: bytes | None
    space: Space | None
    usual: bool  # coded as browsers read it

    @property
    def unknown_profile(self) -> bool:
        return self.profile is not None and self.space is None


def segments(jpeg: bytes) -> Iterator[Segment]:
    """Yield every segment in order, the end marker last; raise `ValueError` where the file is not well formed."""
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


def found(jpeg: bytes, start: int = 0) -> Iterator[Segment]:
    """Yield every segment that can be made out in the picture that begins at `start`, its end marker last if it has one."""
    at = start + 2
    for _ in range(MOST_FOUND):
        at = jpeg.find(b"\xff", at)
        if at < 0 or at + 1 >= len(jpeg):
            return
        begins, marker = at, jpeg[at + 1]
        if marker == SOI:
            return
        if marker == EOI:
            yield Segment(marker, b"", begins, at + 2)
            return
        if marker < 0xC0 or 0xD0 <= marker < SOI or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if end < at + 4 or end > len(jpeg):
            return
        body = jpeg[at + 4 : end]
        if marker == SOS:
            following = _NEXT_MARKER.search(jpeg, end)
            end = following.start() if following else len(jpeg)
        yield Segment(marker, body, begins, end)
        at = end


def stripped(jpeg: bytes) -> StrippedJpeg:
    """Return the same picture without anything else; `ValueError` where there is none, or not the whole of it."""
    picture, around, pieces, orientation = list[Segment](), dict[str, bytes](), dict[int, bytes](), 0
    ended = scanned = False
    for segment in found(jpeg):
        marker, body = segment.marker, segment.body
        if marker == APP0 and body[:5] == b"JFIF\0" and len(body) >= 14:
            around.setdefault("jfif", b"\xff\xe0\0\x10JFIF\0\1\1" + body[7:12] + b"\0\0")
        elif marker == APP14 and body[:5] == b"Adobe" and len(body) >= 12:
            around["adobe"] = body[11:12]  # the last of several counts
        elif marker == APP2 and body.startswith(_ICC) and len(body) > _IN_PIECES:
            pieces.setdefault(body[len(_ICC)], body[_IN_PIECES:])  # each says its own number
        elif marker == APP1 and body[:5] == b"Exif\0" and not orientation and not scanned:
            orientation = orientation_in(body[6:])
        elif marker < APP0 and marker != EOI:
            picture.append(segment)
        ended, scanned = ended or marker == EOI, scanned or marker == SOS
    frame = _the_frame(picture)
    if not all(_belongs_to_the_picture(part.marker, part.body) for part in picture):
        raise ValueError("a part of the picture is longer or shorter than it can be")
    if not _every_part(frame, [part.body for part in picture if part.marker == SOS], ended=ended):
        raise ValueError("a part of the picture is missing")
    if transform := around.get("adobe", b""):
        around["adobe"] = adobe(transform[0] if transform[0] <= 2 else 2 if frame.body[5] == 4 else 1)
    profile = b"".join(pieces[number] for number in sorted(pieces)) or None
    space = recognised(profile) if profile else None
    out = [b"\xff\xd8", around.get("jfif", b"")]
    out += [profile_segment(space)] if space is not None and space is not Space.SRGB else []
    out += [around.get("adobe", b""), *(_tidy(jpeg, part, frame.marker) for part in picture)]
    width, height = int.from_bytes(frame.body[3:5], "big"), int.from_bytes(frame.body[1:3], "big")
    usual = frame.marker in _FRAMES
    return StrippedJpeg(b"".join([*out, b"\xff\xd9"]), width, height, orientation or 1, profile, space, usual)


def _the_frame(picture: list[Segment]) -> Segment:
    frames = [
        segment for segment in picture if 0xC0 <= segment.marker <= 0xCF and segment.marker not in {DHT, _DAC, 0xC8}
    ]
    if len(frames) != 1 or len(frames[0].body) < 6:
        raise ValueError("not one picture")
    (frame,) = frames
    told_at_its_end = any(segment.marker == _DNL for segment in picture) and frame.body[1:3] == b"\0\0"
    if frame.marker not in _FRAMES | _ARITHMETIC or frame.body[0] != 8 or told_at_its_end:
        raise RarelyCoded
    return frame


def _every_part(frame: Segment, scans: list[bytes], *, ended: bool) -> bool:
    """Return whether each component has its scans, down to the last bit of what they began.

    Without an end marker, it needs all the scans there can be.
    """
    components = frame.body[6::3]
    unknown = {(component, wave): _NEVER_TOLD for component in components for wave in range(64)}
    bits_left = dict(unknown)
    for scan in scans:
        first, last, low = (0, 63, 0) if frame.marker in _IN_ONE_GO else (scan[-3], min(scan[-2], 63), scan[-1] & 15)
        for component in scan[1 : 1 + 2 * scan[0] : 2]:
            bits_left |= {(component, wave): low for wave in range(first, last + 1)}
    if not ended:
        return not any(bits_left[coefficient] for coefficient in unknown)
    begun = {low for low in bits_left.values() if low != _NEVER_TOLD}
    return begun == {0} and all(bits_left[component, 0] == 0 for component in components)


def _tidy(jpeg: bytes, segment: Segment, frame: int) -> bytes:
    """Return a segment of the picture; in a simple scan, correct the numbers that mean nothing there."""
    whole = jpeg[segment.start : segment.end]
    if segment.marker == SOS and frame in _IN_ONE_GO:
        at = 4 + len(segment.body) - 3
        return whole[:at] + b"\0\x3f\0" + whole[at + 3 :]
    return whole


def size_of_plain(jpeg: bytes, *, besides: frozenset[bytes] = frozenset()) -> tuple[int, int]:
    """Return width and height of a JPEG that holds nothing but its picture; raise `ValueError` for any other bytes.

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
            (segment.marker in _TABLES and _belongs_to_the_picture(segment.marker, segment.body))
            or (segment.marker == APP0 and len(whole) == _JFIF_LENGTH + 2 and segment.body[:5] == b"JFIF\0")
            or whole in besides
        ):
            raise ValueError("holds more than a picture")
    raise ValueError("no end")


def with_exif(jpeg: bytes, exif: bytes) -> bytes:
    """Return the JPEG with one EXIF block, where readers look for it: at the beginning, behind JFIF."""
    first = next(iter(segments(jpeg)))
    at = first.end if first.marker == APP0 else 2
    return jpeg[:at] + exif_segment(exif) + jpeg[at:]


def exif_segment(exif: bytes) -> bytes:
    return b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif


def profile_segment(space: Space) -> bytes:
    profile = profile_of(space)
    return b"\xff\xe2" + (len(_ICC) + 4 + len(profile)).to_bytes(2, "big") + _ICC + b"\1\1" + profile


def adobe(transform: int) -> bytes:
    """Return the segment that says how colours are coded (0: as they are, 1: YCbCr, 2: YCCK), and nothing else."""
    return b"\xff\xee\0\x0eAdobe\0d\0\0\0\0" + bytes([transform])


# What a copy may hold besides its picture: how its colours are meant, in segments of our own making.
OURS = frozenset({adobe(0), adobe(1), adobe(2), *(profile_segment(space) for space in Space)})


def _belongs_to_the_picture(marker: int, body: bytes) -> bool:
    """Return whether a segment may stay. Tables must be exactly as long as what they hold, so that nothing rides behind."""
    if marker == _DQT:
        return _tables_fill(body, lambda at: 1 + (128 if body[at] >> 4 else 64))
    if marker == DHT:
        return _tables_fill(body, lambda at: 17 + sum(body[at + 1 : at + 17]))
    if marker == _DRI:
        return len(body) == 2
    if marker == SOS:
        return len(body) >= 1 and len(body) == 4 + 2 * body[0]
    if marker in _FRAMES | _ARITHMETIC:
        return len(body) >= 6 and len(body) == 6 + 3 * body[5]
    return marker in {EOI, _DAC}


def _tables_fill(body: bytes, length: Callable[[int], int]) -> bool:
    at = 0
    while at < len(body):
        at += length(at)
    return at == len(body)
