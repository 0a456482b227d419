"""Encrypted attachments: the hash first, then the bytes, and nothing that is not version 2."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Permanent
from bot.matrix.encrypted_files import decrypt_attachment, encrypt_attachment, media_id


@given(st.binary(max_size=5000))
def test_what_was_encrypted_is_decrypted(data: bytes) -> None:
    ciphertext, file = encrypt_attachment(data)
    assert decrypt_attachment(file, ciphertext) == data


def test_each_attachment_has_a_key_and_a_counter_of_its_own_and_the_counter_starts_at_zero() -> None:
    files = [encrypt_attachment(b"x")[1] for _ in range(3)]
    assert len({file["key"]["k"] for file in files}) == len({file["iv"] for file in files}) == 3
    assert all(base64.b64decode(file["iv"] + "==")[8:] == bytes(8) for file in files)


def test_one_changed_bit_is_a_wrong_hash() -> None:
    ciphertext, file = encrypt_attachment(b"three days")
    with pytest.raises(Permanent) as refused:
        decrypt_attachment(file, bytes([ciphertext[0] ^ 1]) + ciphertext[1:])
    assert refused.value.code == "wrong-hash"


@pytest.mark.parametrize(
    "change",
    [
        {"v": "v1"},
        {"v": None},
        {"key": None},
        {"key": {}},
        {"key": {"kty": "oct", "alg": "A256GCM", "k": "A" * 43}},
        {"key": {"kty": "oct", "alg": "A256CTR", "k": "A" * 42}},
        {"key": {"kty": "oct", "alg": "A256CTR", "k": "%" * 43}},
        {"key": {"kty": "oct", "alg": "A256CTR", "k": 5}},
        {"iv": None},
        {"iv": "A" * 10},
        {"iv": "é" * 22},
        {"iv": "A" * 100_000},
        {"hashes": None},
        {"hashes": []},
        {"hashes": {"sha1": "A" * 43}},
        {"hashes": {"sha256": "A" * 42}},
    ],
)
def test_a_description_that_is_not_exactly_version_2_is_refused(change: dict[str, Any]) -> None:
    ciphertext, file = encrypt_attachment(b"three days")
    with pytest.raises(Permanent) as refused:
        decrypt_attachment({**file, **change}, ciphertext)
    assert refused.value.code == "bad-attachment"
    assert file["key"]["k"] not in str(refused.value)


@pytest.mark.parametrize("file", [{}, {"url": 1}, {"url": "https://example.org/x"}])
def test_a_description_without_a_media_id_is_refused(file: dict[str, Any]) -> None:
    with pytest.raises(Permanent) as refused:
        media_id(file)
    assert refused.value.code == "bad-attachment"
