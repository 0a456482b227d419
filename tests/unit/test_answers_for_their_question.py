"""An answer is for the question it replies to: a "no" to one refuses, keeps and withdraws nothing else that is asked (R32, R34).

What a message replies to stands outside what is encrypted. So it may leave an answer less to do, and never gives a consent.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.image import HeldFor
from bot.domain.use import UseState
from tests.cases import TEACHING, Shared, shared_practice, taps
from tests.households import answered_in_app, documents, latest_image, with_children
from tests.practice import JPEG, Someone

WHY, WHOSE = "What is the photo about?", "Whose photo is it"
IN_WORDS, POLL = "to withdraw it", "Should it be withdrawn? It is then destroyed, and not filed."


def post_with(someone: Someone, words: str) -> str:
    """Return the latest post in their chat with these words, in their words or their poll."""
    found = [post.event_id for post in someone.practice.posts_in(someone.own_room) if words in post.body]
    assert found, f"nothing says {words}"
    return found[-1]


async def states(shared: Shared) -> list[UseState]:
    return [use.state for use in await shared.uses()]


async def teaching_asked(shared: Shared, ref: str) -> str:
    """A clinician asks to teach with the photo; return the number of the question."""
    await shared.lee.writes(TEACHING.format(ref=ref))
    async with shared.practice.journal.reading() as rows:
        asked = [choice for choice in await rows.choices.find(about="specific-consent") if choice.number]
    return asked[-1].number


async def of_whose(shared: Shared, ann: Someone) -> None:
    """Ann's own photo is asked about for teaching, and it is not known whose the next one is."""
    await ann.sends_photo(JPEG + b"first", caption="1 rash")
    await ann.writes("1")
    await teaching_asked(shared, (await latest_image(shared)).ref)
    await ann.sends_photo(JPEG + b"second")


@pytest.mark.parametrize("words", ["no", "no thanks", "nope"])
async def test_R34_a_no_in_reply_to_what_a_photo_is_about_refuses_no_use(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await teaching_asked(shared, shared.image.ref)
        await shared.sam.sends_photo(JPEG + b"second")
        await shared.sam.writes(words, **answered_in_app(post_with(shared.sam, WHY)))
        assert await states(shared) == [UseState.AWAITING_CONSENT]


async def test_R34_a_no_in_reply_to_whose_a_photo_is_refuses_no_use(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await of_whose(shared, ann)
        await ann.writes("no", **answered_in_app(post_with(ann, WHOSE)))
        assert (await states(shared))[-1] is UseState.AWAITING_CONSENT
        await ann.writes("no")
        assert (await states(shared))[-1] is UseState.REFUSED, "what hangs on nothing is heard under the gravest"


@pytest.mark.parametrize("post", [IN_WORDS, POLL])
async def test_R34_a_no_in_reply_to_whether_to_take_a_photo_back_keeps_it_and_refuses_no_use(
    tmp_path: Path, post: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        await teaching_asked(shared, shared.image.ref)
        await shared.sam.sends_photo(JPEG + b"second", caption="sorry wrong photo, please dont use it")
        assert (await latest_image(shared)).held_for is HeldFor.ASKED_BACK
        await shared.sam.writes("no", **answered_in_app(post_with(shared.sam, post)))
        assert (await latest_image(shared)).held_for is None
        assert await states(shared) == [UseState.AWAITING_CONSENT]


async def test_R13_a_yes_needs_what_it_needs_whatever_it_replies_to(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        number = await teaching_asked(shared, shared.image.ref)
        await shared.sam.sends_photo(JPEG + b"second", caption="sorry wrong photo, please dont use it")
        await shared.sam.writes("yes", **answered_in_app(post_with(shared.sam, IN_WORDS)))
        assert (await latest_image(shared)).held_for is HeldFor.ASKED_BACK, "a homeserver may have pointed it there"
        await shared.sam.writes("yes", **answered_in_app(post_with(shared.sam, f"yes {number}")))
        assert await states(shared) == [UseState.AWAITING_CONSENT]


# ---- two requests for consent


async def two_requests(shared: Shared) -> tuple[str, str, str, str]:
    """Return the posts that ask for each of two uses of Sam's photos, and their numbers."""
    first = await teaching_asked(shared, shared.image.ref)
    await shared.sam.sends_photo(JPEG + b"second", caption="a wart")
    second = await teaching_asked(shared, (await latest_image(shared)).ref)
    return (
        post_with(shared.sam, f"yes {first}"),
        post_with(shared.sam, f"yes {second}"),
        first,
        second,
    )


@pytest.mark.parametrize("which", [0, 1])
async def test_R13_a_no_in_reply_to_one_request_refuses_that_one_alone(tmp_path: Path, which: int) -> None:
    async with shared_practice(tmp_path) as shared:
        posts = await two_requests(shared)
        await shared.sam.writes("no", **answered_in_app(posts[which]))
        expected = [UseState.AWAITING_CONSENT] * 2
        expected[which] = UseState.REFUSED
        assert await states(shared) == expected


async def test_R32_a_yes_with_the_number_of_another_request_than_it_replies_to_is_asked_about(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        first_post, _, first, second = await two_requests(shared)
        await shared.sam.writes(f"yes {second}", **answered_in_app(first_post))
        assert await states(shared) == [UseState.AWAITING_CONSENT] * 2
        assert "Your words are about one request" in shared.sam.last_heard and second not in shared.sam.last_heard
        await shared.sam.writes(f"yes {first}", **answered_in_app(first_post))
        assert await states(shared) == [UseState.RELEASED, UseState.AWAITING_CONSENT]


@pytest.mark.parametrize("words", ["no {}", "no thanks {}"])
async def test_R34_a_no_with_a_number_is_for_that_request_whatever_it_replies_to(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        first_post, _, _, second = await two_requests(shared)
        await shared.sam.writes(words.format(second), **answered_in_app(first_post))
        assert await states(shared) == [UseState.AWAITING_CONSENT, UseState.REFUSED]


# ---- what is closed


async def test_R34_a_no_in_reply_to_what_is_closed_answers_nothing_else_and_people_read_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"second", caption="sorry wrong photo, please dont use it")
        await taps(shared.sam, "No")
        await teaching_asked(shared, shared.image.ref)
        await shared.sam.writes("no", **answered_in_app(post_with(shared.sam, IN_WORDS)))
        assert await states(shared) == [UseState.AWAITING_CONSENT]
        assert [said.text for said in await documents(shared, image_id=(await latest_image(shared)).id)][-1] == "no"


async def test_R15_words_in_reply_to_what_is_closed_are_no_reason_of_the_next_photo(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"second", caption="sorry wrong photo, please dont use it")
        second = await latest_image(shared)
        await taps(shared.sam, "No")
        await shared.sam.sends_photo(JPEG + b"third")
        await shared.sam.writes("it is much better today", **answered_in_app(post_with(shared.sam, IN_WORDS)))
        assert (await latest_image(shared)).reason == ""
        assert [said.text for said in await documents(shared, image_id=second.id)][-1] == "it is much better today"


async def test_R13_a_reply_to_the_poll_about_several_photos_is_about_them_all(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        for number in b"12":
            await shared.sam.sends_photo(JPEG + bytes([number]))
        await shared.sam.writes("please delete both photos")
        await shared.sam.writes(
            "no", **answered_in_app(post_with(shared.sam, "Which of these photos should be withdrawn?"))
        )
        assert [image.held_for for image in (await shared.practice.images())[-2:]] == [None, None]
