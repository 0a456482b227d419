"""Bech32m as BIP-350 has it, by its own test vectors; and where a text was mistyped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault.bech32m import ALPHABET, Mistyped, decode, encode

VALID = [
    "A1LQFN3A",
    "a1lqfn3a",
    "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
    "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
    "11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8",
    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
    "?1v759aa",
]
INVALID = [
    "\x201xj0phk",  # of the name: a character out of range
    "\x7f1g6xzxy",
    "\x801vctc34",
    "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4",  # too long
    "qyrz8wqd2c9m",  # no separator
    "1qyrz8wqd2c9m",  # no name
    "y1b0jsk6g",  # a character that is not in the alphabet
    "lt1igcx5c0",
    "in1muywd",  # too short a checksum
    "mm1crxm3i",  # in the checksum, a character that is not in the alphabet
    "au1s5cgom",
    "M1VUXWEZ",  # the checksum was made of the name in capitals
    "16plkw9",  # no name
    "1p2gdwpf",
    "A1lqfn3a",  # both capitals and small letters
]
VALUES = st.lists(st.integers(0, 31), min_size=1, max_size=52)


@pytest.mark.parametrize("text", VALID)
def test_what_the_standard_calls_valid_is_read_and_written_again_as_it_was(text: str) -> None:
    assert encode(*decode(text)) == text.lower()


@pytest.mark.parametrize("text", INVALID)
def test_what_the_standard_calls_invalid_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Bech32m|name|mistyped") as refused:
        decode(text)
    assert text not in str(refused.value)


@given(VALUES, st.data())
def test_one_wrong_character_is_found_where_it_is(values: list[int], data: st.DataObject) -> None:
    text = encode("consentry", values)
    place = data.draw(st.integers(len("consentry1"), len(text) - 1))
    other = data.draw(st.sampled_from(ALPHABET.replace(text[place], "") + "bio"))
    with pytest.raises(Mistyped) as refused:
        decode(text[:place] + other + text[place + 1 :])
    assert refused.value.place == place - len("consentry1")


@given(VALUES, st.data())
def test_two_or_three_wrong_characters_are_noticed_and_taken_for_no_single_one(
    values: list[int], data: st.DataObject
) -> None:
    text = encode("consentry", values)
    places = data.draw(st.sets(st.integers(len("consentry1"), len(text) - 1), min_size=2, max_size=3))
    mistyped = list(text)
    for place in places:
        mistyped[place] = data.draw(st.sampled_from(ALPHABET.replace(text[place], "")))
    with pytest.raises(Mistyped) as refused:
        decode("".join(mistyped))
    assert refused.value.place is None
