"""Decoding a file that holds a picture and nothing else, and making its pixels fit to be looked at.

Runs only in the confined child.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms, ImageFile, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from .child_protocol import Reason, Unviewable
from .colour import MOST_BYTES

# Imported for their effect, before the child is confined: afterwards no file can be opened, not even a module's.
PLUGINS = (JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)

MAX_PIXELS = 120_000_000
# Pillow keeps these for the whole process: set once, never for a call, where another picture would meet them too.
ImageFile.LOAD_TRUNCATED_IMAGES = False
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2  # it raises beyond twice as many

SRGB = ImageCms.createProfile("sRGB")
_SIXTEEN_BITS = {"I;16", "I;16L", "I;16B", "I;16N"}
_FIT = {"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr"} | _SIXTEEN_BITS
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def check_size(width: int, height: int) -> None:
    """Raise `Unviewable` when it is too large for any of its pixels to be decoded."""
    if width * height > MAX_PIXELS:
        raise Unviewable(Reason.TOO_MANY_PIXELS)


def ends_in_nothing(compressed: bytes, most: int) -> bool:
    """Return whether it ends in more zeros than `most`: a broken transfer was filled up, and the decoder would not notice."""
    return len(compressed) - len(compressed.rstrip(b"\0")) > most


def of_a_file(plain: bytes, form: str) -> Image.Image:
    """Return all pixels of a file of this form, loaded once: a second load would not repeat what the first complained of."""
    with Image.open(BytesIO(plain), formats=[form]) as opened:
        check_size(*opened.size)
        if opened.mode not in _FIT:  # numbers without an agreed brightness
            raise Unviewable(Reason.CODED)
        opened.load()
        return opened.copy() if opened.readonly else opened


def of_a_jpeg(plain: bytes, longest_side: int | None) -> Image.Image:
    """Return the pixels of a JPEG, at the least size that is no smaller than needed.

    108 megapixels then cost 8 MB instead of 400.
    """
    with Image.open(BytesIO(plain), formats=["JPEG"]) as opened:
        if longest_side is not None:
            scale = longest_side / max(opened.size)
            opened.draft(None, (max(1, round(opened.width * scale)), max(1, round(opened.height * scale))))
        opened.load()
        return opened


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    return picture.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else picture


def scalable(picture: Image.Image) -> Image.Image:
    """Return the picture in a mode that can be scaled smoothly."""
    if picture.mode in _SIXTEEN_BITS:
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in ("P", "PA", "1", "L", "RGB") and "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in ("P", "PA"):
        return picture.convert("RGBA" if picture.mode == "PA" else "RGB")
    return picture


def flattened(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "RGBa", "La"):
        layer = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return picture


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the colours as the camera meant them: the profile is applied, because the JPEG that leaves carries none."""
    if profile is not None and len(profile) <= MOST_BYTES:
        if picture.mode == "L" and profile[16:20] == b"RGB ":
            picture = picture.convert("RGB")
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")


def encoded(picture: Image.Image, quality: int) -> bytes:
    """Return a JPEG of the picture, and of nothing that came with it."""
    # A new canvas, because Pillow writes the comment and XMP it finds in `info` into the file it saves.
    canvas = Image.new("RGB", picture.size)
    canvas.paste(picture)
    out = BytesIO()
    # Full colour resolution: redness and its edges are what is being looked at.
    canvas.save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()
