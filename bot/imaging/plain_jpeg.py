"""Whether a JPEG carries pixels and nothing else (R19), told without decoding it.

Guarantees: what passes has no EXIF, XMP, IPTC, ICC, comment, thumbnail, second picture or trailing bytes. An allow-list:
a marker that is not known to be needed is refused. Safe on bytes from a child that hostile input may have taken over.
Deliberately does not repair anything: it answers, or raises.
"""

from __future__ import annotations

_SOI, _EOI, _SOS, _APP0 = 0xD8, 0xD9, 0xDA, 0xE0
_FRAMES = {0xC0, 0xC1, 0xC2}
_TABLES = {0xDB, 0xC4, 0xDD}
_JFIF_LENGTH = 16  # exactly: longer means a thumbnail


def size_of_plain(jpeg: bytes) -> tuple[int, int]:
    """Width and height of a JPEG that holds nothing but its picture; `ValueError` for every other bytes."""
    if jpeg[:2] != bytes([0xFF, _SOI]):
        raise ValueError("does not begin as a JPEG")
    at, size = 2, None
    while True:
        if at + 2 > len(jpeg) or jpeg[at] != 0xFF:
            raise ValueError("marker expected")
        marker = jpeg[at + 1]
        if marker == _EOI:
            if at + 2 != len(jpeg) or size is None:
                raise ValueError("bytes after the end, or no picture before it")
            return size
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > len(jpeg):
            raise ValueError("segment too long")
        body = jpeg[at + 4 : at + 2 + length]
        at += 2 + length
        if marker in _FRAMES and size is None and len(body) >= 6:
            size = int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big")
        elif marker == _SOS:
            at = _end_of_scan(jpeg, at)
        elif not (marker in _TABLES or (marker == _APP0 and length == _JFIF_LENGTH and body[:5] == b"JFIF\0")):
            raise ValueError("holds more than a picture")


def _end_of_scan(jpeg: bytes, at: int) -> int:
    """Where the next marker after entropy-coded data stands: FF followed by neither 00 nor a restart."""
    while (at := jpeg.find(b"\xff", at)) >= 0 and at + 1 < len(jpeg):
        following = jpeg[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7:
            return at
        at += 2
    raise ValueError("scan without an end")
