"""Words that tell of trouble together are heard as an alarm, though no sign of an emergency is among them (R34)."""

from __future__ import annotations

import pytest

from bot.heard.alarm import alarm_words
from bot.heard.trouble import weight_of


@pytest.mark.parametrize(
    "words",
    ["leg went and wont hold", "fat from the pan hit my whole arm", "had some kind of wave and hit the floor hard"],
)
def test_R34_words_that_weigh_enough_in_one_sentence_are_an_alarm(words: str) -> None:
    assert alarm_words(words)


@pytest.mark.parametrize(
    "words",
    [
        "not hot, not cold, not hard",
        "thanks, can you send the letter please",
        "an ache of years ago",
        "mole on my back",
    ],
)
def test_what_is_denied_ordinary_or_long_past_is_none(words: str) -> None:
    assert alarm_words(words) == ()


def test_a_word_counts_once_however_often_it_is_said() -> None:
    assert alarm_words("ache ache ache ache") == ()


def test_a_word_is_weighed_without_its_ending() -> None:
    assert weight_of("choking") == weight_of("chokes") > 0
    assert weight_of("zebra") == 0


@pytest.mark.parametrize("words", ["my left hand wont do what i tell it", "it wont do it, my left hand"])
def test_R34_a_part_beside_what_it_can_no_longer_do_is_an_alarm_in_any_order(words: str) -> None:
    assert alarm_words(words)
