"""Files in which one picture stands for another: previews, the first of several, what moves; and such as nothing here reads."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from bot.domain.screening import NotShown
from bot.imaging.png_chunks import chunks, made
from tests.photos import corners, encoded

from .heifs import heif
from .held import UPRIGHT
from .pngs import with_chunks
from .specimen import MARKER, Specimen

SIZE = (160, 120)
SMALL = (40, 30)
Field = tuple[int, int, int, bytes]  # tag, kind, count, values


def stand_ins() -> Iterator[Specimen]:
    yield from _raw()
    yield from _several()
    yield from _moving()
    yield from _rarely_coded()


def short(tag: int, *values: int) -> Field:
    return tag, 3, len(values), struct.pack(f"<{len(values)}H", *values)


def long(tag: int, *values: int) -> Field:
    return tag, 4, len(values), struct.pack(f"<{len(values)}I", *values)


def picture(size: tuple[int, int], *more: Field, colours: int = 2, depth: int = 8, compression: int = 1) -> list[Field]:
    samples = 3 if colours == 2 else 1
    described = [
        long(256, size[0]),
        long(257, size[1]),
        short(258, *[depth] * samples),
        short(259, compression),
        short(262, colours),
        short(277, samples),
        long(278, size[1]),
    ]
    return [*described, *more]


def tiff(*directories: tuple[list[Field], bytes], inside: tuple[list[Field], bytes] | None = None) -> bytes:
    """A TIFF of these directories, each with its pixels; `inside` is a directory that the first one points to."""
    out, last = bytearray(b"II*\0\0\0\0\0"), 4
    if inside is not None:
        fields, pixels = inside
        place, _ = _directory(out, fields, pixels)
        directories = (([*directories[0][0], long(330, place)], directories[0][1]), *directories[1:])
    for fields, pixels in directories:
        place, following = _directory(out, fields, pixels)
        out[last : last + 4] = struct.pack("<I", place)
        last = following
    return bytes(out)


def _directory(out: bytearray, fields: list[Field], pixels: bytes) -> tuple[int, int]:
    fields = sorted([*fields, long(273, len(out)), long(279, len(pixels))])
    out += pixels + bytes(len(pixels) % 2)
    entries = []
    for tag, kind, count, values in fields:
        where = values.ljust(4, b"\0") if len(values) <= 4 else struct.pack("<I", len(out))
        out += values if len(values) > 4 else b""
        entries.append(struct.pack("<HHI", tag, kind, count) + where)
    out += bytes(len(out) % 2)
    place = len(out)
    out += struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)
    return place, len(out) - 4


def _raw() -> Iterator[Specimen]:
    preview = corners(SMALL).tobytes()
    full = corners(SIZE).convert("L").tobytes()
    reduced, version = long(254, 1), (50706, 1, 4, b"\1\4\0\0")
    sensor = picture(SIZE, colours=32803), full
    raws = {
        "dng with a preview first": tiff((picture(SMALL, reduced, version), preview), inside=sensor),
        "dng of a preview that doesn't say so": tiff((picture(SMALL, version), preview), inside=sensor),
        "raw photo with a preview first": tiff((picture(SMALL, reduced), preview), inside=sensor),
        "raw photo of a preview that doesn't say so": tiff((picture(SMALL), preview), inside=sensor),
        "raw photo of a sensor": tiff((picture(SIZE, colours=32803), full)),
        "raw photo, linear": tiff((picture(SIZE, version, colours=34892), full)),
        "raw photo whose preview comes first of two": tiff(
            (picture(SMALL, reduced), preview), (picture(SIZE), corners(SIZE).tobytes())
        ),
    }
    cr2 = bytearray(tiff((picture(SMALL), preview)))
    raws["raw photo of a well known make"] = b"II*\0" + struct.pack("<I", 16) + b"CR\2\0\0\0\0\0" + bytes(cr2[8:])
    for name, data in raws.items():
        yield Specimen(name, data, copied=False, why=NotShown.RAW)
    small = picture(SMALL, reduced), preview
    main = picture(SIZE), corners(SIZE).tobytes()
    yield Specimen("tiff with a small version behind", tiff(main, small), corners=UPRIGHT)
    said_of_old = picture(SMALL, short(255, 2)), preview
    yield Specimen("tiff with a small version behind, as it was said of old", tiff(main, said_of_old), corners=UPRIGHT)
    yield Specimen(
        "tiff that is a small version, as it was said of old", tiff(said_of_old), copied=False, why=NotShown.RAW
    )
    yield Specimen("tiff with a small version inside", tiff(main, inside=small), corners=UPRIGHT)
    yield Specimen(
        "tiff with a mask behind", tiff(main, (picture(SIZE, long(254, 4), colours=0), full)), corners=UPRIGHT
    )


def _several() -> Iterator[Specimen]:
    yield Specimen("tiff of three pages", tiff(*[(picture(SIZE), corners(SIZE).tobytes())] * 3), kept=False)

    def mpo(*more: Image.Image) -> bytes:
        out = BytesIO()
        corners(SIZE).save(out, "MPO", save_all=True, append_images=more, quality=95)
        return out.getvalue()

    black = Image.new("RGB", SIZE)
    yield Specimen("mpo of two photos", mpo(black), same_pixels=True, corners=UPRIGHT, photos=2)
    yield Specimen("mpo of five photos", mpo(*[black] * 4), same_pixels=True, corners=UPRIGHT, photos=5)
    yield Specimen("mpo of a photo and a map", mpo(black.resize(SMALL)), same_pixels=True, corners=UPRIGHT)
    yield Specimen("heic of two photos", heif(photos=2), corners=UPRIGHT, photos=2)
    yield Specimen("heic for two eyes", heif(photos=2, stereo=True), corners=UPRIGHT, photos=2)
    yield Specimen("heic of a burst", heif(photos=9), corners=UPRIGHT, photos=9)


def _moving() -> Iterator[Specimen]:
    films = {"save_all": True, "append_images": [Image.new("RGB", SIZE)], "duration": 100}
    for kind in ("PNG", "WEBP"):
        yield Specimen(
            f"{kind.lower()} that moves", encoded(corners(SIZE), kind, **films), copied=False, why=NotShown.MOVING
        )
    avif = encoded(corners(SIZE), "AVIF", **films, speed=10)
    yield Specimen("avif that moves", avif, kept=False)
    yield Specimen("gif that moves", encoded(corners(SIZE), "GIF", **films), kept=False)
    yield Specimen("film of a phone", b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(500), kept=False)
    yield Specimen("webp of one frame", _webp_of_frames(SIZE), corners=UPRIGHT)
    yield Specimen("webp of one frame twice", _webp_of_frames(SIZE, 2), copied=False, why=NotShown.MOVING)
    one = with_chunks(encoded(corners(SIZE), "PNG"), made(b"acTL", struct.pack(">II", 1, 0)))
    yield Specimen("png of one frame", one, same_pixels=True, corners=UPRIGHT)
    yield Specimen("png whose two frames come later", _frames_later(2), copied=False, why=NotShown.MOVING)
    yield Specimen("png whose only frame comes later", _frames_later(1), copied=False, why=NotShown.SEVERAL)


def _frames_later(frames: int) -> bytes:
    """A PNG whose first picture is none of its frames: browsers show what comes after it, other programs the first."""
    png = encoded(Image.new("RGB", SIZE, "white"), "PNG")
    data = next(chunk.body for chunk in chunks(encoded(corners(SIZE), "PNG")) if chunk.name == b"IDAT")
    described = made(b"fcTL", struct.pack(">IIIIIHHBB", 0, *SIZE, 0, 0, 1, 10, 0, 0))
    behind = described + made(b"fdAT", struct.pack(">I", 1) + data)
    return with_chunks(with_chunks(png, made(b"acTL", struct.pack(">II", frames, 0))), behind, at=b"IEND")


def _webp_of_frames(size: tuple[int, int], count: int = 1) -> bytes:
    across, down = (struct.pack("<I", side - 1)[:3] for side in size)

    def part(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)

    frame = bytes(6) + across + down + b"\x64\0\0\0" + encoded(corners(size), "WEBP", quality=95)[12:]
    body = b"WEBP" + part(b"VP8X", b"\2\0\0\0" + across + down) + part(b"ANIM", bytes(6)) + count * part(b"ANMF", frame)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _rarely_coded() -> Iterator[Specimen]:
    jpeg = encoded(corners(SIZE), quality=95)
    grey = corners(SIZE).convert("L").tobytes()
    rare = {
        "jpeg, lossless": jpeg.replace(b"\xff\xc0", b"\xff\xc3", 1),
        "jpeg of twelve bits": jpeg.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c", 1),
        "tiff of an unknown compression": tiff((picture(SIZE, compression=34712), corners(SIZE).tobytes())),
        "tiff of unknown colours": tiff((picture(SIZE, colours=32845), grey)),
        "tiff of fractions": encoded(corners(SIZE).convert("F"), "TIFF"),
        "tiff of deep colours, each by itself": tiff(
            (picture(SIZE, short(284, 2), depth=16), bytes(2) + 6 * corners(SIZE).tobytes())
        ),
        "tiff of large numbers": encoded(corners(SIZE).convert("I"), "TIFF"),
        "heif of another codec": heif(codec=b"av01"),
        "png as a phone keeps it for itself": _apples_png(),
    }
    for name, data in rare.items():
        yield Specimen(name, data, copied=False, why=NotShown.CODED)
    yield Specimen("dicom, and nothing else", bytes(128) + b"DICM" + MARKER, copied=False, why=NotShown.NOT_SHOWN_HERE)


def _apples_png() -> bytes:
    png = encoded(corners(SIZE), "PNG")
    return png[:8] + made(b"CgBI", b"\x50\0\x20\2") + png[8:]
