"""What kind of file some bytes are, told from the bytes alone.

Guarantees: the sender's word (file name, declared type) is never consulted; only a fixed prefix is read and nothing is decoded,
so this is safe on hostile bytes in the process that holds the keys. `None` means: not a kind we keep.
It deliberately does not say whether the file is whole or viewable: filing must not depend on being able to decode it (R14).
"""

from __future__ import annotations

from enum import StrEnum

from .tiff import Tiff


class MediaType(StrEnum):
    """The kinds of file that are kept."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    HEIF = "image/heif"
    WEBP = "image/webp"
    AVIF = "image/avif"
    TIFF = "image/tiff"
    PDF = "application/pdf"
    DICOM = "application/dicom"


SHOWN_BY_BROWSERS = frozenset({MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.AVIF})
PREFIX = 1024  # bytes of a file that decide; readers of streams need fetch no more

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
_AVIF_BRANDS = {b"avif"}
_HEIF_BRANDS = {b"mif1", b"mif2", b"miaf"}
_SEQUENCES = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"avis"}  # moving pictures: not kept
_FILMS = {b"isom", b"iso2", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"qt  ", b"M4V ", b"dash", b"3gp4", b"3gp5"}


def media_type(data: bytes) -> MediaType | None:
    """Return the media type of `data`; None when it is not a kind that is kept (GIF, video, office files, anything else)."""
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
    """Return whether a second picture follows the first of a TIFF: not a small version of it, and not a mask.

    An offset that points at nothing leads to no picture: what was damaged on its way is kept, not refused. A raw photo's first
    picture is a stand-in; the photo is kept as it came, and people are told that it is raw.
    """
    read = Tiff(tiff)
    if read.is_raw():
        return False
    first, *others = [*read.directories()] or [read.first()]
    return any(not read.is_a_stand_in(other) for other in others) or 0 < first.following == first.at


def is_film(data: bytes) -> bool:
    """Return whether a file that is not kept is a video, or another moving picture, as phones send them."""
    head = data[:PREFIX]
    return (
        (head[4:8] == b"ftyp" and head[8:12] in _FILMS | _SEQUENCES)
        or head.startswith(b"\x1a\x45\xdf\xa3")  # WebM
        or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")
        or head[:6] in (b"GIF87a", b"GIF89a")
    )


def _from_brands(head: bytes) -> MediaType | None:
    """Tell HEIF and AVIF by the `ftyp` box: the major brand decides unless it is the generic one, then the compatible ones do."""
    major = head[8:12]
    if major in _HEIC_BRANDS:
        return MediaType.HEIC
    if major in _AVIF_BRANDS:
        return MediaType.AVIF
    if major not in _HEIF_BRANDS:
        return None
    end = min(int.from_bytes(head[:4], "big"), len(head))
    compatible = {head[at : at + 4] for at in range(16, end - 3, 4)}
    if compatible & _SEQUENCES:
        return None
    if compatible & _AVIF_BRANDS:
        return MediaType.AVIF
    return MediaType.HEIC if compatible & _HEIC_BRANDS else MediaType.HEIF
