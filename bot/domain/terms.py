"""What is written into a copy that leaves: the terms it comes under, and the reference by which the practice knows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a copy. `text` says what it is for and that it is for nothing else; neither part says whose picture it is."""

    reference: str
    text: str
