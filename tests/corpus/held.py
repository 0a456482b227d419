"""Pictures stored turned, and every way in which files say so: those that are obeyed, and those that no browser obeys."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from PIL import Image

from bot.imaging.png_chunks import made
from tests.photos import corners, encoded

from .heifs import heif, mirrored, rotated
from .jpegs import segment, with_segments
from .pngs import with_chunks
from .specimen import Specimen, exif

UPRIGHT = "RGBW"
SIZE = (96, 64)
BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
KINDS = {"byte": (1, "B"), "short": (3, "H"), "long": (4, "I")}
ORDERS = {"II": "<", "MM": ">"}


def stored(orientation: int) -> Image.Image:
    """The picture as it must be stored to be upright when it is held so."""
    return corners(SIZE).transpose(BACK[orientation]) if orientation in BACK else corners(SIZE)


def block(orientation: int, kind: str = "short", order: str = "II") -> bytes:
    """An EXIF block that says nothing but how to hold the picture."""
    number, form = KINDS[kind]
    way = ORDERS[order]
    value = struct.pack(way + form, orientation).ljust(4, b"\0")
    start = order.encode() + struct.pack(way + "HI", 42, 8)
    return start + struct.pack(way + "HHHI", 1, 0x0112, number, 1) + value + bytes(4)


def turning_xmp(orientation: int) -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="%d"/></x:xmpmeta>' % orientation


def held() -> Iterator[Specimen]:
    for order in ORDERS:
        for kind in KINDS:
            for orientation in (2, 5, 6, 8):
                told = block(orientation, kind, order)
                yield from _told(f"{orientation} as a {kind} in {order}", orientation, told)
    yield from _not_obeyed()
    yield from _in_the_container()


def _told(how: str, orientation: int, told: bytes) -> Iterator[Specimen]:
    picture = stored(orientation)
    jpeg = with_segments(encoded(picture, quality=95), segment(0xE1, b"Exif\0\0" + told))
    yield Specimen(f"jpeg held {how}", jpeg, same_pixels=True, corners=UPRIGHT)
    if orientation in (5, 6):
        png = with_chunks(encoded(picture, "PNG"), made(b"eXIf", told))
        yield Specimen(f"png held {how}", png, corners=UPRIGHT)
        yield Specimen(f"webp held {how}", encoded(picture, "WEBP", quality=95, exif=told), corners=UPRIGHT)
        yield Specimen(f"tiff held {how}", _tiff(picture, how, orientation), corners=UPRIGHT)


def _tiff(picture: Image.Image, how: str, orientation: int) -> bytes:
    """Uncompressed, in one strip."""
    kind, order = how.split()[3], how.split()[5]
    way, pixels = ORDERS[order], picture.tobytes()
    number, form = KINDS[kind]
    turned = struct.pack(way + form, orientation).ljust(4, b"\0")

    def entry(tag: int, value: int) -> bytes:
        return struct.pack(way + "HHII", tag, 4, 1, value)

    entries = [
        entry(256, picture.width),
        entry(257, picture.height),
        struct.pack(way + "HHII", 258, 3, 3, 150),
        struct.pack(way + "HHIHH", 259, 3, 1, 1, 0),
        struct.pack(way + "HHIHH", 262, 3, 1, 2, 0),
        entry(273, 160),
        struct.pack(way + "HHI", 274, number, 1) + turned,
        struct.pack(way + "HHIHH", 277, 3, 1, 3, 0),
        entry(278, picture.height),
        entry(279, len(pixels)),
    ]
    head = order.encode() + struct.pack(way + "HI", 42, 8) + struct.pack(way + "H", len(entries)) + b"".join(entries)
    return (head + bytes(4)).ljust(150, b"\0") + struct.pack(way + "HHH", 8, 8, 8).ljust(10, b"\0") + pixels


def _not_obeyed() -> Iterator[Specimen]:
    """Browsers show these as stored, and so does whoever is shown them here."""
    jpeg, png = encoded(corners(SIZE), quality=95), encoded(corners(SIZE), "PNG")
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + turning_xmp(6)
    yield Specimen("jpeg turned by xmp alone", with_segments(jpeg, segment(0xE1, xmp)), corners=UPRIGHT)
    words = made(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + turning_xmp(6))
    yield Specimen("png turned by xmp alone", with_chunks(png, words), corners=UPRIGHT)
    digits = exif(6).hex().encode()
    raw = made(b"tEXt", b"Raw profile type exif\0\nexif\n%8d\n" % (len(digits) // 2) + digits)
    yield Specimen("png turned by text alone", with_chunks(png, raw), corners=UPRIGHT)
    behind = jpeg[:-2] + segment(0xE1, b"Exif\0\0" + block(6))
    yield Specimen("jpeg with exif behind its scan", behind + b"\xff\xd9", corners=UPRIGHT)


def _in_the_container() -> Iterator[Specimen]:
    for orientation in range(1, 9):
        says = Image.Exif()
        says[0x0112] = orientation  # what writes it puts it into the container
        avif = encoded(stored(orientation), "AVIF", quality=90, exif=says, speed=10)
        yield Specimen(f"avif held {orientation}", avif, corners=UPRIGHT)
    upright = Image.Exif()
    upright[0x010F] = "a maker"
    avif = encoded(corners(SIZE), "AVIF", quality=90, exif=upright, speed=10)
    maker = struct.pack("<HHI", 0x010F, 2, 8)
    for order, sought in (("<", maker), (">", struct.pack(">HHI", 0x010F, 2, 8))):
        if (at := avif.find(sought)) >= 0:
            told = struct.pack(order + "HHIHH", 0x0112, 3, 1, 6, 0)
            avif = avif[:at] + told + avif[at + len(told) :]
    yield Specimen("avif turned by exif alone", avif, corners=UPRIGHT)
    for name, turned, shown in (
        ("a quarter", [rotated(1)], "GWRB"),
        ("a half", [rotated(2)], "WBGR"),
        ("three quarters", [rotated(3)], "BRWG"),
        ("upside down", [mirrored(0)], "BWRG"),
        ("mirrored", [mirrored(1)], "GRWB"),
        ("a quarter and mirrored", [rotated(1), mirrored(1)], "WGBR"),
    ):
        yield Specimen(f"heic turned {name}", heif(turned=turned), corners=shown)
        yield Specimen(f"heic of tiles turned {name}", heif(tiles=True, turned=turned), corners=shown)
    told = b"\0\0\0\6Exif\0\0" + block(6)
    yield Specimen("heic turned by exif alone", heif(exif=told), corners=UPRIGHT)
