"""What is written into a copy that leaves: the terms it comes under, and the reference by which the practice knows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """`text` says what the copy is for and that it is for nothing else; neither says whose picture it is."""

    reference: str
    text: str
