"""Photos sent together with words that name several children: one number is not taken for all of them (R15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases import taps
from tests.households import answered_in_app, with_children
from tests.practice import JPEG
from tests.unit.test_answers_for_their_photo import said_of
from tests.unit.test_galleries import sends, three

BOTH = "Mia and Leo, both have spots"


@pytest.mark.parametrize("together", [True, False])
async def test_R15_one_number_files_none_and_each_is_asked_about(tmp_path: Path, together: bool) -> None:
    async with with_children(tmp_path) as (shared, ann):
        if together:
            await sends(ann, three(ann, BOTH))
        else:
            await ann.sends_photo(JPEG + b"1", caption=BOTH)
            await ann.sends_photo(JPEG + b"2")
        await ann.writes("2")
        images = (await shared.practice.images())[1:]
        assert not any(image.patient_id for image in images)
        heard = "\n".join(ann.heard)
        assert "have filed none yet" in heard and all(f"Whose photo is {image.ref}" in heard for image in images)


async def test_R15_a_number_by_itself_is_then_for_the_photo_that_a_tap_names(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await sends(ann, three(ann, BOTH))
        first, second, third = (await shared.practice.images())[1:]
        await ann.writes("2")
        await ann.writes("2")
        await taps(ann, first.ref)
        await ann.writes(f"{second.ref} 3")
        await ann.writes("3")
        assert [name for name, _ in await said_of(shared, 3)] == ["Mia Patel", "Leo Patel", "Leo Patel"]
        assert third.ref in "\n".join(ann.heard)


async def test_R15_a_reply_to_all_of_them_is_for_the_photo_that_a_tap_names(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        album = three(ann, BOTH)
        await sends(ann, album)
        await ann.writes("2")
        await ann.writes("2", **answered_in_app(album.event_id))
        assert not any(image.patient_id for image in (await shared.practice.images())[1:])
        assert "Which one is it for?" in ann.last_heard


async def test_R15_of_a_part_of_them_asked_again_nothing_is_left_without_a_question(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        album = three(ann, BOTH)
        await sends(ann, album)
        await ann.sends_photo(JPEG + b"another", caption="a cut")
        images = (await shared.practice.images())[1:]
        await ann.writes("2", **answered_in_app(album.event_id))
        async with shared.practice.journal.reading() as rows:
            person = await rows.people.with_account(ann.account)
            asked = await rows.questions.open_of_person(person[0].id)
        assert {image.id for image in images} == {id for question in asked for id in question.image_ids}
        about = [id for question in asked for id in question.image_ids]
        assert len(about) == len(set(about)), "each once"


async def test_R34_what_is_said_beside_the_number_reaches_the_team(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await sends(ann, three(ann, BOTH))
        await ann.writes("2 since Monday")
        assert "since Monday" in "\n".join(shared.practice.seen_in(await shared.practice.practice_room()))
