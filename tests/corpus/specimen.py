"""What a file of the corpus is, and what is planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import piexif
from PIL import Image

from bot.domain.screening import NotShown
from tests.photos import encoded, sample_photo

MARKER = b"planted-9Qx7"
WIDE = MARKER.decode().encode("utf-16-le")  # as Windows writes it into EXIF


@dataclass(frozen=True)
class Specimen:
    """`kept`: of a kind that is filed. `copied`: there must be a clean copy. True, False, or None for either.

    `corners`: what colours an upright picture has at its corners, by their first letters: top left, top right, bottom left,
    bottom right. `why`: what must be said of it when it isn't shown. `photos`: how many it is said to hold.
    """

    name: str
    data: bytes
    kept: bool | None = True
    copied: bool | None = True
    same_pixels: bool = False  # the copy must decode to the very same pixels
    corners: str = ""
    why: NotShown | None = None
    photos: int = 1


def exif(orientation: int = 1, *, thumbnail: bytes = b"", start: bytes = b"Exif\0\0") -> bytes:
    """An EXIF block with the marker in every field a camera or a program fills in, and a place."""
    block = {
        "0th": {
            piexif.ImageIFD.Make: MARKER,
            piexif.ImageIFD.Model: MARKER,
            piexif.ImageIFD.Orientation: orientation,
            piexif.ImageIFD.Software: MARKER,
            piexif.ImageIFD.Artist: MARKER,
            piexif.ImageIFD.DateTime: b"2026:03:02 07:41:16",
            piexif.ImageIFD.XPComment: WIDE,
        },
        "Exif": {
            piexif.ExifIFD.DateTimeOriginal: b"2026:03:02 07:41:16",
            piexif.ExifIFD.UserComment: b"ASCII\0\0\0" + MARKER,
            piexif.ExifIFD.MakerNote: b"maker" + MARKER,
            piexif.ExifIFD.BodySerialNumber: MARKER,
        },
        "GPS": {
            piexif.GPSIFD.GPSLatitudeRef: b"S",
            piexif.GPSIFD.GPSLatitude: ((33, 1), (51, 1), (2450, 100)),
            piexif.GPSIFD.GPSLongitudeRef: b"E",
            piexif.GPSIFD.GPSLongitude: ((151, 1), (13, 1), (1850, 100)),
        },
    }
    if thumbnail:
        block |= {"1st": {piexif.ImageIFD.Compression: 6}, "thumbnail": thumbnail}
    written: bytes = piexif.dump(block)
    return start + written.removeprefix(b"Exif\0\0")


def xmp() -> bytes:
    place = b'exif:GPSLatitude="33,51.4S" exif:GPSLongitude="151,13.3E"'
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ' + place + b">" + MARKER + b"</rdf:RDF></x:xmpmeta>"


def uncropped() -> bytes:
    """A thumbnail that shows more than the picture it hangs on, with metadata of its own."""
    small = encoded(_cropped_face(), "JPEG", quality=60, comment=MARKER)
    assert len(small) < 60_000
    return small


def _cropped_face() -> Image.Image:
    face = Image.open(BytesIO(sample_photo(7, 0.01)))
    face.load()
    face.info.clear()
    return face
