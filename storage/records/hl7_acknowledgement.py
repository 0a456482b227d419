"""What a receiver's acknowledgement says of which message. It counts only for the message whose number it repeats (MSA-2).

*Accepted* is said by the receiving program: it does not say in whose record anything is. A code that means neither yes nor no is
an answer all the same, of which a person must know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from types import MappingProxyType


class Acknowledgement(IntEnum):
    """What was said, by the number under which it is noted."""

    RECEIVED = 1  # it arrived; whether it is taken is said later
    ACCEPTED = 2
    TURNED_DOWN = 3
    UNCLEAR = 4


_CODES: Mapping[str, Acknowledgement] = MappingProxyType(
    {
        "AA": Acknowledgement.ACCEPTED,
        "CA": Acknowledgement.RECEIVED,
        **dict.fromkeys(("AE", "AR", "CE", "CR"), Acknowledgement.TURNED_DOWN),
    }
)
_WEIGHTIER = (
    Acknowledgement.RECEIVED,
    Acknowledgement.UNCLEAR,
    Acknowledgement.ACCEPTED,
    Acknowledgement.TURNED_DOWN,
)


def weight(said: Acknowledgement) -> int:
    """Return how much an answer weighs: of two to one message the weightier counts."""
    return _WEIGHTIER.index(said)


def acknowledged_in(content: bytes) -> Iterator[tuple[str, Acknowledgement]]:
    """Yield each message number with its answer; nothing of what is no acknowledgement."""
    between = "|"
    for segment in content.strip(b"\x0b\x1c\r\n ").decode("latin-1").replace("\n", "\r").split("\r"):
        name, between = segment[:3], segment[3:4] if segment.startswith("MSH") else between
        fields = segment.split(between) if between else []
        if name == "MSA" and len(fields) > 2:
            yield fields[2].strip(), _CODES.get(fields[1].strip().upper(), Acknowledgement.UNCLEAR)
