"""Photos for tests: the realistic one (`sample_photo`), and small, quick ones that each show one thing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

from bot.imaging.sample import CAMERA, COMMENT, PLACE, TAKEN, sample_photo

__all__ = [
    "CAMERA",
    "COMMENT",
    "PLACE",
    "TAKEN",
    "corners",
    "encoded",
    "profile_with_red_and_green_exchanged",
    "sample_photo",
    "small",
]

CORNERS = {"top left": (220, 30, 30), "top right": (30, 200, 30), "bottom left": (30, 30, 220)}


def small(seed: int = 1) -> bytes:
    """A photo with all the metadata of the realistic one, in a few tens of kilobytes."""
    return sample_photo(seed, megapixels=0.03)


def corners(size: tuple[int, int] = (48, 32)) -> Image.Image:
    """Red at the top left, green at the top right, blue at the bottom left: shows how a picture was turned."""
    picture = Image.new("RGB", size, "white")
    third = (size[0] // 3, size[1] // 3)
    picture.paste(CORNERS["top left"], (0, 0, *third))
    picture.paste(CORNERS["top right"], (size[0] - third[0], 0, size[0], third[1]))
    picture.paste(CORNERS["bottom left"], (0, size[1] - third[1], third[0], size[1]))
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file of `kind`, with Pillow's save options."""
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def profile_with_red_and_green_exchanged() -> bytes:
    """A valid colour profile in which the number for red means green: sRGB's, with two entries of its tag table swapped."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ", 128) + 4, profile.index(b"gXYZ", 128) + 4
    profile[red : red + 4], profile[green : green + 4] = profile[green : green + 4], profile[red : red + 4]
    return bytes(profile)
