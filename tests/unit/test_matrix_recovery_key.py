"""The recovery key: typed again it is the same secret, mistyped it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matrix.recovery_key import decode_recovery_key, encode_recovery_key

SECRET = bytes(range(32))
# What encodeRecoveryKey of matrix-js-sdk 43.0.0 makes of the same secret.
WRITTEN = "EsSz ykH7 LCZx 7Cae cmKD wcmY JRXi Ybtu 8iQ3 t8Ez nRwK pUY1"


def test_it_is_the_same_key_that_other_clients_write() -> None:
    assert encode_recovery_key(SECRET) == WRITTEN
    assert decode_recovery_key(WRITTEN) == SECRET


@given(st.binary(min_size=32, max_size=32))
def test_a_written_key_is_read_back(secret: bytes) -> None:
    written = encode_recovery_key(secret)
    assert written.startswith("Es")
    assert decode_recovery_key(written) == secret
    assert decode_recovery_key(written.replace(" ", "")) == secret


@given(st.integers(0, 58), st.sampled_from("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"))
def test_one_mistyped_character_is_hardly_ever_accepted_as_the_same_secret(place: int, character: str) -> None:
    written = encode_recovery_key(SECRET)
    mistyped = written[:place] + character + written[place + 1 :]
    try:
        assert decode_recovery_key(mistyped) != SECRET or mistyped == written
    except ValueError as refused:
        assert mistyped not in str(refused)


@pytest.mark.parametrize("text", ["", "Es", "0OIl", "z" * 64, "z" * 500, encode_recovery_key(SECRET)[:-2]])
def test_what_is_no_recovery_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="recovery key"):
        decode_recovery_key(text)


def test_only_32_bytes_fit() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        encode_recovery_key(b"short")
