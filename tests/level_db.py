"""What stands in the files of LevelDB, where Chromium keeps its databases: records of a log, and packed blocks of a table.

A search of the files as they lie there would miss it: a table compresses its blocks, and leaves out of a key what stands in
the key before it; a log cuts a record in pieces where one of its own blocks ends.
"""

from __future__ import annotations

from collections.abc import Iterator

import imagecodecs

_MAGIC = bytes.fromhex("57fb808b247547db")
_FOOTER = 48
_PLAIN, _SNAPPY = 0, 1  # how a block is kept
_LOG_BLOCK, _RECORD_HEAD, _BATCH_HEAD = 32_768, 7, 12
_LAST = (1, 4)  # kinds of a piece of a record: the whole of it, the last of it
_WRITTEN = 1  # of what a batch does


class NotRead(Exception):
    """A table or log that is not as this module knows them: a search that passed it over would prove nothing."""


def is_table(held: bytes) -> bool:
    return held.endswith(_MAGIC)


def in_table(held: bytes) -> Iterator[bytes]:
    """All keys and values of a table."""
    footer = held[-_FOOTER:]
    _, _, at = _handle(footer, 0)
    for _, handle in _entries(_block(held, *_handle(footer, at)[:2])):
        for key, value in _entries(_block(held, *_handle(handle, 0)[:2])):
            yield key
            yield value


def in_log(held: bytes) -> Iterator[bytes]:
    """All records of a log, whole, and each value that one writes; nothing of a last one that was not written whole."""
    pieces = b""
    for kind, piece in _pieces(held):
        pieces += piece
        if kind in _LAST:
            yield pieces
            yield from _written(pieces)
            pieces = b""


def _pieces(held: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _RECORD_HEAD <= len(held):
        left = _LOG_BLOCK - at % _LOG_BLOCK
        size, kind = int.from_bytes(held[at + 4 : at + 6], "little"), held[at + 6]
        if left < _RECORD_HEAD or not kind:  # the rest of a block holds nothing
            at += left
            continue
        at += _RECORD_HEAD
        if at + size > len(held):
            return  # it was being written
        yield kind, held[at : at + size]
        at += size


def _written(batch: bytes) -> Iterator[bytes]:
    """The values that a batch writes."""
    at = _BATCH_HEAD
    while at < len(batch):
        does, at = batch[at], at + 1
        size, at = _number(batch, at)
        at += size  # the key
        if does == _WRITTEN:
            size, at = _number(batch, at)
            yield batch[at : at + size]
            at += size


def _number(held: bytes, at: int) -> tuple[int, int]:
    """A number, seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        byte = held[at]
        value |= (byte & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if byte < 0x80:
            return value, at


def _handle(held: bytes, at: int) -> tuple[int, int, int]:
    """Where a block begins, how long it is, and where that is said no more."""
    begins, at = _number(held, at)
    size, at = _number(held, at)
    return begins, size, at


def _block(held: bytes, begins: int, size: int) -> bytes:
    kept, kind = held[begins : begins + size], held[begins + size]
    if kind == _PLAIN:
        return kept
    if kind != _SNAPPY:
        raise NotRead(f"a block of kind {kind}")
    unpacked, _ = _number(kept, 0)
    return bytes(imagecodecs.snappy_decode(kept, out=unpacked))


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The keys and values of a block; of a key stands there what is not in the key before it."""
    end = len(block) - 4 * (1 + int.from_bytes(block[-4:], "little"))
    at, key = 0, b""
    while at < end:
        shared, at = _number(block, at)
        more, at = _number(block, at)
        size, at = _number(block, at)
        key = key[:shared] + block[at : at + more]
        yield key, block[at + more : at + more + size]
        at += more + size
