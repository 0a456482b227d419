"""Reading HEIC, HEIF and AVIF. Runs only in the confined child.

The container says how they are held, and it alone is obeyed, as in browsers; what EXIF says beside it is not. The decoder of HEIC
turns the pixels itself. Neither decoder is asked to look at EXIF, XMP, thumbnails or maps, so odd ones hide no picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pi_heif
from PIL import AvifImagePlugin, Image, _avif

from . import hevc_rows
from .child_protocol import Reason, Unviewable
from .heif_boxes import coded, without_exif
from .pixels import check_size, ends_in_nothing

pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

_MOST_ZEROS = 64  # that compressed data may end in


@dataclass(frozen=True, slots=True)
class DecodedHeif:
    pixels: Image.Image
    profile: bytes | None
    pictures: int
    orientation: int = 1


def read_heif(data: bytes) -> DecodedHeif:
    """Return the main picture, decoded once: it gives its pixels only the first time."""
    hevc_rows.check_rows(data)
    images = pi_heif.HeifFile(BytesIO(data), convert_hdr_to_8bit=True, hdr_to_16bit=True, remove_stride=False)
    main = images[images.primary_index]
    check_size(*main.size)
    pixels: bytes = main.data  # its size is known for certain once it is decoded
    profile = main.info.get("icc_profile")
    picture = Image.frombytes(main.mode, main.size, pixels, "raw", main.mode, main.stride)
    return DecodedHeif(picture, profile if isinstance(profile, bytes) else None, len(images))


def read_avif(data: bytes) -> DecodedHeif:
    if any(ends_in_nothing(part.data, _MOST_ZEROS) for part in coded(data, b"av01")):
        raise Unviewable(Reason.DAMAGED)
    decoder: Any = _avif.AvifDecoder(without_exif(data), "auto", 1)  # odd EXIF would make it refuse the picture
    size, frames, mode, profile, _, orientation, _ = decoder.get_info()
    check_size(*size)
    if frames > 1:
        raise Unviewable(Reason.MOVING)
    pixels = decoder.get_frame(0)[0]
    return DecodedHeif(Image.frombytes(mode, size, pixels), profile or None, 1, orientation)
