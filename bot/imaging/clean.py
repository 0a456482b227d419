"""The whole picture, without anything else: what a copy that leaves is made of (R19). Runs only in the confined child.

JPEG and PNG are copied unchanged, picture and nothing else, when every byte of them decodes and their colours can be told;
all other pictures, and these when something about them is odd, are encoded anew: upright, in sRGB, as JPEG at a stated
quality. A PDF has a copy of its own kind (`pages`). What can't be decoded has no copy: `Unviewable`.
Deliberately adds nothing of ours: the bot does, to bytes it has looked over.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from ..domain.formats import MediaType, media_type
from . import jpeg_segments, png_chunks
from .colour import recognised
from .decode import MAX_ICC_BYTES, check_decodes, encoded_anew, open_still, orientation
from .protocol import Form, Reason, Unviewable

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Copy:
    """`orientation` is how the pixels must be held to be upright; width and height are as stored."""

    form: Form
    data: bytes
    width: int
    height: int
    orientation: int = 1


def clean_copy(data: bytes) -> Copy:
    """A copy of the picture without metadata, `Unviewable` when it can't be decoded safely."""
    match media_type(data):
        case MediaType.JPEG:
            return _jpeg(data)
        case MediaType.PNG:
            return _png(data)
        case None | MediaType.DICOM | MediaType.PDF:
            raise Unviewable(Reason.NOT_SHOWN_HERE)
    return _anew(data)


def _jpeg(data: bytes) -> Copy:
    try:
        plain = jpeg_segments.stripped(data)
    except ValueError:
        return _anew(data)
    if plain.unknown_profile:
        return _anew(data)
    width, height = check_decodes(plain.data)
    return Copy(Form.JPEG, plain.data, width, height, plain.orientation)


def _png(data: bytes) -> Copy:
    with open_still(data) as opened:
        profile, held = opened.info.get("icc_profile"), orientation(opened)
    space = recognised(profile) if isinstance(profile, bytes) and len(profile) <= MAX_ICC_BYTES else None
    if held != 1 or (profile and space is None):
        return _anew(data)
    try:
        plain = png_chunks.stripped(data, space)
        exact = _exactly_filled(plain)
    except png_chunks.MovingPicture:
        raise Unviewable(Reason.MOVING) from None
    except (ValueError, KeyError, zlib.error):
        return _anew(data)
    if not exact:
        return _anew(data)
    width, height = check_decodes(plain)
    return Copy(Form.PNG, plain, width, height)


def _exactly_filled(png: bytes) -> bool:
    """Whether the compressed data holds the picture and nothing behind it: cropped screenshots have leaked what was cut."""
    inflate, left = zlib.decompressobj(), png_chunks.bytes_of_picture(png)
    for chunk in png_chunks.chunks(png):
        if chunk.name != b"IDAT":
            continue
        piece = chunk.body
        while piece:
            if inflate.eof:
                return False
            left -= len(inflate.decompress(piece, _PIECE))
            if left < 0:
                return False
            piece = inflate.unconsumed_tail
    return inflate.eof and not inflate.unused_data and left == 0


def _anew(data: bytes) -> Copy:
    jpeg, width, height = encoded_anew(data)
    return Copy(Form.JPEG, jpeg, width, height)
