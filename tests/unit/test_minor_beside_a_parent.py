"""A parent hears the same whether or not a mature minor has an account, and whatever the minor says there (R33a)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.image import State
from bot.domain.use import UseState
from bot.words.to_whoever_asks_back import is_taken_back
from tests.cases import TEACHING, Shared, pictures_in, shared_practice, taps
from tests.households import enrolled, family, heard_with, latest_image
from tests.practice import JPEG, Someone

TOLD_OF = "IMG-"


async def parent(shared: Shared, *, beside: bool) -> tuple[Someone, Someone | None]:
    """Ann, who sent a photo of Mia; Mia, who has an account of her own, or has not."""
    if beside:
        ann, mia = await family(shared)
        return ann, mia
    ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2010-12-01 parent "Ann Patel"', "ann", "Ann")
    await ann.sends_photo(JPEG + b"ann's", caption="her rash")
    return ann, None


async def ref_of_anns(shared: Shared) -> str:
    return next(image.ref for image in await shared.practice.images() if image.reason == "her rash")


def said(someone: Someone, since: int, ref: str) -> list[str]:
    """Return all that was said, asked and closed since then, whatever the number and the reference."""
    posts = someone.practice.posts_in(someone.own_room)[since:]
    return [f"{post.body or sorted(post.content)} {bool(post.closes)}".replace(ref, TOLD_OF) for post in posts]


@pytest.mark.parametrize("answer", ["Yes", "No", None])
@pytest.mark.parametrize("minor", ["No", "withdraw"])
async def test_R33a_a_minors_no_closes_no_question_of_a_parents_and_changes_no_answer(
    tmp_path: Path, minor: str, answer: str | None
) -> None:
    heard = []
    for beside in (False, True):
        async with shared_practice(tmp_path / str(beside)) as shared:
            ann, mia = await parent(shared, beside=beside)
            ref = await ref_of_anns(shared)
            await shared.lee.writes(TEACHING.format(ref=ref))
            before = len(shared.practice.posts_in(ann.own_room))
            if mia is not None and minor == "No":
                await taps(mia, "No")
            elif mia is not None:
                await mia.writes(f"withdraw {ref}")
            assert len(shared.practice.posts_in(ann.own_room)) == before
            if answer is not None:
                await taps(ann, answer)
                if answer == "Yes":
                    await taps(ann, "Yes")  # asked once more, as it is of a child
                assert "It is recorded that you" in ann.last_heard
            await shared.practice.after(days=4)  # a reminder
            await shared.practice.after(days=4)  # it runs out
            heard.append([line for line in said(ann, before, ref) if "org.matrix.msc3381.poll.start" not in line])
            if beside:
                (use,) = await shared.uses()
                assert use.state in {UseState.REFUSED, UseState.WITHDRAWN}
                assert pictures_in(shared.practice, shared.derm.own_room) == []
    numberless = [[line.split("Please answer with a tap")[0] for line in lines] for lines in heard]
    assert numberless[0] == numberless[1]


@pytest.mark.parametrize("stops", [False, True])
async def test_R33a_a_parents_list_says_that_use_was_stopped_where_they_stopped_it(tmp_path: Path, stops: bool) -> None:
    lists = []
    for beside in (False, True):
        async with shared_practice(tmp_path / str(beside)) as shared:
            ann, mia = await parent(shared, beside=beside)
            ref = await ref_of_anns(shared)
            if mia is not None:
                await mia.writes(f"withdraw {ref}")
                await mia.writes("my images")
                assert "Any other use was stopped." in mia.last_heard
            if stops:
                await ann.writes(f"withdraw {ref}")
            await ann.writes("my images")
            assert ("Any other use was stopped." in ann.last_heard) is stops
            lists.append(ann.last_heard.replace(ref, TOLD_OF))
    assert lists[0] == lists[1]


async def test_R33a_a_parent_hears_that_their_photo_is_not_kept_as_if_the_practice_had_said_so(tmp_path: Path) -> None:
    heard = []
    for beside in (False, True):
        async with shared_practice(tmp_path / str(beside)) as shared:
            ann, mia = await parent(shared, beside=beside)
            await ann.sends_photo(JPEG + b"second")
            before, ref = len(ann.heard), (await latest_image(shared)).ref
            if mia is not None:
                await mia.writes(f"withdraw {ref}")
                assert mia.last_heard == is_taken_back.english(ref), "who asked is answered"
            else:
                await ann.writes(f"withdraw {ref}")
            assert (await latest_image(shared)).state is State.DISCARDED
            heard.append([line.replace(ref, TOLD_OF) for line in ann.heard[before:]])
    assert heard[0] == heard[1] and not heard[0][0].startswith("Done")


async def test_R33a_what_a_minor_asks_back_is_to_a_parent_a_photo_that_a_person_looks_at(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mia = await family(shared)
        await ann.sends_photo(JPEG + b"second")
        before, ref = len(ann.heard), (await latest_image(shared)).ref
        await mia.writes(f"please delete {ref}")
        await mia.writes("my images")
        assert f"{ref}, 23 Nov 2026, 15:00, of Mia Patel: on hold until you tap" in mia.last_heard
        assert len(ann.heard) == before
        await ann.writes("my images")
        assert f"{ref}, 23 Nov 2026, 15:00, of Mia Patel: on hold: a person will look at it." in ann.last_heard
        await taps(mia, "No, keep it")
        assert ann.last_heard == f"{ref} stays and goes into the record." or not ann.heard[before:]


async def test_R33a_to_a_clinician_a_stop_is_no_word_that_a_reply_may_be_an_answer_to(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        ann, mia = await family(shared)
        ref = await ref_of_anns(shared)
        await mia.writes(f"withdraw {ref}")
        await shared.lee.writes(f"!reply {ref} It is harmless.")
        assert heard_with(ann, "It is harmless.")
