"""What a browser keeps in its files, also where they are compressed: a search of the files as they lie there would miss it.

Firefox compresses each value of a page's database, each large one in a file of its own, and what it needs to open its windows
again; Chromium compresses large values, and packs together what a database holds that has grown (`level_db`).
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import imagecodecs

from tests import level_db

_DATABASE, _FRAMED, _SESSION = b"SQLite format 3\0", b"\xff\x06\x00\x00sNaPpY", b"mozLz40\0"  # of Firefox
_VALUE, _NEAR = b"\xff\x11\x02", 16  # of Chromium, and how many bytes may stand before it
_COMPRESSED, _PLAIN = 0, 1  # kinds of a frame
_HEAD, _SUM = 4, 4  # bytes: a frame's kind and its length in three, and a checksum of what is in it
_LARGEST = 1 << 26  # bytes, of one value


def held_in(path: Path) -> list[bytes]:
    """The bytes of a file, and what is packed into them."""
    held = path.read_bytes()
    if held.startswith(_DATABASE):
        return [held, *_values(path)]
    if held.startswith(_FRAMED):
        return [held, b"".join(_frames(held))]
    if held.startswith(_VALUE):
        return [held, _unpacked(held[len(_VALUE) :])]
    if level_db.is_table(held):
        return [held, *map(_opened, level_db.in_table(held))]
    if path.suffix == ".log" and path.with_name("CURRENT").exists():
        return [held, *map(_opened, level_db.in_log(held))]
    if held.startswith(_SESSION):
        size = int.from_bytes(held[len(_SESSION) :][:4], "little")
        return [held, bytes(imagecodecs.lz4_decode(held[len(_SESSION) + 4 :], out=size))]
    return [held]


def _opened(value: bytes) -> bytes:
    """A value, and behind it what is compressed in it."""
    at = value.find(_VALUE, 0, _NEAR)
    return value if at < 0 else value + _unpacked(value[at + len(_VALUE) :])


def _values(database: Path) -> Iterator[bytes]:
    """All values of a database, unpacked. A copy of it is read, with what was not written back into it yet."""
    with tempfile.TemporaryDirectory(prefix="consentry-files-") as directory:
        for path in database.parent.glob(f"{database.name}*"):
            with suppress(FileNotFoundError):
                (Path(directory) / path.name).write_bytes(path.read_bytes() if path.is_file() else b"")
        with closing(sqlite3.connect(Path(directory) / database.name)) as opened:
            opened.text_factory = bytes
            tables = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                for row in opened.execute(f'SELECT * FROM "{table.decode()}"'):  # a browser's own names
                    yield from (_unpacked(value) for value in row if isinstance(value, bytes))


def _frames(held: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(held):
        kind, size = held[at], int.from_bytes(held[at + 1 : at + _HEAD], "little")
        frame = held[at + _HEAD + _SUM : at + _HEAD + size]
        if kind in (_COMPRESSED, _PLAIN):
            yield _unpacked(frame) if kind == _COMPRESSED else frame
        at += _HEAD + size


def _unpacked(value: bytes) -> bytes:
    """What was compressed, or as it is."""
    size = shift = 0
    for byte in value[:5]:  # how long it is unpacked stands before it
        size |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    if not 0 < size <= _LARGEST:
        return value
    try:
        return bytes(imagecodecs.snappy_decode(value, out=size))
    except Exception:  # it is something else; the library names no kinds
        return value
