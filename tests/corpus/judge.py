"""Judge pictures by what they show: what is shown against the copy, the copy against the original, both against the painting.

The decoders here are not those that are judged: `imagecodecs` and `tifffile` bring their own. Of HEIC there is no other decoder;
those of the corpus are judged by what was painted.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import imagecodecs
import numpy
import tifffile
from PIL import Image, ImageCms

from bot.domain.formats import MediaType, media_type
from bot.ports import Rendition

from .specimen import Specimen

GRID = 8  # both are compared as so many patches each way, or fewer, so that each has as many pixels
APART = 12  # of 255: what two encodings of the same patch may differ
SRGB = ImageCms.createProfile("sRGB")
TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decoded(data: bytes) -> Any:
    """The pixels as they are stored, by another decoder; `KeyError` for a kind that it can't be asked of."""
    return _DECODERS[media_type(data)](data)


_DECODERS: dict[MediaType | None, Any] = {
    MediaType.JPEG: imagecodecs.jpeg8_decode,
    MediaType.PNG: imagecodecs.png_decode,
    MediaType.WEBP: imagecodecs.webp_decode,
    MediaType.AVIF: imagecodecs.avif_decode,
    MediaType.TIFF: lambda data: tifffile.imread(BytesIO(data)),
}


def same_pixels(copy: Rendition, original: bytes) -> bool:
    """Whether the copy has the very pixels of the original, by the other decoder."""
    return bool(numpy.array_equal(decoded(copy.data), decoded(original)))


def as_seen(copy: Rendition) -> Image.Image:
    """The copy as a program shows it that obeys what it says of how it is held, and of its colours."""
    with Image.open(BytesIO(copy.data)) as told:
        held, profile, mode = told.getexif().get(0x0112, 1), told.info.get("icc_profile"), told.mode
        picture = told.convert("RGBA") if mode in {"CMYK", "P"} else Image.fromarray(_eight_bits(decoded(copy.data)))
    layer = picture.convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    if profile:
        converted = ImageCms.profileToProfile(flat, ImageCms.ImageCmsProfile(BytesIO(profile)), SRGB, outputMode="RGB")
        assert converted is not None
        flat = converted
    return flat.transpose(TURNED[held]) if held in TURNED else flat


def _eight_bits(pixels: Any) -> Any:
    return (pixels >> 8).astype(numpy.uint8) if pixels.dtype == numpy.uint16 else pixels


def shown_as_copied(shown: Rendition, copy: Rendition) -> str:
    """What is wrong between what is shown and the copy; "" when they are the same within what encoding changes."""
    seen, picture = as_seen(copy), Image.open(BytesIO(shown.data)).convert("RGB")
    scale = min(1, max(picture.size) / max(seen.size))
    size = tuple(max(1, round(side * scale)) for side in seen.size)
    if (copy.width, copy.height) != seen.size or any(abs(a - b) > 1 for a, b in zip(size, picture.size, strict=True)):
        return f"sizes {picture.size} and {seen.size}"
    grid = max(1, min(GRID, picture.width // GRID)), max(1, min(GRID, picture.height // GRID))
    apart = max(abs(a - b) for a, b in zip(_patches(picture, grid), _patches(seen, grid), strict=True))
    return f"colours apart by {apart}" if apart > APART else ""


def _patches(picture: Image.Image, grid: tuple[int, int]) -> bytes:
    return picture.resize(grid, Image.Resampling.BOX).tobytes()


def corners_of(picture: Image.Image) -> str:
    """The colours at the corners, by their first letters."""
    near, far = 0.06, 0.94
    places = ((near, near), (far, near), (near, far), (far, far))
    return "".join(_letter(picture, round(picture.width * x), round(picture.height * y)) for x, y in places)


def _letter(picture: Image.Image, x: int, y: int) -> str:
    red, green, blue = picture.convert("RGB").getpixel((x, y))  # type: ignore[misc]  # three bands
    bright = (red > 130, green > 130, blue > 130)
    named = {(True, False, False): "R", (False, True, False): "G", (False, False, True): "B", (True, True, True): "W"}
    return named.get(bright, "?")


def what_is_wrong(one: Specimen, shown: Rendition | None, copy: Rendition | None) -> str:
    """What is wrong with what was made of a file of the corpus; "" when nothing is."""
    if (shown is None) is not (copy is None):
        return f"{'not ' if shown is None else ''}shown, and {'not ' if copy is None else ''}copied"
    if shown is None or copy is None or copy.media_type == MediaType.PDF:
        return ""
    if wrong := shown_as_copied(shown, copy):
        return wrong
    if one.same_pixels and not same_pixels(copy, one.data):
        return "other pixels than the original"
    if one.corners:
        seen = corners_of(as_seen(copy)), corners_of(Image.open(BytesIO(shown.data)))
        if seen != (one.corners, one.corners):
            return f"corners {seen}, painted {one.corners}"
    return ""
