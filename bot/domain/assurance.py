"""How sure a copy elsewhere is, on one closed scale (R35).

`verified` means that what lies there was read back identical under the right patient, and always says of what: the original, a
clean copy, a summary, or a rendition. Only `verified` of the original counts as read back in the sense of R16. Nothing above
`waiting` is ever claimed for a place that can't show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Level(StrEnum):
    VERIFIED = "verified"  # read back identical, under this patient
    ACCEPTED = "accepted"  # the receiving program said so, and can't be asked what it has or under whom
    TAKEN = "taken"  # it was there and went; nobody said who took it, or where to
    WAITING = "waiting"
    REFUSED = "refused"  # a person must look
    UNKNOWN = "unknown"  # it may be there or not: it is asked again


class CopyForm(StrEnum):
    """In which form a copy leaves."""

    ORIGINAL = "original"
    CLEAN = "clean"  # without metadata (R19)
    SUMMARY = "summary-pdf"  # one page, with a small picture
    RENDITION = "rendition"  # encoded anew, because the place can't keep the bytes of such a file


class Residue(StrEnum):
    """What is left of a copy that was to be removed."""

    GONE = "gone"  # seen to be gone
    OLD_VERSIONS = "old-versions"  # the place keeps its own history
    BEYOND_REACH = "beyond-reach"


@dataclass(frozen=True, slots=True)
class Assurance:
    """What a place shows of one copy. `why` is a short code, and stands with `waiting`, `refused` and `unknown`.

    With `verified` it says what people must see to beside the copy, which is as sure as any.
    """

    level: Level
    why: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What is left in one place of what was to be removed, and the numbers by which its keeper finds it, if it has any."""

    residue: Residue
    numbers: tuple[str, ...] = ()


_SURENESS: Mapping[Level, int] = MappingProxyType(
    {
        Level.REFUSED: 0,
        Level.UNKNOWN: 0,
        Level.WAITING: 0,
        Level.TAKEN: 1,
        Level.ACCEPTED: 2,
        Level.VERIFIED: 3,
    }
)


def reaches(level: Level, wanted: Level) -> bool:
    """Return whether a copy is at least as sure as is wanted."""
    return _SURENESS[level] >= _SURENESS[wanted] > 0
