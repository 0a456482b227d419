"""A photo deleted while the bot still waits to hear what it is about: two questions are open, and no answer goes astray."""

from __future__ import annotations

from pathlib import Path

from bot.domain.image import State
from bot.domain.purposes import NOT_STATED
from tests.practice import Staffed, staffed_practice


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


async def test_a_yes_that_was_said_before_and_held_back_withdraws_nothing(tmp_path: Path) -> None:
    """The homeserver can make up a deletion and deliver words late; only words that name the photo destroy it."""
    async with staffed_practice(tmp_path) as people:
        held_back = people.sam.arrival(people.sam.own_room, {"msgtype": "m.text", "body": "yes"})
        await sent_and_deleted(people)
        await people.practice.receive(held_back)
        await people.practice.settle()
        image = await people.practice.only_image()
        assert (image.state, image.reason) == (State.HELD, "")
        assert f"“yes {image.ref}”" in people.sam.last_heard
        await people.sam.writes("yes IMG-9999")
        assert (await people.practice.only_image()).state is State.HELD
        await people.sam.writes(f"yes {image.ref.lower()}")
        assert (await people.practice.only_image()).state is State.DISCARDED


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
