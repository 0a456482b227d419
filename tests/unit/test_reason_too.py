"""Photos without words, then one with: it is asked once, with a tap, whether they are about the same (R1, R15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.image import State
from tests.cases import polls_in, taps
from tests.practice import JPEG, Staffed, staffed_practice

WORDS = "all of my left foot"


async def sends_three(people: Staffed) -> None:
    for number in range(2):
        await people.sam.sends_photo(JPEG + bytes([number]))
    await people.sam.sends_photo(JPEG + b"last", caption=WORDS)


async def test_R1_one_tap_says_that_they_are_about_the_same(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await sends_three(people)
        first, second, last = await people.practice.images()
        assert (first.reason, second.reason, last.reason) == ("", "", WORDS)
        (poll,) = polls_in(people.practice, people.sam.own_room)
        assert f"Are {first.ref} and {second.ref} about “{WORDS}” too?" in poll["question"]["body"]
        await taps(people.sam, "Yes")
        assert {image.reason for image in await people.practice.images()} == {WORDS}
        assert {image.state for image in await people.practice.images()} == {State.VERIFIED}


async def test_R1_a_no_leaves_the_question_open(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await sends_three(people)
        await taps(people.sam, "No")
        assert "What is the photo about?" in people.sam.last_heard
        await people.sam.writes("a burn on my wrist")
        assert [image.reason for image in await people.practice.images()] == ["a burn on my wrist"] * 2 + [WORDS]


async def test_R1_it_is_asked_once_and_only_right_after(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await sends_three(people)
        await people.sam.sends_photo(JPEG + b"more", caption="my right foot")
        assert len(polls_in(people.practice, people.sam.own_room)) == 1
    async with staffed_practice(tmp_path / "later") as people:
        await people.sam.sends_photo()
        await people.practice.after(minutes=3)
        await people.sam.sends_photo(JPEG + b"last", caption=WORDS)
        assert not polls_in(people.practice, people.sam.own_room)


@pytest.mark.parametrize("words", ["yes", "Yes, the same"])
async def test_R34_a_yes_in_words_says_nothing_of_a_photo_without_the_number(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await sends_three(people)
        await people.sam.writes(words)
        assert (await people.practice.images())[0].reason == ""


async def test_a_tap_that_comes_when_the_reason_was_said_changes_nothing(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await sends_three(people)
        await people.sam.writes("a burn on my wrist")
        await taps(people.sam, "Yes")
        assert [image.reason for image in await people.practice.images()] == ["a burn on my wrist"] * 2 + [WORDS]
