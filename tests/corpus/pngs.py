"""PNGs: every chunk that can carry something, every depth, bombs, films, and what rides in the compressed data."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from functools import cache

from PIL import Image, ImageCms, PngImagePlugin

from bot.imaging.colour import Space, profile_of
from bot.imaging.png_chunks import SIGNATURE, chunks, made
from tests.photos import corners, encoded, profile_with_red_and_green_exchanged

from .specimen import MARKER, Specimen, exif, xmp


def with_chunks(png: bytes, *extra: bytes, at: bytes = b"IDAT") -> bytes:
    first = next(chunk for chunk in chunks(png) if chunk.name == at)
    start = first.end - 12 - len(first.body)
    return png[:start] + b"".join(extra) + png[start:]


def header(width: int, height: int, depth: int = 8, colour: int = 2, interlaced: int = 0) -> bytes:
    return made(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))


def raw(width: int, height: int, depth: int, colour: int, *, interlaced: int = 0, tail: bytes = b"") -> bytes:
    """A PNG of seeded noise, for depths that Pillow cannot write."""
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    dice = random.Random(width * depth + colour)
    rows = b"".join(b"\0" + dice.randbytes((width * bits + 7) // 8) for _ in range(height))
    body = made(b"IDAT", zlib.compress(rows + tail))
    return SIGNATURE + header(width, height, depth, colour, interlaced) + body + made(b"IEND", b"")


def profile(body: bytes) -> bytes:
    return made(b"iCCP", b"as named\0\0" + zlib.compress(body))


@cache
def carried() -> dict[str, bytes]:
    place = b"GPSLatitude\0" + MARKER
    return {
        "text": made(b"tEXt", b"Comment\0" + MARKER),
        "place": made(b"tEXt", place),
        "compressed text": made(b"zTXt", b"Comment\0\0" + zlib.compress(MARKER)),
        "international text": made(b"iTXt", b"Comment\0\0\0\0\0" + MARKER),
        "xmp": made(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp()),
        "exif": made(b"eXIf", exif(start=b"")),
        "time": made(b"tIME", b"\7\xea\3\2\7\x29\x10"),
        "content credentials": made(b"caBX", MARKER),
        "a private chunk": made(b"prVt", MARKER),
        "a suggested palette": made(b"sPLT", MARKER + b"\0\x08"),
        "a palette of no use": made(b"PLTE", (MARKER * 48)[: 3 * 190]),
        "a colour of no use": made(b"tRNS", MARKER),
        "a long density": made(b"pHYs", b"\0\0\x0b\x13\0\0\x0b\x13\1" + MARKER),
        "a text bomb": made(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(60_000_000), 1)),
        "an unknown profile": profile(profile_with_red_and_green_exchanged() + MARKER),
        "a broken profile": made(b"iCCP", b"as named\0\0" + MARKER),
    }


def pngs() -> Iterator[Specimen]:
    bases = {
        "colour": encoded(corners(), "PNG"),
        "grey": encoded(corners().convert("L"), "PNG"),
        "palette": encoded(corners().convert("P"), "PNG"),
        "bits": encoded(corners().convert("1"), "PNG"),
        "transparent": encoded(corners().convert("RGBA"), "PNG"),
        "deep": raw(20, 10, 16, 2),
    }
    for base, png in bases.items():
        yield Specimen(f"png {base}", png, same_pixels=True)
        for name, one in carried().items():
            if base == "colour" or name in {"text", "exif", "xmp"}:
                lossless = name not in {"an unknown profile", "a broken profile", "a text bomb"}
                copied = None if name == "a text bomb" else True
                yield Specimen(f"png {base} with {name}", with_chunks(png, one), copied=copied, same_pixels=lossless)
    yield from _depths()
    yield from _profiles(bases["colour"])
    yield from _odd(bases["colour"])
    yield from _bombs(bases["colour"])


def _depths() -> Iterator[Specimen]:
    for colour, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 4: (8, 16), 6: (8, 16)}.items():
        for depth in depths:
            yield Specimen(f"png colour {colour} depth {depth}", raw(17, 9, depth, colour), same_pixels=True)
    for mode in ("1", "L", "RGB"):
        yield Specimen(f"png of one pixel {mode}", encoded(Image.new(mode, (1, 1)), "PNG"), same_pixels=True)
    yield Specimen("png one pixel high", encoded(Image.new("RGB", (5000, 1), "red"), "PNG"), same_pixels=True)
    for orientation in range(1, 9):
        turned = with_chunks(encoded(corners(), "PNG"), made(b"eXIf", exif(orientation, start=b"")))
        yield Specimen(f"png held {orientation}", turned, same_pixels=orientation == 1)


def _profiles(png: bytes) -> Iterator[Specimen]:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for name, known in {"sRGB": srgb, **{space.value: profile_of(space) for space in Space}}.items():
        yield Specimen(f"png in {name}", with_chunks(png, profile(known)), same_pixels=True)
        yield Specimen(f"png in {name} and more", with_chunks(png, profile(known + MARKER)), same_pixels=True)


def _odd(png: bytes) -> Iterator[Specimen]:
    yield Specimen("png and then more", png + MARKER * 50, same_pixels=True)
    yield Specimen("png with a tail in its picture", raw(17, 9, 8, 2, tail=MARKER * 50))
    cropped = raw(17, 9, 8, 2)
    body = next(chunk.body for chunk in chunks(cropped) if chunk.name == b"IDAT")
    acropalypse = SIGNATURE + header(17, 9) + made(b"IDAT", body + MARKER * 50) + made(b"IEND", b"")
    yield Specimen("png with a cropped rest", acropalypse)
    yield Specimen("png with a body in its end", png[:-12] + made(b"IEND", MARKER), same_pixels=True)
    moving = encoded(corners(), "PNG", save_all=True, append_images=[Image.new("RGB", (48, 32))], duration=100)
    yield Specimen("apng", moving, copied=False)
    yield Specimen("png with a wrong checksum", png[:-20] + bytes([png[-20] ^ 1]) + png[-19:], copied=False)
    yield Specimen("png with two headers", with_chunks(png, header(9, 9)), copied=None)
    yield Specimen("png with 20000 chunks", with_chunks(png, *[made(b"tEXt", b"a\0" + MARKER)] * 20_000))
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", MARKER.decode() * 1000, zip=True)
    yield Specimen("png as Pillow writes it", encoded(corners(), "PNG", pnginfo=info, dpi=(300, 300)), same_pixels=True)
    for share in (0.2, 0.5, 0.9):  # the last lacks only its end
        yield Specimen(f"png cut at {share}", png[: int(len(png) * share)], copied=None if share == 0.9 else False)
    dice = random.Random(6)
    for number in range(6):
        broken = bytearray(png)
        broken[dice.randrange(8, len(broken))] = dice.randrange(256)
        yield Specimen(f"png with a wrong byte {number}", bytes(broken), copied=None)


def _bombs(png: bytes) -> Iterator[Specimen]:
    idat = made(b"IDAT", zlib.compress(bytes(30_000_000), 1))
    for side in (13_000, 60_000, 2**31 - 1):
        yield Specimen(
            f"png of {side} squared", SIGNATURE + header(side, side) + idat + made(b"IEND", b""), copied=False
        )
    for size in ((0, 0), (1, 0), (2**31 - 1, 1)):
        flat = SIGNATURE + header(*size) + made(b"IDAT", zlib.compress(b"\0")) + made(b"IEND", b"")
        yield Specimen(f"png of {size[0]} by {size[1]}", flat, copied=False)
    yield Specimen(
        "png with more picture than it says", SIGNATURE + header(9, 9) + idat + made(b"IEND", b""), copied=None
    )
    endless = png[:8] + struct.pack(">I", 2**31 - 1) + png[12:]
    yield Specimen("png with an endless chunk", endless, copied=False)
