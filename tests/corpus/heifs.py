"""Write HEIC files around the one compressed picture of `corners.heic`: nothing here can compress one, anything can hold it."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

from bot.imaging.heif_boxes import coded

HEIC = (Path(__file__).parent / "corners.heic").read_bytes()
(_PICTURE,) = coded(HEIC)
WIDTH, HEIGHT = 96, 64


def box(name: bytes, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return struct.pack(">I", 8 + len(body)) + name + body


def full(name: bytes, *bodies: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(name, struct.pack(">I", version << 24 | flags), *bodies)


def wrongly(data: bytes) -> bytes:
    """The same with one byte changed, in the middle."""
    at = len(data) * 2 // 3
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


def heif(
    *,
    tiles: bool = False,
    photos: int = 1,
    stereo: bool = False,
    wrong: int | None = None,
    missing: int | None = None,
    turned: Sequence[bytes] = (),
    exif: bytes | None = None,
    codec: bytes = b"hvc1",
) -> bytes:
    """A HEIC of one picture, of four tiles, or of several photos; `turned` are properties that say how it is held."""
    count = 4 if tiles else photos
    kinds = [codec] * count + [b"grid"] * tiles + [b"Exif"] * (exif is not None)
    data = [wrongly(_PICTURE.data) if number == wrong else _PICTURE.data for number in range(count)]
    data += [struct.pack(">BBBBHH", 0, 0, 1, 1, 2 * WIDTH, 2 * HEIGHT)] * tiles
    data += [exif] if exif is not None else []
    main = count + 1 if tiles else 1
    properties = [
        box(b"hvcC", _PICTURE.settings),
        full(b"ispe", struct.pack(">II", WIDTH, HEIGHT)),
        full(b"ispe", struct.pack(">II", 2 * WIDTH, 2 * HEIGHT)),
        *turned,
    ]
    turning = [0x80 | 4 + number for number in range(len(turned))]
    chosen = [(number + 1, [0x81, 2, *(turning if not tiles else [])]) for number in range(count)]
    chosen += [(main, [3, *turning])] if tiles else []
    associations = b"".join(struct.pack(">HB", item, len(some)) + bytes(some) for item, some in chosen)
    described = [
        full(b"infe", struct.pack(">HH", number, 0), kind, b"\0", version=2, flags=int(tiles and kind == codec))
        for number, kind in enumerate(kinds, 1)
    ]
    references = [box(b"dimg", struct.pack(">HH4H", main, 4, 1, 2, 3, 4))] if tiles else []
    references += [box(b"cdsc", struct.pack(">HHH", len(kinds), 1, main))] if exif is not None else []
    group = [box(b"grpl", full(b"ster", struct.pack(">IIII", 100, 2, 1, 2)))] if stereo else []

    def meta(start: int) -> bytes:
        places, at = b"", start
        for number, body in enumerate(data):
            where = 0x7FFFFF00 if number == missing else at
            places += struct.pack(">HHHII", number + 1, 0, 1, where, len(body))
            at += len(body)
        return full(
            b"meta",
            full(b"hdlr", bytes(4), b"pict", bytes(13)),
            full(b"pitm", struct.pack(">H", main)),
            full(b"iloc", b"\x44\0", struct.pack(">H", len(data)), places),
            full(b"iinf", struct.pack(">H", len(kinds)), *described),
            box(b"iprp", box(b"ipco", *properties), full(b"ipma", struct.pack(">I", len(chosen)), associations)),
            *([full(b"iref", *references)] if references else []),
            *group,
        )

    head = box(b"ftyp", b"heic", bytes(4), b"mif1heicmiaf")
    return head + meta(len(head) + len(meta(0)) + 8) + box(b"mdat", *data)


def rotated(quarters: int) -> bytes:
    """The property that turns a picture, anticlockwise."""
    return box(b"irot", bytes([quarters]))


def mirrored(axis: int) -> bytes:
    """0: top and bottom exchanged; 1: left and right."""
    return box(b"imir", bytes([axis]))
