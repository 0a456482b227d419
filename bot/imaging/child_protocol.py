"""What is said between the bot and its confined children, over one socket pair each.

The child first says `READY | layers` (one byte: which layers of its confinement are active), then reads a `REQUEST` and the file,
and writes one status byte: a `Reason`, or 0 and then a `REPLY` and its bytes. Nothing else is ever said.
"""

from __future__ import annotations

import struct
from enum import IntEnum, IntFlag

from bot.domain.screening import NotShown

READY = 0x40
REQUEST = struct.Struct(">BIQ")  # task, longest side or number of the page, length of the file
REPLY = struct.Struct(">BBII")  # form, orientation, width, height
PAGE = struct.Struct(">BIIffI")  # form, width and height in pixels, in points, length of the picture

_SLACK = (
    12_000_000  # a rebuilt document, or a JPEG of many pixels of one colour, can be larger than what it was made of
)
_LARGEST_COPY = 96 * 1024 * 1024


def largest_copy(length: int) -> int:
    """Return how many bytes a copy of a file of this length may have; nothing reads more of it."""
    return min(12 * length + _SLACK, _LARGEST_COPY)


class Layer(IntFlag):
    """What confines a child beyond the minimum of limits, no privileges, no descriptors and no environment."""

    NONE = 0
    NETWORK = 1  # a network namespace of its own, with nothing in it
    LANDLOCK = 2
    SYSTEM_CALLS = 4  # seccomp


class Task(IntEnum):
    RENDITION = 1  # a small JPEG for looking at
    CLEAN = 2  # the whole picture, without metadata; of a document: PAGES
    SCREEN = 3  # what the file is, and what it carries
    PAGES = 4  # the pages of a document as pictures, from a given one on, as many as there is time for
    PAGE = 5  # one of them


class Form(IntEnum):
    """What the bytes of a reply are."""

    JPEG = 1
    PNG = 2
    FINDINGS = 4  # JSON
    PAGES = 5  # width is how many pages there are, height how many follow; each is a `PAGE` and its bytes


class Reason(IntEnum):
    """Why a picture is not shown; sent as one byte."""

    DAMAGED = 1
    TOO_MANY_PIXELS = 2
    MOVING = 3
    NOT_SHOWN_HERE = 4  # a kind that is kept, but never decoded here
    PROTECTED = 6
    SEVERAL = 7  # pictures, of which none is clearly the one that is meant
    RAW = 8  # what could be read of it is a stand-in
    CODED = 9  # perhaps whole, but coded in a way that nothing here reads
    REFUSED = 10  # by the confinement: memory, or a system call
    # Of documents.
    TOO_MANY_PAGES = 20
    LETTERS = 21  # in fonts that the document did not bring along
    NOTES_WITHOUT_LOOKS = 22
    FOR_ONE_PROGRAM = 23
    COLLECTION = 24  # other files, under a cover sheet


WHY = {reason: NotShown[reason.name] for reason in Reason}


class Unviewable(Exception):
    """The file cannot be decoded safely, for `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason


class RarelyCoded(ValueError):
    """Coded in a way that hardly any program reads.

    A JPEG that is lossless, hierarchical, of twelve bits, or of a height told at its end; a PNG with a part that must be
    understood and that no browser understands; a HEIF coded in another way than was asked for.
    """
