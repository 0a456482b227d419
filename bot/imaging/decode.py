"""Turn an untrusted picture into one made for looking at. Runs only in the confined child.

Guarantees: upright, in sRGB, flattened, no larger than asked, as a JPEG that carries nothing but pixels; one still picture
or `Unviewable`; the number of pixels is judged before any is decoded.
Deliberately knows nothing of processes, limits or messages, and never returns metadata.
"""

from __future__ import annotations

import warnings
from enum import IntEnum
from io import BytesIO

from PIL import Image, ImageCms, ImageFile, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

# Imported for their effect, before the child is confined: afterwards no file can be opened, not even a module's.
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)
FORMATS = ("JPEG", "PNG", "WEBP")

MAX_PIXELS = 120_000_000
MAX_ICC_BYTES = 4_000_000
QUALITY = 85

SRGB = ImageCms.createProfile("sRGB")

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Reason(IntEnum):
    """Why a picture is not shown; crosses the pipe as one byte."""

    DAMAGED = 1
    TOO_MANY_PIXELS = 2
    MOVING = 3


class Unviewable(Exception):
    """The picture cannot be shown, for `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason


def rendition(data: bytes, longest_side: int) -> tuple[bytes, int, int]:
    """A metadata-free JPEG of `data`, neither side longer than `longest_side`, with its width and height."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(data), formats=FORMATS) as opened:
                return _encoded(_prepared(opened, longest_side))
        except Unviewable:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Unviewable(Reason.TOO_MANY_PIXELS) from None
        # Decoders raise whatever they like on malformed input (struct.error, KeyError, IndexError, MemoryError ...).
        except Exception:
            raise Unviewable(Reason.DAMAGED) from None


def _prepared(opened: ImageFile.ImageFile, longest_side: int) -> Image.Image:
    if opened.width * opened.height > MAX_PIXELS:
        raise Unviewable(Reason.TOO_MANY_PIXELS)
    # Phones add a depth or brightness map as second "frame" of a JPEG; its first is the photo, and only it is decoded.
    if opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
        raise Unviewable(Reason.MOVING)
    profile = opened.info.get("icc_profile")
    picture = _scalable(opened)
    # Shrinks while decoding where the format can (JPEG draft), so 108 megapixels cost 8 MB instead of 400.
    picture.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    orientation = _orientation(opened)
    if orientation in _UPRIGHT:
        picture = picture.transpose(_UPRIGHT[orientation])
    return _in_srgb(_flattened(picture), profile)


def _scalable(picture: Image.Image) -> Image.Image:
    """The picture in a mode that can be scaled smoothly."""
    if picture.mode.startswith("I;16") or picture.mode == "I":
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in ("P", "PA"):
        return picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")
    return picture


def _orientation(picture: Image.Image) -> int:
    """The EXIF orientation, 1 where it is absent or unreadable: odd metadata must not hide a good picture."""
    try:
        return int(picture.getexif().get(0x0112, 1))
    except Exception:
        return 1


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


def _encoded(picture: Image.Image) -> tuple[bytes, int, int]:
    # A new canvas, because Pillow writes the comment and XMP it finds in `info` into the file it saves.
    canvas = Image.new("RGB", picture.size)
    canvas.paste(picture)
    out = BytesIO()
    # Full colour resolution: redness and its edges are what is being looked at.
    canvas.save(out, "JPEG", quality=QUALITY, subsampling=0)
    return out.getvalue(), canvas.width, canvas.height
