"""Good pictures with something odd beside them: browsers show them, and so must we."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from bot.imaging.png_chunks import made
from tests.photos import corners, encoded

from .heifs import heif
from .held import UPRIGHT
from .jpegs import segment, with_segments
from .pngs import with_chunks
from .specimen import MARKER, Specimen, exif, xmp

SIZE = (160, 120)
NONSENSE = b"II*\0\xff\xff\xff\xff" + MARKER


def wrongly(chunk: bytes) -> bytes:
    """The chunk with a wrong checksum."""
    return chunk[:-1] + bytes([chunk[-1] ^ 1])


def beside() -> Iterator[Specimen]:
    yield from _pngs()
    yield from _jpegs()
    yield from _others()


def _pngs() -> Iterator[Specimen]:
    png = encoded(corners(SIZE), "PNG")
    chunks = {
        "tEXt": b"Comment\0" + MARKER,
        "zTXt": b"Comment\0\0" + zlib.compress(MARKER),
        "iTXt": b"Comment\0\0\0\0\0" + MARKER,
        "pHYs": b"\0\0\x0b\x13\0\0\x0b\x13\1",
        "iCCP": b"name\0\0" + zlib.compress(MARKER * 20),
        "eXIf": exif(6, start=b""),
        "tIME": b"\7\xea\3\2\7\x29\x10",
        "acTL": struct.pack(">II", 2, 0),
        "tRNS": b"\0\1\0\2\0\3",
        "prVt": MARKER,
    }
    for name, body in chunks.items():
        one = wrongly(made(name.encode(), body))
        yield Specimen(f"png with a wrong checksum in {name}", with_chunks(png, one), same_pixels=True, corners=UPRIGHT)
    much = made(b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(bytes(3_000_000)))
    for count in (1, 60):
        yield Specimen(
            f"png with {3 * count} MB of text", with_chunks(png, *[much] * count), same_pixels=True, corners=UPRIGHT
        )
    long = struct.pack(">I", 2**31 - 1) + b"tEXt" + MARKER
    yield Specimen("png with endless text behind", png[:-12] + long, same_pixels=True, corners=UPRIGHT)
    for where in (b"IHDR", b"IDAT"):
        nonsense = (
            with_chunks(png, made(b"eXIf", NONSENSE), at=where)
            if where == b"IDAT"
            else png[:-12] + made(b"eXIf", NONSENSE)
        )
        yield Specimen(f"png with nonsense for exif, {where.decode()}", nonsense, same_pixels=True, corners=UPRIGHT)


def _jpegs() -> Iterator[Specimen]:
    jpeg = encoded(corners(SIZE), quality=95)
    things = {
        "nonsense for exif": segment(0xE1, b"Exif\0\0" + NONSENSE),
        "nonsense for an index": segment(0xE2, b"MPF\0" + NONSENSE),
        "half an index": segment(0xE2, b"MPF\0II*\0\x08\0\0\0\3\0"),
        "nonsense for captions": segment(0xED, b"Photoshop 3.0\x008BIM\4\4" + b"\xff" * 40 + MARKER),
        "nonsense for a profile": segment(0xE2, b"ICC_PROFILE\0\1\2" + MARKER),
        "an odd profile, twice": segment(0xE2, b"ICC_PROFILE\0\1\1" + MARKER) * 2,
        "an odd density": segment(0xE0, b"JFIF\0\x09\x09\1\0\0\0\0\0\0"),
        "jfif behind exif": segment(0xE1, exif()) + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
    }
    for name, one in things.items():
        yield Specimen(f"jpeg with {name}", with_segments(jpeg, one), corners=UPRIGHT)


def _others() -> Iterator[Specimen]:
    webp = encoded(corners(SIZE), "WEBP", quality=95, exif=NONSENSE, xmp=xmp())
    yield Specimen("webp with nonsense for exif", webp, corners=UPRIGHT)
    wide = b"VP8X" + struct.pack("<I4x", 10) + struct.pack("<I", SIZE[0] - 1)[:3] + struct.pack("<I", SIZE[1] - 1)[:3]
    plain = encoded(corners(SIZE), "WEBP", quality=95)
    for kind in (b"xtra", b"a_-\0", b"\xff\xff\xff\xff"):
        strange = kind + struct.pack("<I", len(MARKER)) + MARKER + bytes(len(MARKER) % 2)
        body = b"WEBP" + wide + strange + plain[12:]
        yield Specimen(
            f"webp with a strange part before its picture, {kind.hex()}",
            b"RIFF" + struct.pack("<I", len(body)) + body,
            corners=UPRIGHT,
        )
    yield Specimen("webp cut within its xmp", webp[:-20], corners=UPRIGHT)
    yield Specimen(
        "webp with a profile of nonsense", encoded(corners(SIZE), "WEBP", icc_profile=MARKER * 9), corners=UPRIGHT
    )
    tiff = bytearray(encoded(corners(SIZE), "TIFF"))
    first = int.from_bytes(tiff[4:8], "little")
    for tag, name in (
        (34665, "exif"),
        (34853, "a place"),
        (700, "xmp"),
        (34377, "captions"),
        (330, "a second directory"),
    ):
        odd = tiff.copy()
        odd += struct.pack("<H", int.from_bytes(tiff[first : first + 2], "little") + 1)
        entries = tiff[first + 2 : first + 2 + 12 * int.from_bytes(tiff[first : first + 2], "little")]
        odd[4:8] = struct.pack("<I", len(tiff))
        odd += entries + struct.pack("<HHII", tag, 4, 1, 0xFFFFFFF0) + bytes(4)
        yield Specimen(f"tiff with {name} that is not there", bytes(odd), corners=UPRIGHT)
    yield Specimen("heic with nonsense for exif", heif(exif=NONSENSE), corners=UPRIGHT)
    yield Specimen("heic with half an exif", heif(exif=b"\0\0\0\6Exif\0\0II*\0\x08\0\0\0\xff"), corners=UPRIGHT)
    avif = encoded(corners(SIZE), "AVIF", quality=90, exif=exif(1, start=b""), xmp=xmp(), speed=10)
    yield Specimen("avif", avif, corners=UPRIGHT)
    yield Specimen("avif transparent", encoded(corners(SIZE).convert("RGBA"), "AVIF", speed=10), corners=UPRIGHT)
    yield Specimen("avif called heif", avif.replace(b"ftypavif", b"ftypmif1", 1), corners=UPRIGHT)
    at = avif.index(b"II*\0") if b"II*\0" in avif else avif.index(b"MM\0*")
    yield Specimen("avif with nonsense for exif", avif[:at] + b"\xff" * 60 + avif[at + 60 :], corners=UPRIGHT)
