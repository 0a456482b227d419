"""JPEGs: every segment that can carry something, every way to store a picture, and files that lie about themselves."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageCms

from bot.imaging.colour import Space, profile_of
from tests.photos import corners, encoded, profile_with_red_and_green_exchanged, sample_photo

from .specimen import MARKER, Specimen, exif, uncropped, xmp

ICC = b"ICC_PROFILE\0\1\1"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def jumbf() -> bytes:
    """A content credential in its box, as C2PA writes it."""
    description = b"jumdc2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03c2pa\0" + MARKER
    inner = struct.pack(">I", len(description) + 4) + description
    return b"JP\0\1\0\0\0\1" + struct.pack(">I", len(inner) + 8) + b"jumb" + inner


def carried() -> dict[str, bytes]:
    """One of each thing that a segment can carry, by name."""
    thumb = uncropped()
    mpf = b"MPF\0II*\0\x08\0\0\0" + b"\1\0\0\xb0\7\0\4\0\0\0000100\0\0\0\0" + MARKER
    return {
        "exif": segment(0xE1, exif()),
        "exif with an uncropped thumbnail": segment(0xE1, exif(thumbnail=thumb)),
        "xmp": segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp()),
        "extended xmp": segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + xmp()),
        "iptc": segment(
            0xED, b"Photoshop 3.0\x008BIM\4\4\0\0\0\0" + struct.pack(">H", 17) + b"\x1c\2\x78\0\x0c" + MARKER
        ),
        "comment": segment(0xFE, MARKER),
        "two comments": segment(0xFE, MARKER) + segment(0xFE, b"x" * 60_000 + MARKER),
        "content credentials": segment(0xEB, jumbf()),
        "app10": segment(0xEA, b"AROT\0\0" + MARKER),
        "app3": segment(0xE3, b"Meta\0\0" + exif(start=b"")),
        "app12": segment(0xEC, b"Ducky\0" + MARKER),
        "app15": segment(0xEF, MARKER),
        "flashpix": segment(0xE2, b"FPXR\0" + MARKER),
        "multi-picture index": segment(0xE2, mpf),
        "jfif thumbnail": segment(0xE0, b"JFIF\0\1\2\0\0\1\0\1\4\1" + MARKER),
        "jfxx thumbnail": segment(0xE0, b"JFXX\0\x10" + thumb),
        "adobe with more": segment(0xEE, b"Adobe\0d\0\0\0\0\1" + MARKER),
        "unknown profile": segment(0xE2, ICC + profile_with_red_and_green_exchanged() + MARKER),
        "padding": b"\xff" * 40,
    }


def bases() -> dict[str, bytes]:
    """The same picture in the ways a JPEG can store it."""
    photo = Image.open(BytesIO(sample_photo(3, 0.04)))
    photo.load()
    photo.info.clear()
    return {
        "colour": encoded(photo, quality=90, subsampling=0),
        "subsampled": encoded(photo, quality=80, subsampling=2),
        "progressive": encoded(photo, quality=85, progressive=True),
        "restarts": encoded(photo, quality=85, restart_marker_rows=1),
        "grey": encoded(photo.convert("L"), quality=85),
        "cmyk": encoded(photo.convert("CMYK"), quality=85),
        "one pixel": encoded(Image.new("RGB", (1, 1), "red")),
    }


def jpegs() -> Iterator[Specimen]:
    stored, things = bases(), carried()
    for base, jpeg in stored.items():
        yield Specimen(f"jpeg {base}", jpeg, same_pixels=True)
        everything = [one for name, one in things.items() if name not in {"unknown profile", "padding"}]
        yield Specimen(f"jpeg {base} with everything", with_segments(jpeg, *everything) + MARKER, same_pixels=True)
        for name, one in things.items() if base in {"colour", "progressive"} else ():
            same = name != "unknown profile"
            yield Specimen(f"jpeg {base} with {name}", with_segments(jpeg, one), same_pixels=same)
    plain = stored["colour"]
    yield from _turned(plain)
    yield from _profiles(plain)
    yield from _behind_the_end(plain)
    yield from _inside(plain)
    yield from _exif_that_lies(plain)
    yield from _broken(plain)


def _turned(jpeg: bytes) -> Iterator[Specimen]:
    for orientation in range(10):
        turned = with_segments(jpeg, segment(0xE1, exif(orientation)))
        yield Specimen(f"jpeg held {orientation}", turned, same_pixels=True)
    once_more = with_segments(jpeg, segment(0xE1, exif(6)), segment(0xE1, exif(3)))
    yield Specimen("jpeg held twice", once_more, same_pixels=True)


def _profiles(jpeg: bytes) -> Iterator[Specimen]:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for name, profile in {"sRGB": srgb, **{space.value: profile_of(space) for space in Space}}.items():
        yield Specimen(f"jpeg in {name}", with_segments(jpeg, segment(0xE2, ICC + profile)), same_pixels=True)
        hidden = with_segments(jpeg, segment(0xE2, ICC + profile + MARKER))
        yield Specimen(f"jpeg in {name} and more", hidden, same_pixels=True)
    for name, profile in {
        "nonsense": MARKER * 20,
        "cut": srgb[:90],
        "empty": b"",
        "tags": srgb[:128] + b"\xff" * 400,
    }.items():
        yield Specimen(f"jpeg in {name} profile", with_segments(jpeg, segment(0xE2, ICC + profile)))


def _behind_the_end(jpeg: bytes) -> Iterator[Specimen]:
    import zipfile

    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("notes.txt", MARKER)
    tails = {
        "a zip": archive.getvalue(),
        "another jpeg": with_segments(jpeg, segment(0xFE, MARKER)),
        "a film": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + MARKER * 100,
        "a page": b"<script>" + MARKER + b"</script>",
        "a pdf": b"%PDF-1.4\n" + MARKER,
        "zeros": bytes(5000),
        "a megabyte": MARKER * 90_000,
    }
    for name, tail in tails.items():
        yield Specimen(f"jpeg and then {name}", jpeg + tail, same_pixels=True)
    both = BytesIO()
    corners().save(both, "MPO", save_all=True, append_images=[Image.new("RGB", (48, 32), "black")])
    yield Specimen("mpo", both.getvalue(), same_pixels=True)
    yield Specimen("mpo with exif", with_segments(both.getvalue(), segment(0xE1, exif(6))), same_pixels=True)


def _inside(jpeg: bytes) -> Iterator[Specimen]:
    """Things riding in tables that decoders skip."""
    quantisation = segment(0xDB, b"\3" + bytes(range(1, 65)))
    yield Specimen("jpeg with an unused table", with_segments(jpeg, quantisation), same_pixels=True)
    yield Specimen(
        "jpeg with a tail in a table", with_segments(jpeg, segment(0xDB, b"\3" + bytes(64) + MARKER)), copied=None
    )
    yield Specimen(
        "jpeg with a long restart segment", with_segments(jpeg, segment(0xDD, b"\0\0" + MARKER)), copied=None
    )
    yield Specimen("jpeg with 3000 comments", with_segments(jpeg, *[segment(0xFE, MARKER)] * 3000))
    yield Specimen("jpeg with empty segments", with_segments(jpeg, *[segment(0xE5, b"")] * 1000), same_pixels=True)


def _exif_that_lies(jpeg: bytes) -> Iterator[Specimen]:
    entry = struct.Struct("<HHII")
    lies = {
        "65535 entries": b"\xff\xff" + entry.pack(0x0110, 2, 12, 8) * 5000,
        "a huge count": b"\1\0" + entry.pack(0x0110, 5, 0xFFFFFFFF, 8),
        "a huge text": b"\1\0" + entry.pack(0x0110, 2, 0x7FFFFFFF, 30),
        "an offset outside": b"\1\0" + entry.pack(0x0110, 2, 100, 0xFFFFFFF0),
        "itself": b"\1\0" + entry.pack(0x8769, 4, 1, 8),
        "a loop of places": b"\1\0" + entry.pack(0x8825, 4, 1, 8) + struct.pack("<I", 8),
        "unknown types": b"\3\0" + b"".join(entry.pack(0x0110 + n, 99 + n, 4, 4) for n in range(3)),
        "nothing": b"",
        "half an entry": b"\1\0\x10",
        "orientation 99": b"\1\0" + entry.pack(0x0112, 3, 1, 99),
        "orientation as text": b"\1\0" + entry.pack(0x0112, 2, 4, 0x36363636),
    }
    for name, body in lies.items():
        block = b"Exif\0\0II*\0\x08\0\0\0" + body[:65_000] + MARKER
        yield Specimen(f"jpeg whose exif has {name}", with_segments(jpeg, segment(0xE1, block)), same_pixels=True)
    yield Specimen(
        "jpeg whose exif is text", with_segments(jpeg, segment(0xE1, b"Exif\0\0" + MARKER)), same_pixels=True
    )


def _broken(jpeg: bytes) -> Iterator[Specimen]:
    dice = random.Random(5)
    marked = with_segments(jpeg, segment(0xE1, exif()))
    for share in (0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
        yield Specimen(f"jpeg cut at {share}", marked[: int(len(marked) * share)], copied=False)
    yield Specimen("jpeg without its end", marked[:-2], copied=None)
    for number in range(12):  # `damaged` makes as many more as are asked for
        broken = bytearray(marked)
        for _ in range(dice.randint(1, 20)):
            broken[dice.randrange(4, len(broken))] = dice.randrange(256)
        yield Specimen(f"jpeg with wrong bytes {number}", bytes(broken), copied=None)
    for number, at in enumerate(range(600, len(marked) - 600, len(marked) // 5)):
        yield Specimen(f"jpeg with a hole {number}", marked[:at] + marked[at + 500 :], copied=None)
    huge = bytearray(marked)
    frame = huge.index(b"\xff\xc0") + 5
    huge[frame : frame + 4] = b"\xff\xff\xff\xff"
    yield Specimen("jpeg of 65535 by 65535", bytes(huge), copied=False)
    huge[frame : frame + 4] = b"\0\0\0\0"
    yield Specimen("jpeg of nothing by nothing", bytes(huge), copied=False)
    yield Specimen("jpeg of three bytes", b"\xff\xd8\xff", copied=False)
    yield Specimen("jpeg of markers", b"\xff\xd8" + b"\xff" * 100_000, copied=False)
    yield Specimen("jpeg of stuffing", jpeg[:-2] + b"\xff\0" * 500_000 + b"\xff\xd9", copied=None, same_pixels=False)
    yield Specimen("jpeg with two frames", jpeg[:-2] + jpeg[2:], copied=None)
    yield Specimen("lossless jpeg", jpeg.replace(b"\xff\xc0", b"\xff\xc3", 1), copied=False)
    yield Specimen("arithmetic jpeg", jpeg.replace(b"\xff\xc0", b"\xff\xc9", 1), copied=None)
    yield Specimen("jpeg of 12 bits", jpeg.replace(b"\xff\xc0\0\x11\x08", b"\xff\xc1\0\x11\x0c", 1), copied=None)
