"""How a copy of a record is divided into files of bearable size: what belongs to one image stays together where it can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .entries import HeldEntry

LARGEST_PART = 20 * 1024 * 1024  # bytes of content; an entry larger than that is a part of its own
MOST_PARTS = 20  # beyond that the practice hands the copy over in another way


def parts(entries: Iterable[HeldEntry], largest: int = LARGEST_PART) -> list[tuple[str, ...]]:
    """Return the entry ids, part by part: every entry in exactly one part, in the order of first mention."""
    found: list[tuple[str, ...]] = []
    part: list[str] = []
    room = largest
    for group in _divided(entries, largest):
        size = sum(entry.size for entry in group)
        if part and size > room:
            found.append(tuple(part))
            part, room = [], largest
        part += [entry.entry_id for entry in group]
        room -= size
    return [*found, tuple(part)] if part else found


def _divided(entries: Iterable[HeldEntry], largest: int) -> Iterator[list[HeldEntry]]:
    """Yield the entries about each image, in pieces no larger than a part unless a single entry is."""
    groups: dict[str, list[HeldEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.about, []).append(entry)
    for group in groups.values():
        piece: list[HeldEntry] = []
        for entry in group:
            if piece and sum(held.size for held in piece) + entry.size > largest:
                yield piece
                piece = []
            piece.append(entry)
        yield piece
