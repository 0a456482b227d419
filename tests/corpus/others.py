"""HEIC, WebP and TIFF, files of two kinds at once, and everything that is not a picture however it is called."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from tests.photos import corners, encoded

from .heifs import HEIC
from .specimen import MARKER, Specimen, exif, xmp

# The kind of one item is no text: it ends the process that reads it (pi-heif 1.4.0 follows a pointer to nothing).
DEADLY = HEIC.replace(b"Exif\0\0\0\0*infe", b"\xc1xif\0\0\0\0*infe")


def others() -> Iterator[Specimen]:
    yield from _heics()
    yield from _webps()
    yield from _tiffs()
    yield from _of_two_kinds()
    yield from _not_pictures()


def _heics() -> Iterator[Specimen]:
    yield Specimen("heic", HEIC)
    yield Specimen(
        "heic with the marker", HEIC.replace(b"Pomelo 11", MARKER[:9]).replace(b"planted-marker", MARKER.ljust(14))
    )
    yield Specimen("heic that ends its reader", DEADLY, copied=None)
    yield Specimen("heic and then more", HEIC + b"\0\0\1\0free" + MARKER * 20, copied=None)
    yield Specimen("heic called heif", HEIC.replace(b"ftypheic", b"ftypmif1", 1))
    yield Specimen("heic called a film", HEIC.replace(b"ftypheic", b"ftyphevc", 1), kept=False)
    for share in (0.2, 0.5, 0.8, 0.95):
        yield Specimen(f"heic cut at {share}", HEIC[: int(len(HEIC) * share)], copied=False if share < 0.9 else None)
    dice = random.Random(8)
    for number in range(8):
        broken = bytearray(HEIC)
        for _ in range(dice.randint(1, 6)):
            broken[dice.randrange(12, len(broken))] = dice.randrange(256)
        yield Specimen(f"heic with wrong bytes {number}", bytes(broken), copied=None)
    huge = HEIC.replace(struct.pack(">II", 96, 64), struct.pack(">II", 60_000, 60_000))
    yield Specimen("heic of 60000 squared", huge, copied=None)


def _webps() -> Iterator[Specimen]:
    every = {"exif": exif(), "xmp": xmp()}
    yield Specimen("webp", encoded(corners(), "WEBP"))
    yield Specimen("webp lossless", encoded(corners(), "WEBP", lossless=True, **every))
    yield Specimen("webp transparent", encoded(corners().convert("RGBA"), "WEBP", **every))
    for orientation in range(1, 9):
        yield Specimen(f"webp held {orientation}", encoded(corners(), "WEBP", exif=exif(orientation), xmp=xmp()))
    yield Specimen("webp and then more", encoded(corners(), "WEBP", **every) + MARKER * 20)
    moving = encoded(corners(), "WEBP", save_all=True, append_images=[Image.new("RGB", (48, 32))], duration=100)
    yield Specimen("webp film", moving, copied=False)
    yield Specimen("webp of one pixel", encoded(Image.new("RGB", (1, 1)), "WEBP"))
    whole = encoded(corners(), "WEBP", **every)
    for share in (0.1, 0.3, 0.6):
        yield Specimen(f"webp cut at {share}", whole[: int(len(whole) * share)], copied=None)
    wide = b"VP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff"
    yield Specimen(
        "webp of 16 million squared", b"RIFF" + struct.pack("<I", 4 + len(wide)) + b"WEBP" + wide, copied=False
    )


def _tiffs() -> Iterator[Specimen]:
    block = Image.Exif()
    block.load(exif())
    for name in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "group4"):
        picture = corners().convert("1") if name == "group4" else corners()
        marks = {270: MARKER.decode(), 305: MARKER.decode(), 315: MARKER.decode(), 33432: MARKER.decode()}
        yield Specimen(f"tiff {name}", encoded(picture, "TIFF", compression=name, tiffinfo=marks))
    for mode in ("L", "CMYK", "P", "RGBA", "I;16", "LAB", "F"):
        picture = (
            Image.new(mode, (20, 10))
            if mode in {"I;16", "F"}
            else corners().convert("RGB").convert(mode)
            if mode != "LAB"
            else Image.new("LAB", (20, 10))
        )
        yield Specimen(f"tiff in {mode}", encoded(picture, "TIFF"), copied=None)
    for orientation in range(1, 9):
        block = Image.Exif()
        block[0x0112], block[0x010F] = orientation, MARKER.decode()
        yield Specimen(f"tiff held {orientation}", encoded(corners(), "TIFF", exif=block))
    yield Specimen(
        "tiff of two pages", encoded(corners(), "TIFF", save_all=True, append_images=[corners()]), kept=False
    )
    yield Specimen("tiff and then more", encoded(corners(), "TIFF") + MARKER * 20)
    plain = encoded(corners(), "TIFF")
    for share in (0.1, 0.5, 0.9):
        yield Specimen(f"tiff cut at {share}", plain[: int(len(plain) * share)], copied=False)
    entry = struct.Struct("<HHII")

    def tiff(*entries: tuple[int, int, int, int], following: int = 0) -> bytes:
        return (
            b"II*\0\x08\0\0\0"
            + struct.pack("<H", len(entries))
            + b"".join(entry.pack(*one) for one in entries)
            + struct.pack("<I", following)
        )

    big = [
        (256, 4, 1, 60_000),
        (257, 4, 1, 60_000),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (279, 4, 1, 9),
    ]
    yield Specimen("tiff of 60000 squared", tiff(*big), copied=False)
    yield Specimen("tiff that goes in a circle", tiff(*big[:2], following=8), kept=False)
    yield Specimen("tiff with a huge count", tiff((256, 4, 0xFFFFFFFF, 8), *big[1:]), copied=False)
    yield Specimen("bigtiff", b"II+\0\x08\0\0\0" + bytes(200), copied=False)


def _of_two_kinds() -> Iterator[Specimen]:
    jpeg, archive = encoded(corners()), BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("IMG_0001.jpg", jpeg)
    yield Specimen("zip with an image name", archive.getvalue(), kept=False)
    yield Specimen("pdf behind a jpeg's name", b"%PDF-1.4\n" + jpeg, copied=None)
    yield Specimen("dicom", bytes(128) + b"DICM" + MARKER, copied=False)
    yield from _scans()
    yield Specimen("dicom that begins as a jpeg", jpeg[:128].ljust(128, b"\0") + b"DICM", copied=None)
    yield Specimen("html that begins as a png", b"\x89PNG\r\n\x1a\n<html>" + MARKER, copied=False)
    yield Specimen("webp header alone", b"RIFF\0\0\0\0WEBP", copied=False)
    yield Specimen("avif of nothing", b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf" + bytes(100), copied=False)


def _scans() -> Iterator[Specimen]:
    """DICOM is filed as it came and never shown; its header is read all the same, in the confined child."""
    start = bytes(128) + b"DICM" + b"\x02\0\x10\0UI"
    explicit, deflated = b"\x14\x001.2.840.10008.1.2.1\0", b"\x16\x001.2.840.10008.1.2.1.99"
    names = b"\x10\0\x10\0PN\x0c\0" + MARKER
    frames = b"\x28\0\x08\0IS\x04\x00120 "
    endless = b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\0\xe0\xff\xff\xff\xff" * 5000
    squeezed = zlib.compressobj(1, wbits=-15)
    bomb = squeezed.compress(bytes(400_000_000)) + squeezed.flush()
    things = {
        "that names somebody": start + explicit + names + frames,
        "of frames without number": start + explicit + frames.replace(b"120 ", b"many"),
        "of minus one frame": start + explicit + frames.replace(b"120 ", b"-1  "),
        "nested without end": start + explicit + endless,
        "with a length beyond its end": start + explicit + b"\x10\0\x10\0UT\0\0\xff\xff\xff\x7f" + MARKER,
        "deflated bomb": start + deflated + bomb,
    }
    for name, data in things.items():
        yield Specimen(f"dicom {name}", data, copied=False)


def _not_pictures() -> Iterator[Specimen]:
    things = {
        "gif": encoded(corners(), "GIF"),
        "bmp": encoded(corners(), "BMP"),
        "ico": encoded(corners(), "ICO"),
        "jpeg 2000": encoded(corners(), "JPEG2000"),
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        "page": b"<!doctype html><script>" + MARKER,
        "program": b"\x7fELF\2\1\1" + bytes(500),
        "windows program": b"MZ" + bytes(500),
        "film": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(500),
        "text": b"just words " * 40,
        "zeros": bytes(2000),
        "one byte": b"\xff",
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n" + MARKER,
    }
    for name, data in things.items():
        yield Specimen(name, data, kept=False)
