"""A photo deleted while the bot still waits to hear what it is about: two questions are open, and no answer goes astray."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.domain.image import State
from bot.domain.purposes import NOT_STATED
from tests.cases import TEACHING, Shared, shared_practice
from tests.households import latest_image
from tests.practice import JPEG, Staffed, staffed_practice


async def sent_and_deleted(people: Staffed) -> None:
    await people.sam.deletes(await people.sam.sends_photo())
    assert "Should it be withdrawn" in people.sam.last_heard
    assert (await people.practice.only_image()).state is State.HELD


async def test_yes_withdraws_it_and_is_not_taken_for_its_reason(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await sent_and_deleted(people)
        await people.sam.writes(f"Yes {(await people.practice.only_image()).ref}.")
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (State.DISCARDED, "")
        assert "was withdrawn" in people.sam.last_heard


@pytest.mark.parametrize("words", ["yes", "yes please", "Yes, please!", "sí", "yep thanks", "Yes do it"])
async def test_R13_a_clear_yes_about_one_photo_withdraws_it_and_says_so(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await sent_and_deleted(people)
        await people.sam.writes(words)
        assert (await people.practice.only_image()).state is State.DISCARDED
        assert "was withdrawn before it was filed" in people.sam.last_heard


async def test_R13_a_yes_of_before_drops_no_more_than_the_homeserver_can_drop_anyway(tmp_path: Path) -> None:
    """It can make up a deletion and deliver words late; but it could have kept the photo from us, and the sender is told."""
    async with staffed_practice(tmp_path) as people:
        held_back = people.sam.arrival(people.sam.own_room, {"msgtype": "m.text", "body": "yes"})
        await sent_and_deleted(people)
        await people.practice.receive(held_back)
        await people.practice.settle()
        assert (await people.practice.only_image()).state is State.DISCARDED
        assert "was withdrawn before it was filed" in people.sam.last_heard


@pytest.mark.parametrize(
    "words", ["yes IMG-9999", "yes 4821", "yes?", "yes 🤔", "ok", "sure", "no worries", "yes but", "👍", "delete it"]
)
async def test_R13_what_is_no_clear_yes_or_names_another_asks_again(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await sent_and_deleted(people)
        await people.sam.writes(words)
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (State.HELD, "")
        await people.sam.writes(f"yes {image.ref.lower()}")
        assert (await people.practice.only_image()).state is State.DISCARDED


async def test_R13_a_bare_yes_before_the_question_stands_in_their_chat_answers_nothing(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        photo = await people.sam.sends_photo()
        await people.sam.deletes(photo, settle=False)
        await people.practice.receive(people.sam.arrival(people.sam.own_room, {"msgtype": "m.text", "body": "yes"}))
        await people.practice.settle()
        assert (await people.practice.only_image()).state is State.HELD


async def test_R13_a_bare_yes_about_several_photos_is_asked_about(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        for photo in [await people.sam.sends_photo(JPEG + bytes([n])) for n in range(2)]:
            await people.sam.deletes(photo)
        await people.sam.writes("yes")
        assert {image.state for image in await people.practice.images()} == {State.HELD}


async def ask_for_consent(shared: Shared) -> None:
    await shared.lee.writes(TEACHING.format(ref=shared.image.ref))


async def ask_about_the_itch(shared: Shared) -> None:
    await shared.lee.writes(f"!reply {shared.image.ref} Is it still itching?")


async def ask_about_a_phone(shared: Shared) -> None:
    await shared.sam.writes("i think somebody stole my phone")


@pytest.mark.parametrize("asks", [ask_for_consent, ask_about_the_itch, ask_about_a_phone])
async def test_R34_a_bare_yes_that_may_answer_somebody_else_withdraws_nothing(
    tmp_path: Path, asks: Callable[[Shared], Awaitable[None]]
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.deletes(await shared.sam.sends_photo(JPEG + b"2"))
        await asks(shared)
        await shared.sam.writes("yes")
        assert (await latest_image(shared)).state is State.HELD


async def test_no_keeps_it_and_what_it_is_about_is_still_asked(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await sent_and_deleted(people)
        await people.sam.writes("no")
        assert (await people.practice.only_image()).state is State.CAPTURED
        await people.sam.writes("a bite")
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (State.VERIFIED, "a bite")


async def test_kept_and_never_explained_it_is_filed_when_the_question_is_over(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await sent_and_deleted(people)
        await people.sam.writes("no")
        await people.practice.after(minutes=16)
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (State.VERIFIED, NOT_STATED)
