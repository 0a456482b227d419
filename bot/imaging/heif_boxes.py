"""Finding the compressed pictures in a HEIC file, without decoding. Safe on hostile bytes: pure and bounded.

Only what the main picture is made of: itself, or the tiles of its grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .child_protocol import RarelyCoded

_MOST_BOXES, _MOST_ITEMS, _MOST_DEPTH = 5_000, 2_000, 3
_MADE_OF_OTHERS = {b"grid", b"iden", b"iovl"}
_HEVC = b"hvc1"


@dataclass(frozen=True, slots=True)
class Coded:
    """One picture as HEVC stores it: what the decoder must know beforehand, and the data."""

    settings: bytes
    data: bytes


@dataclass(slots=True)
class _Items:
    main: int = 0
    kinds: dict[int, bytes] = field(default_factory=dict)
    places: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)  # how it is stored, where, how long
    settings: list[tuple[bytes, bytes]] = field(default_factory=list)
    chosen: dict[int, list[int]] = field(default_factory=dict)
    parts: dict[int, list[int]] = field(default_factory=dict)
    inside: bytes = b""


def coded(heif: bytes, codec: bytes = _HEVC) -> Iterator[Coded]:
    """Yield each picture that the main one is made of, at least one; raise `ValueError` when its data is not there."""
    items = _Items()
    for name, body in _boxes(heif):
        if name == b"meta":
            _read(items, body[4:])
    needed = list(_needed(items, codec, items.main, 0))
    if not needed:
        raise RarelyCoded if items.main in items.kinds else ValueError("no picture")
    for item in needed:
        settings = [
            items.settings[index - 1] for index in items.chosen.get(item, ()) if 0 < index <= len(items.settings)
        ]
        hvcc = next((body for name, body in settings if name == b"hvcC"), b"")
        yield Coded(hvcc, b"".join(_data(heif, items, item)))


def without_exif(heif: bytes) -> bytes:
    """Return the same file, in which the item that holds EXIF has another name of the same length."""
    at = 0
    for name, body in _boxes(heif):
        start = heif.index(body, at)
        if name == b"meta":
            return heif[:start] + body.replace(b"\0Exif", b"\0none") + heif[start + len(body) :]
        at = start + len(body)
    return heif


def _needed(items: _Items, codec: bytes, item: int, depth: int) -> Iterator[int]:
    kind = items.kinds.get(item, b"")
    if kind == codec:
        yield item
    elif kind in _MADE_OF_OTHERS and depth < _MOST_DEPTH:
        for part in items.parts.get(item, ())[:_MOST_ITEMS]:
            yield from _needed(items, codec, part, depth + 1)


def _data(heif: bytes, items: _Items, item: int) -> Iterator[bytes]:
    for stored, start, length in items.places.get(item, ()):
        whole = items.inside if stored == 1 else heif
        if stored > 1 or start + length > len(whole):
            raise ValueError("a part is missing")
        yield whole[start : start + length] if length else whole[start:]


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(_MOST_BOXES):
        length, name, header = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if length == 1:
            length, header = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        end = at + length if length else len(data)
        if len(name) < 4 or end < at + header:
            return
        yield name, data[at + header : end]
        at = end


def _read(items: _Items, meta: bytes) -> None:
    for name, body in _boxes(meta):
        match name:
            case b"pitm":
                items.main = _Numbers(body, 4).take(4 if body[0] else 2)
            case b"iinf":
                items.kinds = dict(_kinds(body))
            case b"iloc":
                items.places = dict(_places(body))
            case b"idat":
                items.inside = body
            case b"iref":
                items.parts = dict(_parts(body))
            case b"iprp":
                for inner, more in _boxes(body):
                    if inner == b"ipco":
                        items.settings = list(_boxes(more))
                    elif inner == b"ipma":
                        items.chosen |= dict(_chosen(more))


class _Numbers:
    """A reader of one number after the other."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data, self.at = data, at

    def take(self, size: int) -> int:
        self.at += size
        if self.at > len(self._data):
            raise ValueError("cut short")
        return int.from_bytes(self._data[self.at - size : self.at], "big")


def _kinds(body: bytes) -> Iterator[tuple[int, bytes]]:
    for name, infe in _boxes(body[6 if body[0] == 0 else 8 :]):
        if name == b"infe" and infe[0] >= 2:
            wide = 2 if infe[0] == 2 else 4
            yield int.from_bytes(infe[4 : 4 + wide], "big"), infe[6 + wide : 10 + wide]


def _places(body: bytes) -> Iterator[tuple[int, list[tuple[int, int, int]]]]:
    version, numbers = body[0], _Numbers(body, 4)
    sizes, more = numbers.take(1), numbers.take(1)
    offset, length, base = sizes >> 4, sizes & 15, more >> 4
    index = more & 15 if version else 0
    for _ in range(min(numbers.take(4 if version == 2 else 2), _MOST_ITEMS)):
        item = numbers.take(4 if version == 2 else 2)
        stored = numbers.take(2) & 15 if version else 0
        numbers.take(2)
        start, extents = numbers.take(base), []
        for _ in range(min(numbers.take(2), _MOST_ITEMS)):
            numbers.take(index)
            extents.append((stored, start + numbers.take(offset), numbers.take(length)))
        yield item, extents


def _parts(body: bytes) -> Iterator[tuple[int, list[int]]]:
    wide = 4 if body[0] else 2
    for name, reference in _boxes(body[4:]):
        if name == b"dimg":
            numbers = _Numbers(reference)
            item = numbers.take(wide)
            yield item, [numbers.take(wide) for _ in range(min(numbers.take(2), _MOST_ITEMS))]


def _chosen(body: bytes) -> Iterator[tuple[int, list[int]]]:
    wide, two, numbers = (4 if body[0] else 2), body[3] & 1, _Numbers(body, 4)
    for _ in range(min(numbers.take(4), _MOST_ITEMS)):
        item = numbers.take(wide)
        yield item, [numbers.take(2) & 0x7FFF if two else numbers.take(1) & 0x7F for _ in range(numbers.take(1))]
