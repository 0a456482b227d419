"""An answer is for the photo that it hangs on or names; the others stay asked about (R1, R15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.conversation import About
from bot.domain.entries import EntryKind
from bot.domain.image import Image, State
from tests.cases import Shared, shared_practice
from tests.colleagues import entries_of
from tests.households import answered_in_app, with_children
from tests.practice import JPEG, Someone


async def newest(shared: Shared, count: int = 2) -> list[Image]:
    return (await shared.practice.images())[-count:]


async def name_of(shared: Shared, image: Image) -> str:
    async with shared.practice.journal.reading() as rows:
        return (await rows.patients.get(image.patient_id)).name if image.patient_id else ""


async def sends_two(someone: Someone) -> tuple[str, str]:
    first = await someone.sends_photo(JPEG + b"1")
    second = await someone.sends_photo(JPEG + b"2")
    return first.event_id, second.event_id


async def said_of(shared: Shared, count: int = 2) -> list[tuple[str, str]]:
    return [(await name_of(shared, image), image.reason) for image in await newest(shared, count)]


@pytest.mark.parametrize("begin", ["second", "first"])
async def test_R15_a_reply_to_one_of_two_photos_says_whose_that_one_is(tmp_path: Path, begin: str) -> None:
    async with with_children(tmp_path) as (shared, ann):
        events = await sends_two(ann)
        answers = list(zip(("2 rash", "3 cut knee"), events, strict=True))
        for words, event in answers if begin == "first" else reversed(answers):
            await ann.writes(words, **answered_in_app(event))
        assert await said_of(shared) == [("Mia Patel", "rash"), ("Leo Patel", "cut knee")]
        assert {image.state for image in await newest(shared)} == {State.VERIFIED}


async def test_R15_what_is_left_is_asked_about_by_its_reference(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        first, _ = await sends_two(ann)
        await ann.writes("2 rash", **answered_in_app(first))
        left = (await newest(shared))[1]
        assert not left.patient_id and left.purpose is None
        assert any(f"Whose photo is {left.ref}" in line for line in ann.heard)
        await ann.writes("3 cut knee")
        assert await said_of(shared) == [("Mia Patel", "rash"), ("Leo Patel", "cut knee")]


async def test_R15_a_reference_in_the_words_says_which_of_two(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await sends_two(ann)
        second = (await newest(shared))[1]
        await ann.writes(f"{second.ref} 3 cut knee")
        assert (await said_of(shared))[0] == ("", "")
        assert (await newest(shared))[1].patient_id
        await ann.writes("2 rash")
        assert (await said_of(shared))[0] == ("Mia Patel", "rash")


async def test_R15_whose_one_is_without_why_leaves_both_questions_open(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        first, _ = await sends_two(ann)
        await ann.writes("2", **answered_in_app(first))
        await ann.writes("rash on the tummy")
        await ann.writes("3 cut knee")
        assert await said_of(shared) == [("Mia Patel", "rash on the tummy"), ("Leo Patel", "cut knee")]


async def test_R1_a_reply_to_one_of_two_photos_says_what_that_one_is_about(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        first, second = await sends_two(shared.sam)
        await shared.sam.writes("wart on my thumb", **answered_in_app(first))
        assert f"what is {(await newest(shared))[1].ref} about" in shared.sam.last_heard
        await shared.sam.writes("bruise on my shin", **answered_in_app(second))
        assert [image.reason for image in await newest(shared)] == ["wart on my thumb", "bruise on my shin"]


async def test_R1_without_a_reply_words_are_still_about_both(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await sends_two(shared.sam)
        await shared.sam.writes("wart on my thumb")
        assert [image.reason for image in await newest(shared)] == ["wart on my thumb"] * 2


async def test_R1_what_is_left_has_its_own_time(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        first, _ = await sends_two(ann)
        await shared.practice.after(minutes=14)
        await ann.writes("2 rash", **answered_in_app(first))
        async with shared.practice.journal.reading() as rows:
            (asked,) = await rows.questions.open_about(About.PATIENT)
        assert asked.image_ids == ((await newest(shared))[1].id,)
        await shared.practice.after(minutes=20)
        assert (await newest(shared))[1].reason_by == "unanswered"


@pytest.mark.parametrize(("caption", "minutes", "reason"), [("sore toe", 0, "sore toe"), ("", 16, "reason not stated")])
async def test_R1_words_beside_a_choice_that_are_no_reason_any_more_are_filed(
    caption: str, minutes: int, reason: str, tmp_path: Path
) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"1", caption=caption)
        await shared.practice.after(minutes=minutes)
        await ann.writes("2 rash behind the knee")
        assert await said_of(shared, 1) == [("Mia Patel", reason)]
        words = [entry.text for entry in await entries_of(shared.practice, EntryKind.ANSWER, "10431")]
        assert words == ["rash behind the knee"]
