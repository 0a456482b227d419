"""Words that say a photo shows somebody else hold it, however they come, and all the photos that they are about (R15, R30)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.image import HeldFor, Image
from tests.cases import TEACHING, Shared, shared_practice
from tests.households import answered_in_app, enrolled, latest_image, with_children
from tests.media import comes
from tests.practice import JPEG
from tests.unit.test_edited_reason import edits
from tests.unit.test_galleries import three


def doubted(images: list[Image]) -> list[str]:
    return [image.ref for image in images if image.held_for is HeldFor.SOMEBODY_ELSE]


async def album(shared: Shared) -> tuple[list[str], str]:
    """Three photos in one message, filed: their references, and the message."""
    before = {image.ref for image in await shared.practice.images()}
    sent = three(shared.sam, "itchy bumps on the back")
    await comes(shared.practice, sent)
    await shared.practice.settle()
    return [image.ref for image in await shared.practice.images() if image.ref not in before], sent.event_id


# ---- put right


@pytest.mark.parametrize(
    "words",
    ["this is my wife's arm", "not me, it's my brother", "of somebody else", "it is my neighbour's rash, not mine"],
)
async def test_R15_a_correction_that_shows_somebody_else_doubts_the_photo(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(f"correct {shared.image.ref} {words}")
        assert doubted(await shared.practice.images()) == [shared.image.ref]
        assert (await shared.now()).reason == shared.image.reason
        assert "on hold" in shared.sam.last_heard and "Corrected" not in shared.sam.last_heard


@pytest.mark.parametrize("words", ["this is Leo's knee, not Mia's", "Leo's knee", "my own rash", "of somebody else"])
async def test_R15_a_correction_that_names_another_child_doubts_the_photo(tmp_path: Path, words: str) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"mia's", caption="rash")
        await ann.writes("2")
        image = await latest_image(shared)
        await ann.writes(f"correct {image.ref} {words}")
        assert doubted(await shared.practice.images()) == [image.ref]


async def test_a_correction_that_names_the_patient_is_one(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"mia's", caption="rash")
        await ann.writes("2")
        image = await latest_image(shared)
        await ann.writes(f"correct {image.ref} Mia's rash, caught from Leo")
        assert (await latest_image(shared)).reason == "Mia's rash, caught from Leo"


@pytest.mark.parametrize("words", ["this is my wife's back, not mine", "of somebody else"])
async def test_R15_an_edited_caption_that_shows_somebody_else_doubts_the_photo(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        photo = await shared.sam.sends_photo(JPEG + b"back", caption="mole on my back")
        image = await latest_image(shared)
        await edits(shared.sam, photo, words)
        assert doubted(await shared.practice.images()) == [image.ref]
        assert "on hold" in shared.sam.last_heard


# ---- one of several, all of several


@pytest.mark.parametrize("in_app", [False, True])
async def test_R15_all_photos_of_a_message_are_held(tmp_path: Path, in_app: bool) -> None:
    async with shared_practice(tmp_path) as shared:
        refs, message = await album(shared)
        more = answered_in_app(message) if in_app else {}
        await shared.sam.writes("sorry, that's not me, it's my neighbour", **more)
        assert doubted(await shared.practice.images()) == refs
        assert all(ref in shared.sam.last_heard for ref in refs)


@pytest.mark.parametrize("words", ["{0} and {1} are of somebody else", "of somebody else {0}, {1}"])
async def test_R15_all_photos_named_are_held_and_no_other(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        refs, _message = await album(shared)
        await shared.sam.writes(words.format(*refs))
        assert doubted(await shared.practice.images()) == refs[:2]


async def test_R15_one_of_several_that_is_not_named_is_asked_for(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        refs, _message = await album(shared)
        await shared.sam.writes("the first one is my wife's arm, not mine")
        assert not doubted(await shared.practice.images())
        assert "Which photo" in shared.sam.last_heard
        await shared.sam.writes(f"{refs[0]} of somebody else")
        assert doubted(await shared.practice.images()) == refs[:1]


# ---- whatever is open


@pytest.mark.parametrize(
    "words", ["wait, that photo isn't me, it's my wife", "No, that's not me, that's my brother", "of my wife"]
)
async def test_R30_under_a_request_the_photo_it_is_about_is_held(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.sam.writes(words)
        assert doubted(await shared.practice.images()) == [shared.image.ref]


async def test_R30_a_photo_sent_since_it_was_asked_is_meant_first(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        await shared.practice.after(hours=1)
        await shared.sam.sends_photo(JPEG + b"toe", caption="toe")
        await shared.sam.writes("sorry, that's my brother's toe, not mine")
        assert doubted(await shared.practice.images()) == [(await latest_image(shared)).ref]


async def test_R15_under_a_question_whether_to_withdraw_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("oops wrong photo")
        await shared.sam.writes("it's my neighbour's arm, not mine")
        assert doubted(await shared.practice.images()) == [shared.image.ref]


@pytest.mark.parametrize(
    "words",
    [
        "Sorry, that photo isn't me, it's my brother",
        "that's my wife's arm by the way, not mine",
        "The photo shows my son, not me",
    ],
)
async def test_R15_in_answer_to_a_clinician(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!reply {shared.image.ref} use the cream twice daily")
        (post,) = [one for one in shared.practice.posts_in(shared.sam.own_room) if "cream twice" in one.body]
        await shared.sam.writes(words, **answered_in_app(post.event_id))
        assert doubted(await shared.practice.images()) == [shared.image.ref]


@pytest.mark.parametrize("words", ["photo of me", "this is Ann, I have the rash too", "my other daughter's rash"])
async def test_R15_a_parents_photo_of_somebody_else_is_not_filed_for_their_child(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"', "ann", "Ann")
        await ann.sends_photo(JPEG + b"ann's", caption=words)
        assert doubted(await shared.practice.images()) == [(await latest_image(shared)).ref]
