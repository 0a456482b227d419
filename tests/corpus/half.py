"""Pictures of which a part is missing or wrong, and such as only look as if it were."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image

from bot.domain.screening import NotShown
from bot.imaging.png_chunks import SIGNATURE, chunks, made
from tests.photos import corners, encoded

from .heifs import heif
from .held import UPRIGHT
from .sampled import sampled
from .scans import group4
from .specimen import Specimen
from .stand_ins import picture as described
from .stand_ins import tiff

DAMAGED = NotShown.DAMAGED
SIZE = (160, 120)


def half() -> Iterator[Specimen]:
    yield from _jpegs()
    yield from _pngs()
    yield from _webps()
    yield from _tiffs()
    yield from _faxes()
    yield from _heifs()


def damaged(name: str, data: bytes) -> Specimen:
    return Specimen(name, data, copied=False, why=DAMAGED)


def whole(name: str, data: bytes) -> Specimen:
    return Specimen(name, data, corners=UPRIGHT)


def photo() -> Image.Image:
    """Enough detail that no decoder can guess the missing part."""
    dice = random.Random(9)
    noise = Image.frombytes("L", SIZE, dice.randbytes(SIZE[0] * SIZE[1])).convert("RGB")
    noise.paste(corners((120, 90)), (20, 15))
    return noise


def _jpegs() -> Iterator[Specimen]:
    end = b"\xff\xd9"
    ways: dict[str, dict[str, Any]] = {
        "simple": {},
        "progressive": {"progressive": True},
        "restarting": {"restart_marker_rows": 1},
    }
    for way, options in ways.items():
        jpeg = encoded(corners(SIZE), quality=90, **options)
        noisy = encoded(photo(), quality=90, **options)
        yield damaged(f"jpeg {way}, half of it and an end", noisy[: len(noisy) * 2 // 3] + end)
        yield whole(f"jpeg {way} without an end", jpeg[:-2])
        yield whole(f"jpeg {way} filled up before its end", jpeg[:-2] + bytes(40) + end)
        for name, filling in (("zeros", b"\0"), ("the same byte", b"U")):
            for share in (3, 5, 8, 9):
                part = noisy[: len(noisy) * share // 10]
                filled = part.ljust(len(noisy) - 2, filling) + end
                yield damaged(f"jpeg {way}, {share} tenths of it and then {name}", filled)
        yield damaged(f"jpeg {way} with data behind its last row", noisy[:-2] + noisy[-300:-2] + end)
    restarting = encoded(photo(), quality=90, restart_marker_rows=1)
    yield damaged("jpeg with a restart lost", restarting.replace(b"\xff\xd3", b"\xff\xd6", 1))
    at = restarting.index(b"\xff\xd4")
    yield damaged("jpeg with a row of blocks lost", restarting[: at - 60] + restarting[at:])
    yield damaged(
        "jpeg cut between two restarts and filled up", restarting[:at].ljust(len(restarting) - 2, b"\0") + end
    )
    white = encoded(Image.new("RGB", (400, 300), "white"), optimize=True)
    yield Specimen("jpeg of nothing but white", white, same_pixels=True, corners="WWWW")
    simple = encoded(photo(), quality=90)
    yield damaged("jpeg whose last rows are zeros, as many as they need", simple[:-282] + bytes(280) + end)
    yield damaged("jpeg whose last rows are zeros, a few more of them", simple[:-372] + bytes(370) + end)
    page = Image.new("RGB", (400, 300), "white")  # stored so that zeros stand for white
    page.paste(photo().resize((40, 30)), (40, 30))
    page.paste(photo().resize((40, 30)), (40, 250))
    plain = encoded(page, quality=90, optimize=True)
    yield damaged("jpeg of a page whose end is lost", plain[: len(plain) // 2].ljust(len(plain) - 2, b"\0") + end)
    plain = encoded(page, quality=90, optimize=True, restart_marker_rows=1)
    at = plain.index(b"\xff\xd4")
    yield damaged("jpeg of a page lost from a restart on", plain[:at].ljust(len(plain) - 2, b"\0") + end)
    progressive = encoded(photo(), quality=90, progressive=True)
    scans = [at for at in range(len(progressive)) if progressive.startswith(b"\xff\xda", at)]
    tables = progressive.rindex(b"\xff\xc4", 0, scans[4])
    yield damaged("jpeg cut between two scans", progressive[:tables])
    yield damaged("jpeg of one scan of several, and an end", progressive[: _after(progressive, scans[0])] + end)
    odd = encoded(corners(SIZE), quality=90)
    at = odd.index(b"\xff\xda")
    length = int.from_bytes(odd[at + 2 : at + 4], "big")
    yield whole("jpeg with odd numbers in its scan", odd[: at + length - 1] + b"\7\7\7" + odd[at + 2 + length :])
    yield whole("jpeg with rubbish between its parts", odd[:at] + b"\0\1\2\3rubbish" + odd[at:])
    yield damaged("mpo whose first is half", noisy_mpo())
    yield from _rarely_sampled()


def _rarely_sampled() -> Iterator[Specimen]:
    """The quick way to see every row can't read these: another must."""
    for factors in (
        [(4, 2), (1, 1), (1, 1)],
        [(2, 1), (1, 1), (2, 1)],
        [(3, 1), (1, 1), (1, 1)],
        [(1, 1), (2, 2), (2, 2)],
    ):
        jpeg, name = sampled(SIZE, factors), f"jpeg sampled {factors}"
        cut, end = jpeg[: len(jpeg) * 2 // 3], b"\xff\xd9"
        yield Specimen(name, jpeg, same_pixels=True)
        yield Specimen(f"{name} without an end", jpeg[:-2])
        yield Specimen(f"{name} filled up before its end", jpeg[:-2] + bytes(40) + end)
        yield damaged(f"{name}, half of it", cut)
        yield damaged(f"{name}, half of it and an end", cut + end)
        yield damaged(f"{name}, half of it and then zeros", cut.ljust(len(jpeg) - 2, b"\0") + end)
        yield damaged(f"{name}, half of it and then the same byte", cut.ljust(len(jpeg) - 2, b"U") + end)


def noisy_mpo() -> bytes:
    both = encoded(photo(), "MPO", save_all=True, append_images=[corners(SIZE)])
    second = both.index(b"\xff\xd8", 1000)
    cut = both[second - 2502 : second - 2]
    return both.replace(cut, b"", 1)


def _after(jpeg: bytes, scan: int) -> int:
    """Where the scan that begins here ends."""
    at = scan + 2
    while not (jpeg[at] == 0xFF and jpeg[at + 1] not in (0, *range(0xD0, 0xD8))):
        at += 1
    return at


def _pngs() -> Iterator[Specimen]:
    png = encoded(photo(), "PNG")
    data = b"".join(chunk.body for chunk in chunks(png) if chunk.name == b"IDAT")
    head = next(chunk.body for chunk in chunks(png))

    def written(packed: bytes, header: bytes = head, end: bytes = made(b"IEND", b"")) -> bytes:
        return SIGNATURE + made(b"IHDR", header) + made(b"IDAT", packed) + end

    rows = zlib.decompress(data)
    wrong = bytearray(data)
    wrong[len(data) // 2] ^= 0x10
    yield damaged("png with one byte wrong inside", written(bytes(wrong)))
    yield damaged("png with one row wrong", written(zlib.compress(rows[:-400] + bytes(400))[:-4] + data[-4:]))
    yield damaged("png with one row missing", written(zlib.compress(rows[: -3 * SIZE[0]])))
    yield damaged("png with a row that begins as none can", written(zlib.compress(b"\x09" + rows[1:])))
    yield damaged("png cut, and an end", written(data[: len(data) // 2]))
    yield damaged("png interlaced with a pass missing", written(zlib.compress(rows[:30_000]), head[:12] + b"\1"))
    plain = encoded(corners(SIZE), "PNG")
    body = next(chunk for chunk in chunks(plain) if chunk.name == b"IDAT")
    yield whole("png without an end", plain[:-12])
    yield whole(
        "png of data with a wrong checksum",
        plain[: body.end - 1] + bytes([plain[body.end - 1] ^ 1]) + plain[body.end :],
    )
    for name, end in (("", made(b"IEND", b"")), (", and nothing more", b"")):
        cut = SIGNATURE + made(b"IHDR", plain[16:29]) + made(b"IDAT", body.body[:-4]) + end
        yield whole(f"png of data cut behind its last row{name}", cut)
    yield whole("png cut behind its last row", plain[: body.end - 8])
    yield from _palettes()


def _palettes() -> Iterator[Specimen]:
    """Without its palette a picture has no colours: decoders draw it black."""
    png = encoded(corners(SIZE).convert("P"), "PNG")
    parts = {chunk.name: made(chunk.name, chunk.body) for chunk in chunks(png)}
    head, palette, data, end = (parts[name] for name in (b"IHDR", b"PLTE", b"IDAT", b"IEND"))
    yield whole("png of a palette", SIGNATURE + head + palette + data + end)
    yield damaged("png without its palette", SIGNATURE + head + data + end)
    yield damaged("png whose palette comes late", SIGNATURE + head + data + palette + end)
    yield damaged(
        "png with a wrong byte in its palette", SIGNATURE + head + palette[:-9] + b"\x55" + palette[-8:] + data + end
    )


def _webps() -> Iterator[Specimen]:
    ways: dict[str, dict[str, Any]] = {"lossy": {"quality": 90}, "lossless": {"lossless": True}}
    for way, options in ways.items():
        noisy, plain = encoded(photo(), "WEBP", **options), encoded(corners(SIZE), "WEBP", **options)
        short = noisy[: len(noisy) // 4 * 2]
        told = (
            short[:4]
            + struct.pack("<I", len(short) - 8)
            + short[8:16]
            + struct.pack("<I", len(short) - 20)
            + short[20:]
        )
        yield damaged(f"webp {way}, half of it, said to be all", told)
        yield damaged(f"webp {way}, half of it", short)
        yield damaged(f"webp {way}, half of it and then zeros", short.ljust(len(noisy), b"\0"))
        for length in (0, 0xFFFFFFF0):
            yield whole(f"webp {way} that says it is {length} long", plain[:4] + struct.pack("<I", length) + plain[8:])


def _tiffs() -> Iterator[Specimen]:
    def strips(compression: str, picture: Image.Image) -> bytearray:
        return bytearray(encoded(picture, "TIFF", compression=compression, strip_size=4000))

    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        yield whole(f"tiff {compression} in strips", bytes(strips(compression, corners(SIZE))))
        tiff = strips(compression, photo())
        first = int.from_bytes(tiff[4:8], "little")
        for entry in range(int.from_bytes(tiff[first : first + 2], "little")):
            at = first + 2 + 12 * entry
            if int.from_bytes(tiff[at : at + 2], "little") == 279:
                one = int.from_bytes(tiff[at + 4 : at + 8], "little") == 1
                lengths = at + 8 if one else int.from_bytes(tiff[at + 8 : at + 12], "little")
        without = tiff.copy()
        without[lengths : lengths + 4] = bytes(4)
        yield damaged(f"tiff {compression} without a strip", bytes(without))
        cut = tiff.copy()
        cut[lengths : lengths + 4] = struct.pack("<I", int.from_bytes(tiff[lengths : lengths + 4], "little") // 2)
        yield damaged(f"tiff {compression} with half a strip", bytes(cut))


def _faxes() -> Iterator[Specimen]:
    picture = corners(SIZE).convert("1")
    noisy = photo().convert("1")
    for coding in ("group3", "group4", "tiff_ccitt"):
        fax = encoded(picture, "TIFF", compression=coding)
        yield Specimen(f"tiff of a fax, {coding}", fax)
        yield Specimen(
            f"tiff of a fax, {coding}, bits the other way round",
            encoded(picture, "TIFF", compression=coding, tiffinfo={266: 2}),
        )
        noise = encoded(noisy, "TIFF", compression=coding)
        start, length = _only_strip(noise)
        for share in (5, 9):
            kept = length * share // 10
            place = noise.index(struct.pack("<HHI", 279, 4, 1)) + 8
            short = noise[:place] + struct.pack("<I", kept) + noise[place + 4 :]
            yield damaged(f"tiff of a fax, {coding}, {share} tenths of it", short)
            filled = noise[: start + kept] + bytes(length - kept) + noise[start + length :]
            yield damaged(f"tiff of a fax, {coding}, {share} tenths of it and then zeros", filled)
    wrong = bytearray(encoded(noisy, "TIFF", compression="group4"))
    wrong[len(wrong) // 2] ^= 0x10
    yield damaged("tiff of a fax with one byte wrong", bytes(wrong))
    data = group4(noisy)
    bits = format(int.from_bytes(data, "big"), f"0{8 * len(data)}b").rstrip("0")
    assert bits.endswith(END_OF_FAX)
    half = bits[: len(bits) // 2] + END_OF_FAX
    yield damaged("tiff of half a fax and an end", _fax(half))
    yield Specimen("tiff of a fax without an end", _fax(bits.removesuffix(END_OF_FAX)))


END_OF_FAX = 2 * "000000000001"


def _fax(bits: str) -> bytes:
    packed = int(bits + "0" * (-len(bits) % 8), 2).to_bytes(-(-len(bits) // 8), "big")
    return tiff((described(SIZE, colours=0, depth=1, compression=4), packed))


def _only_strip(fax: bytes) -> tuple[int, int]:
    """Where the only strip of a TIFF of ours stands, and how long it is."""
    told = (fax.index(struct.pack("<HHI", tag, 4, 1)) + 8 for tag in (273, 279))
    start, length = (int.from_bytes(fax[at : at + 4], "little") for at in told)
    return start, length


def _heifs() -> Iterator[Specimen]:
    yield whole("heic of four tiles", heif(tiles=True))
    yield damaged("heic with a byte wrong inside", heif(wrong=0))
    for tile in range(4):
        yield damaged(f"heic with tile {tile} wrong", heif(tiles=True, wrong=tile))
    yield damaged("heic with a tile that is not there", heif(tiles=True, missing=2))
    yield damaged("heic cut short", heif(tiles=True)[:-40])
    avif = encoded(photo(), "AVIF", speed=10)
    yield damaged("avif cut short", avif[: len(avif) // 2])
    yield damaged("avif, most of it and then zeros", avif[: len(avif) * 4 // 5].ljust(len(avif), b"\0"))
    yield damaged("heic, most of it and then zeros", heif(tiles=True)[:-200] + bytes(200))
