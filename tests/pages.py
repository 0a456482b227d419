"""A SQLCipher file as whoever holds its key and a disk editor sees it: every page there is, also those no table uses.

SQLCipher 4 with a raw key: pages of 4096 bytes, AES-256-CBC, the IV in the last 80 bytes of each; the first page begins with
16 bytes of salt in clear. A write-ahead log is a header of 32 bytes, and each page behind 24 bytes of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, RESERVE, SALT = 4096, 80, 16
LOG_HEADER, FRAME_HEADER = 32, 24


def decrypted(database: Path, key: bytes) -> bytes:
    """All pages of the file and of its log, one after another."""
    return b"".join(_pages(database, key))


def _pages(database: Path, key: bytes) -> Iterator[bytes]:
    data = database.read_bytes()
    for start in range(0, len(data), PAGE):
        yield _page(data[start : start + PAGE], key, first=start == 0)
    log = database.with_name(f"{database.name}-wal")
    data = log.read_bytes() if log.exists() else b""
    for start in range(LOG_HEADER, len(data), FRAME_HEADER + PAGE):
        number = int.from_bytes(data[start : start + 4], "big")
        yield _page(data[start + FRAME_HEADER : start + FRAME_HEADER + PAGE], key, first=number == 1)


def _page(page: bytes, key: bytes, *, first: bool) -> bytes:
    begins, ends = (SALT if first else 0), PAGE - RESERVE
    iv = page[ends : ends + 16]
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return decryptor.update(page[begins:ends]) + decryptor.finalize()
