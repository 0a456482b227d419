"""Chunked authenticated encryption, the STREAM construction as age uses it.

The plaintext is cut into chunks of 64 KiB, each sealed with ChaCha20-Poly1305 under a nonce of an 11-byte big-endian counter
and a last-chunk flag; the object's id is associated data of every chunk. So any bit changed, chunk dropped, repeated, moved or
taken from another object, and any cut or addition at the end, raises `NotAuthentic`. An empty object is one empty last chunk.

A key seals one stream only: the nonces start at zero each time. Sizes are not hidden. Nothing is handed out of a stream whose
end was not seen. ChaCha20-Poly1305 rather than AES: 3 GB/s where measured, already far above any disk, and fast and free of
timing leaks on small machines without AES instructions too.
"""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

KEY_SIZE = 32
CHUNK = 64 * 1024
TAG = 16
LABEL = b"consentry stream 1\x00"


class NotAuthentic(Exception):
    """These bytes are not what was sealed under this key and id."""


def seal_into(file: BinaryIO, key: bytes, object_id: str, data: bytes) -> None:
    """Write the stream chunk by chunk; the plaintext is never copied whole."""
    for chunk in _sealed(key, object_id, data):
        file.write(chunk)


def unseal_from(file: BinaryIO, key: bytes, object_id: str) -> bytes:
    """Return the plaintext of the stream from here to the end of the file; raise `NotAuthentic`."""
    plain = (
        io.BytesIO()
    )  # it hands out its bytes without a copy: a photo is in memory once, not in pieces and then whole
    for chunk in _opened(file, key, object_id):
        plain.write(chunk)
    return plain.getvalue()


def digest_from(file: BinaryIO, key: bytes, object_id: str) -> tuple[str, int]:
    """Return SHA-256 (hex) and size of that plaintext, holding no more than a chunk in memory; raise `NotAuthentic`."""
    digest, size = hashlib.sha256(), 0
    for chunk in _opened(file, key, object_id):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _opened(file: BinaryIO, key: bytes, object_id: str) -> Iterator[bytes]:
    """Yield the plaintext chunk by chunk. What was handed out counts only once the last chunk was."""
    cipher, label = ChaCha20Poly1305(key), _label(object_id)
    chunk = file.read(CHUNK + TAG)
    for counter in itertools.count():
        following = file.read(CHUNK + TAG)
        last = not following
        try:
            opened = cipher.decrypt(_nonce(counter, last=last), chunk, label)
        except InvalidTag:
            raise NotAuthentic from None
        if not opened and counter:
            raise NotAuthentic  # one plaintext has one stream: no empty chunk after a full one
        yield opened
        if last:
            return
        chunk = following


def _sealed(key: bytes, object_id: str, data: bytes) -> Iterator[bytes]:
    cipher, label, view = ChaCha20Poly1305(key), _label(object_id), memoryview(data)
    starts = range(0, len(data), CHUNK) or range(1)
    for counter, start in enumerate(starts):
        last = start + CHUNK >= len(data)
        yield cipher.encrypt(_nonce(counter, last=last), view[start : start + CHUNK], label)


def _nonce(counter: int, *, last: bool) -> bytes:
    return counter.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _label(object_id: str) -> bytes:
    return LABEL + object_id.encode()
