"""A recovery key as it was written before opens for ever; what its parity notices is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault.old_recovery_key import decode_old_recovery_key
from storage.vault.recovery_key import decode_recovery_key
from tests.old_recovery_key import mistyped_unnoticed, written_before

SECRET = bytes(range(32))
# What encodeRecoveryKey of matrix-js-sdk 43.0.0 makes of the same secret, and consentry did.
WRITTEN = "EsSz ykH7 LCZx 7Cae cmKD wcmY JRXi Ybtu 8iQ3 t8Ez nRwK pUY1"


@pytest.mark.parametrize("typed", [WRITTEN, WRITTEN.replace(" ", ""), WRITTEN.replace(" ", "-"), f" {WRITTEN}\n"])
def test_a_key_that_is_on_paper_still_opens(typed: str) -> None:
    assert decode_recovery_key(typed) == SECRET


@given(st.binary(min_size=32, max_size=32))
def test_every_key_that_was_written_before_still_opens(secret: bytes) -> None:
    written = written_before(secret)
    assert written.startswith("Es") and len(written.replace(" ", "")) == 48
    assert decode_recovery_key(written) == secret


@given(st.integers(0, 58), st.sampled_from("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"))
def test_one_mistyped_character_is_never_taken_for_the_same_secret_nor_shown(place: int, character: str) -> None:
    mistyped = WRITTEN[:place] + character + WRITTEN[place + 1 :]
    try:
        assert decode_recovery_key(mistyped) != SECRET or mistyped == WRITTEN
    except ValueError as refused:
        assert mistyped not in str(refused)


def test_its_parity_misses_one_mistyped_character_in_some_300_so_it_vouches_for_nothing() -> None:
    """Why nothing is written with a typed key that opens nothing."""
    assert decode_recovery_key(mistyped_unnoticed(WRITTEN)) != SECRET


@pytest.mark.parametrize("text", ["", "Es", "0OIl", "z" * 64, "z" * 500, WRITTEN[:-2]])
def test_what_is_no_recovery_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="recovery key"):
        decode_old_recovery_key(text)
