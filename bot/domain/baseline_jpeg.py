"""What a JPEG must be so that an image archive can keep it byte for byte, and show it as it is. Pure, and safe on hostile bytes.

DICOM has a form for baseline pictures of eight bits, grey or of three colours, with nothing behind their end. Everything else,
such as progressive pictures, or those in RGB or CMYK, must be encoded anew. So must a picture that is to be held mirrored:
programs for archives don't read EXIF, and would show the wrong side of a body. One that lies on its side is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .tiff import orientation_in

MOST_SEGMENTS = 2_000
_BASELINE, _OTHER_FRAMES = 0xC0, frozenset(range(0xC1, 0xD0)) - {0xC4, 0xC8, 0xCC}
_EOI, _SOS, _APP1, _APP14 = 0xD9, 0xDA, 0xE1, 0xEE
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # after the data of a scan
_UPRIGHT_OR_TURNED = frozenset({1, 3, 6, 8})


@dataclass(frozen=True, slots=True)
class Frame:
    """`components`: 1 is grey, 3 are colours (luminance and two of colour)."""

    width: int
    height: int
    components: int


def baseline_frame(jpeg: bytes) -> Frame | None:
    """Return what an archive must know of a picture that it can keep byte for byte; None for every other."""
    frame, transform, at = b"", None, 2
    for _ in range(MOST_SEGMENTS):
        while jpeg[at : at + 2] == b"\xff\xff":  # padding is allowed before a marker
            at += 1
        marker = jpeg[at + 1] if jpeg[at : at + 1] == b"\xff" and at + 1 < len(jpeg) else 0
        if marker == _EOI:
            return _framed(frame, transform) if at + 2 == len(jpeg) and jpeg[:2] == b"\xff\xd8" else None
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker < 0xC0 or end < at + 4 or end > len(jpeg) or marker in _OTHER_FRAMES:
            return None
        body = jpeg[at + 4 : end]
        if marker == _BASELINE:
            if frame:
                return None
            frame = body
        elif marker == _APP14 and body[:5] == b"Adobe" and len(body) >= 12:
            transform = body[11]
        elif marker == _APP1 and body[:6] == b"Exif\0\0" and orientation_in(body[6:]) not in _UPRIGHT_OR_TURNED:
            return None
        elif marker == _SOS:
            following = _NEXT_MARKER.search(jpeg, end)
            end = following.start() if following else len(jpeg)
        at = end
    return None


def _framed(body: bytes, transform: int | None) -> Frame | None:
    if len(body) < 6 or body[0] != 8 or body[5] not in (1, 3) or len(body) != 6 + 3 * body[5]:
        return None
    height, width, components = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big"), body[5]
    named = bytes(body[6::3])
    is_rgb = components == 3 and (transform == 0 or (transform is None and named == b"RGB"))
    return Frame(width, height, components) if width and height and not is_rgb else None
