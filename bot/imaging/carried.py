"""What a picture file carries beside its picture, part by part, found without decoding (R19). Safe on hostile bytes.

It is found wherever it stands: in a second block, packed, behind the picture, in a video that follows it. A place is found in the
forms in which cameras and programs write it.
Deliberately tells that there is a place, never which.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from enum import Enum
from itertools import islice

from bot.domain import tiff
from bot.domain.screening import Also

from . import jpeg_segments, png_chunks, webp_chunks

# As XMP and videos write it; below, as the captions of IPTC do.
_PLACE = re.compile(rb"GPSLatitude|GPSLongitude|photoshop:City|Iptc4xmpCore:Location|\xa9xyz")
_PLACE_IN_CAPTIONS = re.compile(rb"\x1c\x02[\x5a\x5c\x5f\x65]")
_EXIF = re.compile(rb"Exif\0\0(?=II\*\0|MM\0\*)")
_EXIF_START = b"Exif\0\0"
_LONGEST_EXIF, _MOST_EXIF, _LONGEST_TEXT = 65_536, 100, 1_000_000


class Part(Enum):
    EXIF = "exif"
    BEHIND = "behind"  # the end of the file


def tells_a_place(body: bytes) -> bool:
    captions = body.find(b"8BIM\4\4")
    blocks = (body[found.end() : found.end() + _LONGEST_EXIF] for found in islice(_EXIF.finditer(body), _MOST_EXIF))
    return bool(
        _PLACE.search(body)
        or (captions >= 0 and _PLACE_IN_CAPTIONS.search(body, captions, captions + _LONGEST_EXIF))
        or any(tiff.tells_a_place(block) for block in blocks)
    )


def parts(data: bytes) -> Iterator[tuple[Also | Part, bytes]]:
    """Yield what a file carries, part by part."""
    end = len(data)
    if data.startswith(png_chunks.SIGNATURE):
        for chunk in png_chunks.found(data):
            end = chunk.end
            if (named := _CHUNKS.get(chunk.name)) is not None:
                kind = Also.XMP if chunk.body.startswith(b"XML:com.adobe.xmp") else named
                yield kind, _unpacked(chunk)
    elif data.startswith(b"\xff\xd8"):
        several = False
        for segment in jpeg_segments.found(data):
            end = segment.end
            what = _segment(segment)
            several = several or what is Also.SECOND_PICTURE
            if what is not None:
                yield what, segment.body
        if several:
            return
    elif data.startswith(b"RIFF"):
        for part in webp_chunks.chunks(data):
            end = part.end
            yield from _webp(part)
    else:  # TIFF and HEIF have no end of their own; what they carry stands anywhere
        yield from ((Also.XMP, found[0]) for found in re.finditer(rb"<x:xmpmeta.{0,200000}", data, re.DOTALL))
    if end < len(data):
        yield Part.BEHIND, data[end:]


def _webp(chunk: webp_chunks.WebpChunk) -> Iterator[tuple[Also | Part, bytes]]:
    if chunk.name == b"XMP ":
        yield Also.XMP, chunk.body
    elif chunk.name == b"EXIF":
        yield Part.EXIF, _EXIF_START + chunk.body.removeprefix(_EXIF_START)


def _unpacked(chunk: png_chunks.PngChunk) -> bytes:
    """Return a text chunk in the plain; of a packed one no more than the beginning."""
    _, _, text = chunk.body.partition(b"\0")
    if chunk.name == b"iTXt" and text[:1] == b"\1":
        packed = text[2:].split(b"\0", 2)[-1]
    elif chunk.name == b"zTXt":
        packed = text[1:]
    else:
        return chunk.body
    try:
        return zlib.decompressobj().decompress(packed, _LONGEST_TEXT)
    except zlib.error:
        return chunk.body


_CHUNKS = dict.fromkeys((b"tEXt", b"zTXt", b"iTXt"), Also.COMMENT) | {b"iCCP": Also.PROFILE, b"caBX": Also.CREDENTIALS}


def _segment(segment: jpeg_segments.Segment) -> Also | Part | None:
    marker, body = segment.marker, segment.body
    if marker == jpeg_segments.COM:
        return Also.COMMENT
    if not jpeg_segments.APP0 <= marker <= 0xEF:
        return None
    for start, what in _STARTS.items():
        if body.startswith(start):
            return what
    return Also.OTHER


_STARTS: dict[bytes, Also | Part | None] = {
    b"JFIF\0": None,
    b"Adobe": None,
    b"Exif\0": Part.EXIF,
    b"ICC_PROFILE\0": Also.PROFILE,
    b"http://ns.adobe.com/": Also.XMP,
    b"Photoshop 3.0\0": Also.IPTC,
    b"MPF\0": Also.SECOND_PICTURE,
    b"JP": Also.CREDENTIALS,
}
