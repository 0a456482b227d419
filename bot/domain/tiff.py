"""Read the directories of a TIFF, which is also the form of every EXIF block. Pure, bounded, and safe on hostile bytes.

It deliberately reads only the few fields that are asked for, never a value that is not a whole number, and decodes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

ORIENTATION, PLACE, SUBFILE, SUB_DIRECTORIES = 0x0112, 0x8825, 254, 330
WIDTH, HEIGHT, COLOURS, DNG_VERSION = 256, 257, 262, 50706
MOST_ENTRIES, MOST_DIRECTORIES, MOST_VALUES = 200, 20, 1 << 20
_REDUCED, _MASK = 1, 4  # of the bits that say what a directory's picture is
_SUBFILE_OF_OLD, _REDUCED_OF_OLD = 255, 2  # before there were such bits
_FROM_THE_SENSOR = {32803, 34892}  # colours: a filter's, or linear
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_WHOLE_NUMBERS = frozenset({1, 3, 4, 6, 8, 9, 13, 16, 17, 18})


@dataclass(frozen=True, slots=True)
class TiffEntry:
    """One field. `value_at` is where its values stand, in the entry itself or elsewhere."""

    tag: int
    kind: int
    count: int
    at: int
    value_at: int


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory. `whole`: it has as many entries as it says. `following`: the offset of the next one, 0 after the last."""

    at: int = 0
    entries: tuple[TiffEntry, ...] = ()
    following: int = 0
    whole: bool = False

    def __contains__(self, tag: int) -> bool:
        return any(entry.tag == tag for entry in self.entries)


@dataclass(frozen=True)
class Tiff:
    """The directories of `data`; one that is not there is empty. `big`: offsets are eight bytes."""

    data: bytes

    @cached_property
    def order(self) -> Literal["little", "big"]:
        return "little" if self.data.startswith(b"II") else "big"

    @cached_property
    def big(self) -> bool:
        return self.data[2:4] in (b"+\0", b"\0+")

    @property
    def entry_size(self) -> int:
        return 20 if self.big else 12

    @property
    def count_size(self) -> int:
        return 8 if self.big else 2

    @property
    def jump_size(self) -> int:
        return 8 if self.big else 4

    def number(self, at: int, size: int) -> int:
        return int.from_bytes(self.data[at : at + size], self.order)

    def first(self) -> Directory:
        if self.data[:2] not in (b"II", b"MM"):
            return Directory()
        return self.directory(self.number(8, 8) if self.big else self.number(4, 4))

    def directory(self, at: int) -> Directory:
        count = self.number(at, self.count_size) if at < len(self.data) else 0
        start, size = at + self.count_size, self.entry_size
        places = (start + size * index for index in range(min(count, MOST_ENTRIES)))
        entries = tuple(self._entry(place) for place in places if place + size <= len(self.data))
        end = start + size * count
        whole = count > 0 and end <= len(self.data)
        return Directory(at, entries, self.number(end, self.jump_size) if whole else 0, whole)

    def _entry(self, at: int) -> TiffEntry:
        kind, wide = self.number(at + 2, 2), 8 if self.big else 4
        count, value_at = self.number(at + 4, wide), at + 4 + wide
        if _SIZES.get(kind, 1) * count > wide:
            value_at = self.number(value_at, wide)
        return TiffEntry(self.number(at, 2), kind, count, at, value_at)

    def numbers(self, directory: Directory, tag: int, most: int = MOST_VALUES) -> tuple[int, ...]:
        """Return the whole numbers of a field, of any size, at most `most` of them; none where the field holds none."""
        entry = next((entry for entry in directory.entries if entry.tag == tag), None)
        if entry is None or entry.kind not in _WHOLE_NUMBERS:
            return ()
        size = _SIZES[entry.kind]
        if entry.value_at + size * entry.count > len(self.data):
            return ()
        return tuple(self.number(entry.value_at + size * index, size) for index in range(min(entry.count, most)))

    def one(self, directory: Directory, tag: int, default: int) -> int:
        return next(iter(self.numbers(directory, tag, 1)), default)

    def directories(self) -> Iterator[Directory]:
        """Yield each in turn; an offset that points at nothing leads to no picture, and a circle ends."""
        directory, seen = self.first(), set[int]()
        while directory.whole and directory.at not in seen and len(seen) < MOST_DIRECTORIES:
            yield directory
            seen.add(directory.at)
            directory = self.directory(directory.following) if directory.following else Directory()

    def is_a_stand_in(self, directory: Directory) -> bool:
        """Return whether a directory says of itself that it is a small version, or a mask, of another picture."""
        said_of_old = self.one(directory, _SUBFILE_OF_OLD, 0) == _REDUCED_OF_OLD
        return said_of_old or bool(self.one(directory, SUBFILE, 0) & (_REDUCED | _MASK))

    def is_raw(self) -> bool:
        """Return whether it is a camera's raw photo, or anything else whose first picture only stands for a larger one."""
        first = self.first()
        here = self.one(first, WIDTH, 0) * self.one(first, HEIGHT, 0)
        inside = (self.directory(at) for at in self.numbers(first, SUB_DIRECTORIES, MOST_DIRECTORIES))
        return (
            self.data[8:11] == b"CR\2"
            or DNG_VERSION in first
            or self.one(first, COLOURS, 0) in _FROM_THE_SENSOR
            or self.is_a_stand_in(first)
            or any(self.one(child, WIDTH, 0) * self.one(child, HEIGHT, 0) > here for child in inside)
        )


def orientation_in(tiff: bytes) -> int:
    """Return how an EXIF block says that the picture is to be held (1 to 8); 1 where it says nothing possible.

    The number may be written in any size: phones and programs that differ here are all obeyed.
    """
    read = Tiff(tiff)
    told = read.one(read.first(), ORIENTATION, 1)
    return told if 1 <= told <= 8 else 1


def tells_a_place(tiff: bytes) -> bool:
    """Return whether an EXIF block says where the picture was taken: more than the version of the block that would say so."""
    read = Tiff(tiff)
    places = (read.directory(at) for at in read.numbers(read.first(), PLACE, 1))
    return any(entry.tag != 0 for place in places for entry in place.entries)
