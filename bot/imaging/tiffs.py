"""Reading a TIFF. Runs only in the confined child.

The decoder is given a directory of nothing but what makes the picture: no notes, places, thumbnails or turning of its own.
Missing parts are seen before anything is decoded, because the decoder fills gaps in silence. The complaints of its library
while it decodes are heard, which Pillow passes over (a fax goes on with whatever it could read last).
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

from PIL import Image, ImageChops, UnidentifiedImageError

from bot.domain.tiff import COLOURS, HEIGHT, ORIENTATION, WIDTH, Directory, Tiff, TiffEntry

from . import fax, jpeg_rows, jpeg_segments, libraries
from .child_protocol import Reason, Unviewable
from .pixels import check_size, of_a_file

_DEPTH, _COMPRESSION, _SAMPLES, _ROWS, _PLANES, _PREDICTOR = 258, 259, 277, 278, 284, 317
_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES, _TILE_WIDTH, _TILE_HEIGHT = 273, 279, 324, 325, 322, 323
_JPEG_TABLES, _PROFILE, _BITS_IN_A_BYTE = 347, 34675, 266
_OF_THE_PICTURE = {
    *(
        WIDTH,
        HEIGHT,
        _DEPTH,
        _COMPRESSION,
        COLOURS,
        266,
        _STRIPS,
        _SAMPLES,
        _ROWS,
        _STRIP_BYTES,
        282,
        283,
        _PLANES,
        292,
        293,
    ),
    *(296, _PREDICTOR, 318, 319, 320, _TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_BYTES, 332, 338, 339, _JPEG_TABLES),
    *(512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531, 532),
}
_NONE, _OLD_JPEG, _JPEG = 1, 6, 7
_WHITE_IS_ZERO = 0
_READ = {_NONE, 2, 3, 4, 5, _OLD_JPEG, _JPEG, 8, 32773, 32946, 34925, 50000}


_complaints: list[bytes] = []  # of the library, while it decodes one picture; never the file's own words
_HEARD = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)(
    lambda _module, words, _more: _complaints.append(words)
)
libraries.loaded("libtiff").TIFFSetErrorHandler(_HEARD)


@dataclass(frozen=True, slots=True)
class DecodedTiff:
    pixels: Image.Image
    orientation: int
    profile: bytes | None


def read_tiff(data: bytes) -> DecodedTiff:
    """Return the picture of a TIFF.

    `ValueError` when it isn't whole, `Unviewable` when it stands for another, or is one of several.
    """
    tiff = Tiff(data)
    first = tiff.first()
    if tiff.is_raw():
        raise Unviewable(Reason.RAW)
    if any(not tiff.is_a_stand_in(other) for other in list(tiff.directories())[1:]):
        raise Unviewable(Reason.SEVERAL)
    width, height = tiff.one(first, WIDTH, 0), tiff.one(first, HEIGHT, 0)
    check_size(width, height)
    _check_coding(tiff, first)
    _check_parts(tiff, first, width, height)
    held = tiff.one(first, ORIENTATION, 1)
    _complaints.clear()
    try:
        pixels = of_a_file(_picture_alone(tiff, first), "TIFF")
    except UnidentifiedImageError:  # every part is there, but in colours or depths that nothing here knows
        raise Unviewable(Reason.CODED) from None
    if _complaints:
        raise Unviewable(Reason.DAMAGED)
    pixels = _of_eight_bits(pixels, tiff, first) if pixels.mode.startswith("I;16") else pixels
    return DecodedTiff(pixels, held if 1 <= held <= 8 else 1, _bytes(tiff, first, _PROFILE))


def _check_coding(tiff: Tiff, first: Directory) -> None:
    """Raise `Unviewable` where the decoder can't read the coding, or reads another picture.

    The latter happens to deep colours that are stored each by itself and not compressed.
    """
    compression = tiff.one(first, _COMPRESSION, _NONE)
    by_itself = tiff.one(first, _PLANES, 1) == 2 and tiff.one(first, _SAMPLES, 1) > 1
    if compression not in _READ or (compression == _NONE and by_itself and tiff.one(first, _DEPTH, 1) > 8):
        raise Unviewable(Reason.CODED)


def _of_eight_bits(grey: Image.Image, tiff: Tiff, first: Directory) -> Image.Image:
    """Return deep grey as it is meant: the decoder leaves numbers of twelve bits small, and ignores that white is zero."""
    share = 1 / 2 ** (tiff.one(first, _DEPTH, 16) - 8)
    levels = grey.convert("I").point(lambda value: value * share).convert("L")
    return ImageChops.invert(levels) if tiff.one(first, COLOURS, 1) == _WHITE_IS_ZERO else levels


def _check_parts(tiff: Tiff, first: Directory, width: int, height: int) -> None:
    """Raise unless every strip or tile stands in the file, with as many bytes as it says.

    An uncompressed one must also have as many bytes as its rows need.
    """
    compression = tiff.one(first, _COMPRESSION, _NONE)
    tiled = _TILES in first
    across, down = (tiff.one(first, _TILE_WIDTH, 0), tiff.one(first, _TILE_HEIGHT, 0)) if tiled else (width, 0)
    down = min(down or tiff.one(first, _ROWS, height) or height, height) if not tiled else down
    if min(width, height, across, down) < 1:
        raise ValueError("no picture")
    starts = tiff.numbers(first, _TILES if tiled else _STRIPS)
    lengths = tiff.numbers(first, _TILE_BYTES if tiled else _STRIP_BYTES)
    samples = tiff.one(first, _SAMPLES, 1)
    planes = samples if tiff.one(first, _PLANES, 1) == 2 else 1
    parts = -(-width // across) * -(-height // down) * planes
    if compression == _OLD_JPEG and not starts:
        return
    if len(starts) < parts:
        raise ValueError("parts are missing")
    depths = tiff.numbers(first, _DEPTH) or (1,)
    row = (across * (depths[0] if planes > 1 else sum((depths * samples)[:samples])) + 7) // 8
    if not lengths and parts == 1:
        lengths = (row * down if compression == _NONE else len(tiff.data) - starts[0],)
    if len(lengths) < parts:
        raise ValueError("parts are missing")
    for number, (start, length) in enumerate(zip(starts[:parts], lengths[:parts], strict=True)):
        rows = down if tiled else min(down, height - number % (parts // planes) * down)
        if length < 1 or start < 8 or start + length > len(tiff.data):
            raise ValueError("a part is missing")
        if compression == _NONE and length < row * rows and tiff.one(first, COLOURS, 0) != _YCBCR:
            raise ValueError("a part is short")
        if compression == _JPEG:
            _check_jpeg(tiff, first, tiff.data[start : start + length])
        if compression in _FAXES:
            part = tiff.data[start : start + length]
            turned = part.translate(_OTHER_WAY_ROUND) if tiff.one(first, _BITS_IN_A_BYTE, 1) == 2 else part
            if not fax.has_every_row(turned, across, rows, fax.Coding(compression)):
                raise ValueError("rows of a fax are missing")


_FAXES = frozenset(fax.Coding)
_OTHER_WAY_ROUND = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_YCBCR = 6  # with fewer samples of colour than of light


def _check_jpeg(tiff: Tiff, first: Directory, part: bytes) -> None:
    tables = _bytes(tiff, first, _JPEG_TABLES) or b""
    whole = tables.removesuffix(b"\xff\xd9") + part.removeprefix(b"\xff\xd8") if tables else part
    jpeg_rows.check_rows(jpeg_segments.stripped(whole).data)


def _bytes(tiff: Tiff, directory: Directory, tag: int) -> bytes | None:
    entry = next((entry for entry in directory.entries if entry.tag == tag), None)
    return None if entry is None else tiff.data[entry.value_at : entry.value_at + entry.count]


def _picture_alone(tiff: Tiff, first: Directory) -> bytes:
    """Return the file with a first directory of what makes the picture, in the same place, and no other directory."""
    kept = [_copied(tiff, entry) for entry in first.entries if entry.tag in _OF_THE_PICTURE]
    body = len(kept).to_bytes(tiff.count_size, tiff.order) + b"".join(kept) + bytes(tiff.jump_size)
    return tiff.data[: first.at] + body + tiff.data[first.at + len(body) :]


def _copied(tiff: Tiff, entry: TiffEntry) -> bytes:
    return tiff.data[entry.at : entry.at + tiff.entry_size]
