"""Reading an untrusted picture, once, into one value from which it is shown or copied. Runs only in the confined child.

Guarantees: one still picture with every row there, or `Unviewable` with the reason. The number of pixels is judged before any
is decoded. How it is held, its size and its colours are read here and nowhere else. What a file carries beside its picture
never hides the picture, because decoders are given the picture alone.
Deliberately knows nothing of processes, limits or messages.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image

from bot.domain.formats import MediaType, media_type
from bot.domain.tiff import orientation_in

from . import jpeg_rows, jpeg_segments, mpo, png_chunks, png_rows, webp_chunks
from .child_protocol import Form, RarelyCoded, Reason, Unviewable
from .heifs import read_avif, read_heif
from .pixels import check_size, ends_in_nothing, of_a_file
from .tiffs import read_tiff


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was read. Its pixels are as stored: turn them by `orientation` to have them upright.

    `plain` is a file of the picture alone, and `leaves_as` says in which form it may leave unchanged. A JPEG has only `plain`,
    because it is decoded at the size that is wanted; all others have the pixels. `pictures` says how many pictures of the kind
    that is meant the file holds.
    """

    width: int
    height: int
    orientation: int = 1
    profile: bytes | None = None
    pictures: int = 1
    plain: bytes = b""
    leaves_as: Form | None = None
    pixels: Image.Image | None = None


def read(data: bytes) -> Picture:
    """Return the one still picture in `data`; raise `Unviewable` when there is none, or not the whole of it."""
    reader = _READERS.get(media_type(data))
    if reader is None:
        raise Unviewable(Reason.NOT_SHOWN_HERE)
    with refusing():
        return reader(data)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn whatever goes wrong inside into `Unviewable`: damage, unless it was the confinement that refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Unviewable:
        raise
    except RarelyCoded:
        raise Unviewable(Reason.CODED) from None
    except Image.DecompressionBombError:
        raise Unviewable(Reason.TOO_MANY_PIXELS) from None
    except (MemoryError, PermissionError, BlockingIOError):
        raise Unviewable(Reason.REFUSED) from None
    except (
        Exception
    ) as error:  # decoders raise whatever they like on malformed input: struct.error, KeyError, IndexError
        refused = any(words in str(error).lower() for words in _OF_THE_CONFINEMENT)
        raise Unviewable(Reason.REFUSED if refused else Reason.DAMAGED) from None


_OF_PLAIN_WHITE = 8  # an eighth of a WebP may be zeros at its end: of a page of nothing but white it is a twentieth

# The words of libraries that tell the kind of an error in its text only.
_OF_THE_CONFINEMENT = (
    "out of memory",
    "memory allocation",
    "bad_alloc",
    "insufficient memory",
    "not permitted",
    "thread",
)


def _jpeg(data: bytes) -> Picture:
    plain = jpeg_segments.stripped(data)
    check_size(plain.width, plain.height)
    jpeg_rows.check_rows(plain.data)
    leaves = plain.usual and not plain.unknown_profile
    return Picture(
        plain.width,
        plain.height,
        plain.orientation,
        plain.profile,
        mpo.of_the_same_size(data),
        plain.data,
        Form.JPEG if leaves else None,
    )


def _png(data: bytes) -> Picture:
    plain = png_chunks.stripped(data)
    width, height = png_chunks.size_of_plain(plain.data)
    check_size(width, height)
    if plain.pictures > 1:
        raise Unviewable(Reason.MOVING)
    if plain.others:
        raise Unviewable(Reason.SEVERAL)
    exact = png_rows.check_rows(plain.data)
    held = orientation_in(plain.exif)
    leaves = exact and held == 1 and (plain.profile is None or plain.space is not None)
    pixels = of_a_file(plain.data, "PNG")
    return Picture(width, height, held, plain.profile, 1, plain.data, Form.PNG if leaves else None, pixels)


def _webp(data: bytes) -> Picture:
    found = webp_chunks.read(data)
    if found.moving:
        raise Unviewable(Reason.MOVING)
    if ends_in_nothing(found.compressed, 64 + len(found.compressed) // _OF_PLAIN_WHITE):
        raise Unviewable(Reason.DAMAGED)
    pixels = of_a_file(found.plain, "WEBP")
    held = orientation_in(found.exif.removeprefix(b"Exif\0\0"))
    return Picture(*pixels.size, held, found.profile, pixels=pixels)


def _tiff(data: bytes) -> Picture:
    found = read_tiff(data)
    return Picture(*found.pixels.size, found.orientation, found.profile, pixels=found.pixels)


def _heif(data: bytes) -> Picture:
    found = read_heif(data)
    return Picture(*found.pixels.size, found.orientation, found.profile, found.pictures, pixels=found.pixels)


def _avif(data: bytes) -> Picture:
    found = read_avif(data)
    return Picture(*found.pixels.size, found.orientation, found.profile, found.pictures, pixels=found.pixels)


_READERS: dict[MediaType | None, Callable[[bytes], Picture]] = {
    MediaType.JPEG: _jpeg,
    MediaType.PNG: _png,
    MediaType.WEBP: _webp,
    MediaType.TIFF: _tiff,
    MediaType.HEIC: _heif,
    MediaType.HEIF: _heif,
    MediaType.AVIF: _avif,
}
