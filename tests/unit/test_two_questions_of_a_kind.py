"""Words that name no photo and fit two questions alike are an answer to neither before it is known which (R15)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.image import Image
from bot.domain.marks import KEY
from tests.cases import Shared, answer_id, taps
from tests.households import answered_in_app, with_children
from tests.practice import JPEG, Someone
from tests.unit.test_answers_for_their_photo import newest, said_of
from tests.unit.test_answers_for_their_question import post_with

WHOSE = "Whose photo is it"


async def two_asked(shared: Shared, ann: Someone) -> tuple[Image, Image]:
    """Ann did not say whose one photo is, and sends another an hour later: each is asked about."""
    await ann.sends_photo(JPEG + b"first")
    await shared.practice.after(hours=1)
    await ann.sends_photo(JPEG + b"second")
    first, second = await newest(shared)
    return first, second


async def test_R15_an_answer_that_fits_two_photos_is_taken_for_neither_unasked(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await two_asked(shared, ann)
        await ann.writes("2 rash")
        assert [name for name, _ in await said_of(shared)] == ["", ""]
        assert "Which one is it for?" in ann.last_heard


async def test_R15_a_tap_says_which_photo_and_the_other_stays_asked_about(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        first, second = await two_asked(shared, ann)
        await ann.writes("2 rash")
        await taps(ann, f"{second.ref}, of Mia Patel")
        await ann.writes("rash", **answered_in_app(post_with(ann, "What is the photo about?")))
        assert await said_of(shared) == [("", "reason not stated"), ("Mia Patel", "rash")]
        await ann.writes("3")
        assert (await said_of(shared))[0][0] == "Leo Patel", "only one is asked about now"
        assert first.ref in "\n".join(ann.heard)


@pytest.mark.parametrize("how", ["reference", "reply to the photo", "reply to the question"])
async def test_R15_an_answer_that_says_which_photo_is_asked_about_no_more(tmp_path: Path, how: str) -> None:
    async with with_children(tmp_path) as (shared, ann):
        _, second = await two_asked(shared, ann)
        if how == "reference":
            await ann.writes(f"{second.ref} 2 rash")
        else:
            event = second.event_id if how == "reply to the photo" else post_with(ann, WHOSE)
            await ann.writes("2 rash", **answered_in_app(event))
        assert await said_of(shared) == [("", "reason not stated"), ("Mia Patel", "rash")]


async def test_R15_a_tap_is_for_the_photos_that_it_named_and_for_none_that_came_since(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        _, second = await two_asked(shared, ann)
        await ann.writes("2 rash")
        await ann.sends_photo(JPEG + b"third")
        await taps(ann, f"{second.ref}, of Mia Patel")
        assert [name for name, _ in await said_of(shared, 3)] == ["", "Mia Patel", ""]


async def test_R15_a_tap_that_comes_after_the_answer_moves_nothing(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        first, second = await two_asked(shared, ann)
        await ann.writes("2 rash")
        secret = answer_id(shared.practice, ann.own_room, f"{first.ref}, of Mia Patel")
        await ann.writes(f"{first.ref} 3")
        await taps(ann, "", secret=secret)
        assert [name for name, _ in await said_of(shared)] == ["Leo Patel", ""]
        assert "answered already" in ann.last_heard and second.ref


async def test_R15_none_of_these_files_nothing(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await two_asked(shared, ann)
        await ann.writes("Mia")
        await taps(ann, "None of these")
        assert [name for name, _ in await said_of(shared)] == ["", ""]
        assert "begin with the reference" in ann.last_heard


async def test_R15_photos_sent_in_a_row_are_one_question(tmp_path: Path) -> None:
    """One question fewer: nothing is asked where an answer is for them all."""
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"first")
        await ann.sends_photo(JPEG + b"second")
        await ann.writes("2 rash")
        assert await said_of(shared) == [("Mia Patel", "rash")] * 2


async def test_R15_words_are_about_the_photo_that_was_asked_about_by_name(tmp_path: Path) -> None:
    """It was said later whose the older photo is: by then it was asked what the newer one is about, and still is."""
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"first")
        await shared.practice.after(minutes=1)
        chosen: dict[str, Any] = {KEY: {"whose": "Mia Patel, born 4 March 2016"}}
        await ann.sends_photo(JPEG + b"second", **chosen)
        first, second = await newest(shared)
        await shared.practice.after(minutes=1)
        await ann.writes("3")
        assert f"what is {second.ref} about? After that I will ask about {first.ref}" in ann.last_heard
        await ann.writes("rash")
        await ann.writes("cut knee")
        assert await said_of(shared) == [("Leo Patel", "cut knee"), ("Mia Patel", "rash")]
