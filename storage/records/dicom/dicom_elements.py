"""DICOM files written and read, element by element: a Part 10 file in, its elements out (PS3.5, PS3.10).

Written in Explicit VR Little Endian; read in that or the implicit one, as archives may store anew what they got. Only what is
asked for is kept, nested elements are passed over. Deliberately understands nothing deflated, because a little can become a
lot, and nothing big-endian. Every failure to read is `Unreadable`, which repeats none of it.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
TRANSFER_SYNTAX, PIXEL_DATA = 0x00020010, 0x7FE00010
_LONG = frozenset({b"OB", b"OW", b"OD", b"OF", b"OL", b"OV", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_TEXTS = frozenset({"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UR", "UT"})
_ITEM, _ITEM_ENDS, _SEQUENCE_ENDS = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_TO_ITS_END = 0xFFFFFFFF  # a length that is not told
_DEEPEST = 20
_MARK = bytes(128) + b"DICM"


class Unreadable(ValueError):
    """It is no DICOM file, or not a whole one."""


@dataclass(frozen=True, slots=True)
class DicomElement:
    tag: int
    vr: str
    value: bytes


Item = Sequence[DicomElement]


def text(tag: int, vr: str, value: str) -> DicomElement:
    """Return an element of text; what would part it into several values, or control a terminal, becomes a space."""
    parting = {ord("\\"): " "} if vr not in {"LT", "ST", "UT"} else {}
    said = "".join(letter if letter.isprintable() else " " for letter in value.translate(parting))
    return DicomElement(tag, vr, said.strip().encode())


def codes(tag: int, *values: str) -> DicomElement:
    return DicomElement(tag, "CS", "\\".join(values).encode())


def uid(tag: int, value: str) -> DicomElement:
    return DicomElement(tag, "UI", value.encode())


def number(tag: int, value: int) -> DicomElement:
    return DicomElement(tag, "US", struct.pack("<H", value))


def length(tag: int, vr: str, value: int) -> DicomElement:
    return DicomElement(tag, vr, struct.pack("<I" if vr == "UL" else "<Q", value))


def sequence(tag: int, *items: Item) -> DicomElement:
    return DicomElement(tag, "SQ", b"".join(_header_of(_ITEM, written(item)) for item in items))


def in_one_fragment(content: bytes) -> DicomElement:
    """Return pixel data that is one compressed picture, byte for byte: an offset table, the picture, the end."""
    table = struct.pack("<HHII", 0xFFFE, 0xE000, 4, 0)
    return DicomElement(PIXEL_DATA, "OB", table + _header_of(_ITEM, _even(content)) + _header_of(_SEQUENCE_ENDS, b""))


def part10(transfer_syntax: str, sop_class: str, sop_uid: str, made_with: str, elements: Item) -> bytes:
    """Return a whole file."""
    told = [
        DicomElement(0x00020001, "OB", b"\0\1"),
        uid(0x00020002, sop_class),
        uid(0x00020003, sop_uid),
        uid(TRANSFER_SYNTAX, transfer_syntax),
        uid(0x00020012, made_with),
    ]
    meta = written(told)
    return _MARK + written([length(0x00020000, "UL", len(meta))]) + meta + written(elements)


def written(elements: Item) -> bytes:
    """Return elements as they stand in a file, in the order of their tags."""
    return b"".join(_element(element) for element in sorted(elements, key=lambda element: element.tag))


def _element(element: DicomElement) -> bytes:
    vr, value = element.vr.encode(), _even(element.value, b" " if element.vr in _TEXTS else b"\0")
    start = struct.pack("<HH", element.tag >> 16, element.tag & 0xFFFF) + vr
    if element.tag == PIXEL_DATA:
        return start + b"\0\0" + struct.pack("<I", _TO_ITS_END) + value
    if vr in _LONG:
        return start + b"\0\0" + struct.pack("<I", len(value)) + value
    return start + struct.pack("<H", len(value)) + value


def _header_of(tag: int, value: bytes) -> bytes:
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(value)) + value


def _even(value: bytes, padding: bytes = b"\0") -> bytes:
    return value + padding if len(value) % 2 else value


def read(file: bytes, wanted: Collection[int]) -> tuple[str, Mapping[int, bytes]]:
    """Return the transfer syntax, and the values of the wanted elements; a compressed picture as its fragments, put together."""
    if file[128:132] != b"DICM":
        raise Unreadable
    try:
        return _read(file, wanted)
    except (struct.error, IndexError, RecursionError, UnicodeError):
        raise Unreadable from None


def _read(file: bytes, wanted: Collection[int]) -> tuple[str, Mapping[int, bytes]]:
    syntax, at, found = "", 132, dict[int, bytes]()
    while at < len(file) and struct.unpack_from("<H", file, at)[0] == 2:
        tag, _, start, size = _head(file, at, explicit=True)
        at = _within(file, start, size)
        if tag == TRANSFER_SYNTAX:
            syntax = file[start:at].decode("ascii").strip("\0 ")
    explicit = syntax != IMPLICIT
    if not syntax or syntax in {"1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"}:
        raise Unreadable
    while at < len(file):
        tag, vr, start, size = _head(file, at, explicit=explicit)
        if tag == PIXEL_DATA and size == _TO_ITS_END:
            value, at = _fragments(file, start)
        elif size == _TO_ITS_END:
            value, at = b"", _past_items(file, start, explicit=explicit and vr != b"UN", depth=0)
        else:
            at = _within(file, start, size)
            value = file[start:at] if tag in wanted else b""
        if tag in wanted:
            found[tag] = value
    return syntax, found


def _head(file: bytes, at: int, *, explicit: bool) -> tuple[int, bytes, int, int]:
    """Return tag, representation, where the value begins, and how long it is."""
    group, number = struct.unpack_from("<HH", file, at)
    tag = group << 16 | number
    if not explicit or group == 0xFFFE:
        return tag, b"", at + 8, struct.unpack_from("<I", file, at + 4)[0]
    vr = file[at + 4 : at + 6]
    if vr in _LONG:
        return tag, vr, at + 12, struct.unpack_from("<I", file, at + 8)[0]
    return tag, vr, at + 8, struct.unpack_from("<H", file, at + 6)[0]


def _within(file: bytes, start: int, size: int) -> int:
    if start + size > len(file):
        raise Unreadable
    return start + size


def _fragments(file: bytes, at: int) -> tuple[bytes, int]:
    pieces = list[bytes]()
    while True:
        tag, _, start, size = _head(file, at, explicit=False)
        at = _within(file, start, size)
        if tag == _SEQUENCE_ENDS:
            return b"".join(pieces[1:]), at  # the first is the table of offsets
        if tag != _ITEM:
            raise Unreadable
        pieces.append(file[start:at])


def _past_items(file: bytes, at: int, *, explicit: bool, depth: int) -> int:
    """Return where a sequence ends that does not tell its length."""
    if depth > _DEEPEST:
        raise Unreadable
    while True:
        tag, _, start, size = _head(file, at, explicit=False)
        if tag == _SEQUENCE_ENDS:
            return start
        if tag != _ITEM:
            raise Unreadable
        at = _within(file, start, size) if size != _TO_ITS_END else _past_item(file, start, explicit, depth)


def _past_item(file: bytes, at: int, explicit: bool, depth: int) -> int:
    while True:
        tag, vr, start, size = _head(file, at, explicit=explicit)
        if tag == _ITEM_ENDS:
            return start
        if size == _TO_ITS_END:
            at = _past_items(file, start, explicit=explicit and vr != b"UN", depth=depth + 1)
        else:
            at = _within(file, start, size)
