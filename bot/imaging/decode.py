"""Turn an untrusted picture into one made for looking at. Runs only in the confined child.

Guarantees: upright, in sRGB, flattened, no larger than asked, as a JPEG that carries nothing but pixels; one still picture
or `Unviewable`; the number of pixels is judged before any is decoded.
Deliberately knows nothing of processes, limits or messages, and never returns metadata.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pi_heif
from PIL import (
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from ..domain.screening import SMALL_SIDE
from .protocol import Reason, Unviewable

# Imported for their effect, before the child is confined: afterwards no file can be opened, not even a module's.
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF")
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)

MAX_PIXELS = 120_000_000
MAX_ICC_BYTES = 4_000_000
QUALITY = 85  # of a rendition
SMALL_QUALITY = 75  # of a thumbnail
FULL_QUALITY = 92  # of a copy that leaves and could not be copied unchanged

# Pillow keeps these for the whole process: set once, never for a call, where another picture would meet them too.
ImageFile.LOAD_TRUNCATED_IMAGES = False
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

SRGB = ImageCms.createProfile("sRGB")

# Files in which further pictures stand beside the one that is meant: a depth or brightness map, a burst.
_ONE_IS_MEANT = ("MPO", "HEIF")
_TURN_BY_THEMSELVES = ("TIFF", "HEIF")  # when they are loaded: never turn them twice
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@contextmanager
def open_still(data: bytes) -> Iterator[ImageFile.ImageFile]:
    """The one still picture in `data`, its pixels not decoded yet. Whatever goes wrong inside is `Unviewable` too."""
    with open_any(data) as opened:
        check_still(opened)
        yield opened


def check_still(opened: ImageFile.ImageFile) -> None:
    """`Unviewable` when no pixel of it may be decoded: it is too large, or one of several."""
    if opened.width * opened.height > MAX_PIXELS:
        raise Unviewable(Reason.TOO_MANY_PIXELS)
    if opened.format not in _ONE_IS_MEANT and frames(opened) > 1:
        raise Unviewable(Reason.MOVING)


def frames(opened: ImageFile.ImageFile) -> int:
    return getattr(opened, "n_frames", 1)


@contextmanager
def open_any(data: bytes) -> Iterator[ImageFile.ImageFile]:
    """A picture to be asked about, not to be decoded before `check_still`."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(data), formats=FORMATS) as opened:
                yield opened
        except Unviewable:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Unviewable(Reason.TOO_MANY_PIXELS) from None
        except Exception:  # decoders raise whatever they like on malformed input: struct.error, KeyError, MemoryError
            raise Unviewable(Reason.DAMAGED) from None


def rendition(data: bytes, longest_side: int) -> tuple[bytes, int, int]:
    """A metadata-free JPEG of `data`, neither side longer than `longest_side`, with its width and height."""
    with open_still(data) as opened:
        profile = opened.info.get("icc_profile")
        picture = _scalable(opened)
        # Shrinks while decoding where the format can (JPEG draft), so 108 megapixels cost 8 MB instead of 400.
        picture.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS, reducing_gap=3.0)
        return _encoded(_in_srgb(_flattened(_turned(picture, orientation(opened))), profile), QUALITY)


def thumbnail(proxy: Image.Image, held: int, profile: object) -> bytes:
    """A metadata-free JPEG, neither side longer than `SMALL_SIDE`, of a picture that was made small already."""
    small = _scalable(proxy)
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    return _encoded(_in_srgb(_flattened(_turned(small, held)), profile), SMALL_QUALITY)[0]


def encoded_anew(data: bytes) -> tuple[bytes, int, int]:
    """The whole picture as a metadata-free JPEG at `FULL_QUALITY`, with its width and height."""
    with open_still(data) as opened:
        profile = opened.info.get("icc_profile")
        opened.load()
        turned = _turned(_scalable(opened), orientation(opened))
        return _encoded(_in_srgb(_flattened(turned), profile), FULL_QUALITY)


def check_decodes(data: bytes) -> tuple[int, int]:
    """Width and height of a picture whose every byte decodes; `Unviewable` else."""
    with open_still(data) as opened:
        size = opened.size
        opened.draft(None, (max(1, size[0] // 8), max(1, size[1] // 8)))
        opened.load()
        return size


def orientation(picture: ImageFile.ImageFile) -> int:
    """How the decoded picture must be turned, 1 where EXIF does not tell: odd metadata must not hide a good picture."""
    if picture.format in _TURN_BY_THEMSELVES:
        return 1
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:  # EXIF of whatever kind of odd
        return 1


def _turned(picture: Image.Image, held: int) -> Image.Image:
    return picture.transpose(_UPRIGHT[held]) if held in _UPRIGHT else picture


def _scalable(picture: Image.Image) -> Image.Image:
    """The picture in a mode that can be scaled smoothly."""
    if picture.mode.startswith("I;16") or picture.mode == "I":
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in ("P", "PA"):
        return picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")
    return picture


def _flattened(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "RGBa", "La"):
        layer = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return picture


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """Colours as the camera meant them: the profile is applied, because the JPEG that leaves carries none."""
    if isinstance(profile, bytes) and len(profile) <= MAX_ICC_BYTES:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _encoded(picture: Image.Image, quality: int) -> tuple[bytes, int, int]:
    # A new canvas, because Pillow writes the comment and XMP it finds in `info` into the file it saves.
    canvas = Image.new("RGB", picture.size)
    canvas.paste(picture)
    out = BytesIO()
    # Full colour resolution: redness and its edges are what is being looked at.
    canvas.save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue(), canvas.width, canvas.height
