"""What kind of file some bytes are, told from the bytes alone.

Guarantees: the sender's word (file name, declared type) is never consulted; reads a fixed prefix and decodes nothing,
so it is safe on hostile bytes in the process that holds the keys. `None` means: not a kind we keep.
Deliberately does not say whether the file is whole or viewable: filing must not depend on being able to decode (R14).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal


class MediaType(StrEnum):
    """The kinds of file that are kept."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    HEIF = "image/heif"
    WEBP = "image/webp"
    TIFF = "image/tiff"
    PDF = "application/pdf"
    DICOM = "application/dicom"


SHOWN_BY_BROWSERS = frozenset({MediaType.JPEG, MediaType.PNG, MediaType.WEBP})
PREFIX = 1024  # how much of a file decides; readers of streams need fetch no more

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
_HEIF_BRANDS = {b"mif1", b"mif2"}
# Sequences are moving pictures, and AVIF shares the container: neither is kept.
_UNWANTED_BRANDS = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"avif", b"avis"}


def media_type(data: bytes) -> MediaType | None:
    """The media type of `data`; None when it is not a kind that is kept (GIF, video, office files, anything else)."""
    head = data[:PREFIX]
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return MediaType.TIFF
    if head[4:8] == b"ftyp":
        return _from_brands(head)
    if head[128:132] == b"DICM":
        return MediaType.DICOM
    # Printers and scanners put junk before the header; the specification's readers accept it within the first kilobyte.
    if b"%PDF-" in head:
        return MediaType.PDF
    return None


def holds_several(tiff: bytes) -> bool:
    """Whether a second picture follows the first of a TIFF. Two jumps in the file, and nothing decoded.

    A jump to where nothing is leads to no picture: what was damaged on its way is kept, not refused.
    """
    order: Literal["little", "big"] = "little" if tiff.startswith(b"II") else "big"
    big = tiff[2:4] in (b"+\0", b"\0+")
    count, entry, jump = (8, 20, 8) if big else (2, 12, 4)

    def end_of_entries(directory: int) -> int:
        entries = int.from_bytes(tiff[directory : directory + count], order)
        return directory + count + entry * entries if entries else len(tiff) + 1

    after = end_of_entries(int.from_bytes(tiff[8:16] if big else tiff[4:8], order))
    second = int.from_bytes(tiff[after : after + jump], order)
    return second != 0 and end_of_entries(second) <= len(tiff)


def _from_brands(head: bytes) -> MediaType | None:
    """HEIF by its `ftyp` box: the major brand decides unless it is the generic one, then the compatible brands do."""
    major = head[8:12]
    if major in _HEIC_BRANDS:
        return MediaType.HEIC
    if major not in _HEIF_BRANDS:
        return None
    end = min(int.from_bytes(head[:4], "big"), len(head))
    compatible = {head[at : at + 4] for at in range(16, end - 3, 4)}
    if compatible & _UNWANTED_BRANDS:
        return None
    return MediaType.HEIC if compatible & _HEIC_BRANDS else MediaType.HEIF
