"""The recovery key: typed again it is the same secret, however it is typed; mistyped it is refused, and never shown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault.bech32m import ALPHABET, encode
from storage.vault.recovery_key import decode_recovery_key, encode_recovery_key

SECRET = bytes(range(32))
WRITTEN = encode_recovery_key(SECRET)
KEY = WRITTEN.replace(" ", "")
NAMED = len("consentry1")
TYPEABLE = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,;"
SECRETS = st.binary(min_size=32, max_size=32)


def refusal(typed: str) -> str | None:
    """What is said of a key that was typed so; None when it is taken for the right one. It is never taken for another."""
    try:
        assert decode_recovery_key(typed) == SECRET
    except ValueError as refused:
        return str(refused)
    return None


def test_how_a_key_is_written_never_changes() -> None:
    """Paper lasts: this one was written down when the format was new."""
    assert WRITTEN == ("consentry1 qqqs yqcy q5rq wzqf pg9s crgw pugp zysn zs23 v9cc rydp k8qa rc0s kkcs 06")


@given(SECRETS)
def test_a_written_key_is_read_back(secret: bytes) -> None:
    written = encode_recovery_key(secret)
    assert re.fullmatch(f"consentry1( [{ALPHABET}]{{4}}){{14}} [{ALPHABET}]{{2}}", written)
    assert decode_recovery_key(written) == secret


@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        str.title,
        lambda written: written.replace(" ", ""),
        lambda written: written.replace(" ", "-"),
        lambda written: written.replace(" ", " – \n"),
        lambda written: f"  {written}\t",
        lambda written: written.removeprefix("consentry1"),
        lambda written: written.replace("consentry1", "Consemtry1"),
        lambda written: written.replace("0", "O"),
        lambda written: written.replace("l", "I"),
        lambda written: written.replace("l", "1"),
    ],
)  # fmt: skip
@given(SECRETS)
def test_a_key_is_read_however_it_is_typed(typed: Callable[[str], str], secret: bytes) -> None:
    assert decode_recovery_key(typed(encode_recovery_key(secret))) == secret


def test_no_single_wrong_character_is_ever_taken_for_another_key_and_its_group_is_named() -> None:
    for place, right in enumerate(KEY):
        for wrong in TYPEABLE:
            said = refusal(KEY[:place] + wrong + KEY[place + 1 :])
            if place < NAMED:  # of the name nothing depends
                assert said is None, (place, wrong)
            elif said is None:
                assert wrong.lower() in {right, *{"0": "o", "l": "1i"}.get(right, "")}, (place, wrong)
            else:
                assert f"look at group {(place - NAMED) // 4 + 1} after consentry1" in said, (place, wrong)


def test_no_two_neighbours_that_changed_places_are_ever_taken_for_another_key() -> None:
    for place in range(NAMED, len(KEY) - 1):
        swapped = KEY[:place] + KEY[place + 1] + KEY[place] + KEY[place + 2 :]
        assert swapped == KEY or refusal(swapped) is not None, place


def test_no_character_left_out_or_typed_twice_is_ever_taken_for_another_key() -> None:
    for place in range(NAMED, len(KEY)):
        assert "has 58 characters, and 57 were typed" in str(refusal(KEY[:place] + KEY[place + 1 :]))
        assert "has 58 characters, and 59 were typed" in str(refusal(KEY[:place] + KEY[place] + KEY[place:]))


@given(st.sets(st.integers(NAMED, len(KEY) - 1), min_size=1, max_size=4), st.data())
def test_up_to_four_wrong_characters_are_always_noticed_and_never_shown(places: set[int], data: st.DataObject) -> None:
    mistyped = list(KEY)
    for place in places:
        mistyped[place] = data.draw(st.sampled_from(ALPHABET.replace(KEY[place], "")))
    said = refusal("".join(mistyped))
    assert said is not None
    words = said.replace("consentry1", "")
    assert not any("".join(mistyped[start : start + 4]) in words for start in range(NAMED, len(KEY) - 4))


@pytest.mark.parametrize(
    "text",
    ["", "Es", "consentry1", KEY[:-2], KEY * 2, "q" * 500, "consentry1" + "q" * 58, "é" * 58, encode("consentry", [31] * 52)],
)  # fmt: skip
def test_what_is_no_recovery_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="recovery key"):
        decode_recovery_key(text)


def test_only_32_bytes_fit() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        encode_recovery_key(b"short")
