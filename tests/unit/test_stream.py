"""STREAM: whatever is done to a sealed stream, it is noticed."""

from __future__ import annotations

import hashlib
import io
import random

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from storage.vault import stream
from storage.vault.stream import CHUNK, TAG, NotAuthentic, digest_from, seal_into, unseal_from

KEY = bytes(range(32))
SIZES = [0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 77]
SEALED_CHUNK = CHUNK + TAG


def plain(size: int) -> bytes:
    return random.Random(size).randbytes(size)


THREE = plain(2 * CHUNK + 500)


def seal(key: bytes, object_id: str, data: bytes) -> bytes:
    file = io.BytesIO()
    seal_into(file, key, object_id, data)
    return file.getvalue()


def unseal(key: bytes, object_id: str, sealed: bytes) -> bytes:
    return unseal_from(io.BytesIO(sealed), key, object_id)


def chunks(sealed: bytes) -> list[bytes]:
    return [sealed[start : start + SEALED_CHUNK] for start in range(0, len(sealed), SEALED_CHUNK)]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_is_unsealed(size: int) -> None:
    sealed = seal(KEY, "photo", plain(size))
    assert len(sealed) == size + TAG * max(1, -(-size // CHUNK))
    assert unseal(KEY, "photo", sealed) == plain(size)


@pytest.mark.parametrize("size", SIZES)
def test_the_digest_is_that_of_the_plaintext(size: int) -> None:
    file = io.BytesIO(seal(KEY, "photo", plain(size)))
    assert digest_from(file, KEY, "photo") == (hashlib.sha256(plain(size)).hexdigest(), size)


def test_the_stream_is_the_one_this_module_describes() -> None:
    first = ChaCha20Poly1305(KEY).encrypt(bytes(12), THREE[:CHUNK], stream.LABEL + b"photo")
    last = ChaCha20Poly1305(KEY).encrypt(bytes(10) + b"\x02\x01", THREE[2 * CHUNK :], stream.LABEL + b"photo")
    sealed = chunks(seal(KEY, "photo", THREE))
    assert (sealed[0], sealed[2]) == (first, last)


def test_no_plaintext_is_in_the_stream() -> None:
    assert b"itch" * 8 not in seal(KEY, "photo", b"itch" * 50_000)


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 9])
def test_any_changed_bit_is_noticed(size: int) -> None:
    sealed = seal(KEY, "photo", plain(size))
    places = {0, len(sealed) - 1, len(sealed) // 2, *random.Random(1).sample(range(len(sealed)), min(40, len(sealed)))}
    for place in places:
        changed = bytearray(sealed)
        changed[place] ^= 1 << (place % 8)
        with pytest.raises(NotAuthentic):
            unseal(KEY, "photo", bytes(changed))


@pytest.mark.parametrize(
    "left", [0, 1, TAG - 1, TAG, TAG + 1, SEALED_CHUNK - 1, SEALED_CHUNK, SEALED_CHUNK + 1, 2 * SEALED_CHUNK, -1]
)
def test_a_truncated_stream_is_noticed_even_at_a_chunks_border(left: int) -> None:
    with pytest.raises(NotAuthentic):
        unseal(KEY, "photo", seal(KEY, "photo", THREE)[:left])


@pytest.mark.parametrize("order", [[1, 0, 2], [0, 2, 1], [0, 0, 1, 2], [0, 2], [1, 2], [2], [0, 1, 2, 2], [0, 1, 1, 2]])
def test_moved_repeated_and_dropped_chunks_are_noticed(order: list[int]) -> None:
    sealed = chunks(seal(KEY, "photo", THREE))
    with pytest.raises(NotAuthentic):
        unseal(KEY, "photo", b"".join(sealed[place] for place in order))


@pytest.mark.parametrize("more", [b"\0", bytes(TAG), bytes(SEALED_CHUNK)])
@pytest.mark.parametrize("size", [0, 10, CHUNK, CHUNK + 10])
def test_an_extended_stream_is_noticed(size: int, more: bytes) -> None:
    with pytest.raises(NotAuthentic):
        unseal(KEY, "photo", seal(KEY, "photo", plain(size)) + more)


def test_an_empty_chunk_after_a_full_one_is_refused() -> None:
    label = stream.LABEL + b"photo"
    cipher = ChaCha20Poly1305(KEY)
    two_ways_to_say_it = cipher.encrypt(bytes(12), plain(CHUNK), label) + cipher.encrypt(
        bytes(10) + b"\x01\x01", b"", label
    )
    with pytest.raises(NotAuthentic):
        unseal(KEY, "photo", two_ways_to_say_it)


def test_a_chunk_of_another_object_under_the_same_key_is_noticed() -> None:
    ours, theirs = chunks(seal(KEY, "photo", THREE)), chunks(seal(KEY, "other", THREE))
    with pytest.raises(NotAuthentic):
        unseal(KEY, "photo", ours[0] + theirs[1] + ours[2])


def test_another_key_or_another_id_opens_nothing() -> None:
    sealed = seal(KEY, "photo", THREE)
    for key, object_id in ((bytes(32), "photo"), (KEY, "phot"), (KEY, "photo2"), (KEY, "")):
        with pytest.raises(NotAuthentic):
            unseal(key, object_id, sealed)
