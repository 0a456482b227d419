"""Making what is looked at, and what leaves, from a picture that was read. Runs only in the confined child.

There is one way to show a picture and one to copy it, for everything that asks: the survey, the chat, a use, the record. Both
work from the same value (`read.Picture`), so that they can't disagree about how it is held, its size or its colours.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from .child_protocol import Form
from .pixels import encoded, flattened, in_srgb, of_a_jpeg, scalable, upright
from .read import Picture, refusing

QUALITY = 85  # of what is looked at
_DRAFT = 2  # times as large as wanted, so that the decoder's own scaling is not seen
FULL_QUALITY = 92  # of a copy that leaves and could not be copied unchanged


@dataclass(frozen=True, slots=True)
class RenderedCopy:
    """`orientation` is how the pixels must be held to be upright; width and height are as stored. 0 x 0 for a document."""

    form: Form
    data: bytes
    width: int = 0
    height: int = 0
    orientation: int = 1


def render(picture: Picture, longest_side: int) -> Image.Image:
    """Return the picture upright, in sRGB, flattened, neither side longer than `longest_side` pixels."""
    with refusing():
        small = scaled(scalable(_pixels(picture, longest_side)), longest_side)
        return in_srgb(flattened(upright(small, picture.orientation)), picture.profile)


def rendition(picture: Picture, longest_side: int) -> tuple[bytes, int, int]:
    """Return the same as a JPEG, with its width and height."""
    shown = render(picture, longest_side)
    return encoded(shown, QUALITY), *shown.size


def scaled(picture: Image.Image, longest_side: int) -> Image.Image:
    """Return the picture made smaller, or as it is when it is no larger."""
    scale = longest_side / max(picture.size)
    if scale >= 1:
        return picture
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def copy(picture: Picture) -> RenderedCopy:
    """Return the whole picture without anything else: unchanged where it can be, or else encoded anew, upright and in sRGB."""
    if picture.leaves_as is not None:
        return RenderedCopy(picture.leaves_as, picture.plain, picture.width, picture.height, picture.orientation)
    with refusing():
        turned = flattened(upright(scalable(_pixels(picture, None)), picture.orientation))
        return RenderedCopy(Form.JPEG, encoded(in_srgb(turned, picture.profile), FULL_QUALITY), *turned.size)


def _pixels(picture: Picture, longest_side: int | None) -> Image.Image:
    if picture.pixels is None:
        return of_a_jpeg(picture.plain, None if longest_side is None else _DRAFT * longest_side)
    return picture.pixels
