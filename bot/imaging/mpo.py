"""Counting the photos of a JPEG that has further pictures behind the first: a burst, or one for each eye.

A map of light or depth, a preview or a thumbnail is no photo of its own: none of them has the size of the first. The pictures are
looked for in the file itself, because the index that it gives of them is often wrong.
"""

from __future__ import annotations

from .jpeg_segments import APP2, Segment, found

_INDEX, _START = b"MPF\0", b"\xff\xd8\xff"
_MOST, _PADDING, _WHERE_IT_STANDS = 100, 4_096, 1_000_000
_FRAMES = {0xC0, 0xC1, 0xC2}


def of_the_same_size(jpeg: bytes) -> int:
    """Return how many photos there are, the first included; 1 when the file doesn't say that there are others."""
    if _INDEX not in jpeg[:_WHERE_IT_STANDS]:
        return 1
    first = list(found(jpeg))
    if not any(segment.marker == APP2 and segment.body.startswith(_INDEX) for segment in first):
        return 1
    sizes, at = [_size(first)], first[-1].end
    while len(sizes) < _MOST and (at := jpeg.find(_START, at, at + _PADDING)) >= 0:
        further = list(found(jpeg, at))
        sizes.append(_size(further))
        at = further[-1].end if further else at + len(_START)
    return sizes.count(sizes[0])


def _size(picture: list[Segment]) -> bytes:
    return next((segment.body[1:5] for segment in picture if segment.marker in _FRAMES), b"")
