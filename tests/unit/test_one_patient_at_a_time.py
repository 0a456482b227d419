"""What staff write is about one photo, and one patient: a line that says two things goes nowhere (R15, R29)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain.entries import EntryKind
from tests.cases import Shared, shared_practice
from tests.households import documents, latest_image, with_ann
from tests.media import comes
from tests.practice import JPEG, Someone
from tests.unit.test_galleries import three

WORDS = {EntryKind.NOTE, EntryKind.REPLY}


def reply_to(event_id: str) -> dict[str, Any]:
    return {"m.relates_to": {"m.in_reply_to": {"event_id": event_id}}}


async def of_two(shared: Shared, ann: Someone) -> tuple[str, str, str]:
    """Sam's photo, and Ann's; and Sam's words about his, as they stand in Dr Lee's chat."""
    await ann.sends_photo(JPEG + b"ann", caption="a lump in my breast")
    sams, anns = shared.image.ref, (await latest_image(shared)).ref
    await shared.lee.writes(f"!mine {sams}")
    await shared.sam.writes("it has started to itch")
    [event_id] = [
        post.event_id for post in shared.practice.posts_in(shared.lee.own_room) if "started to itch" in post.body
    ]
    return sams, anns, event_id


async def written(shared: Shared) -> list[EntryKind]:
    return [document.kind for document in await documents(shared) if document.kind in WORDS]


@pytest.mark.parametrize("line", ["!reply {} stop scratching it", "!note {} he drinks", "!discard {}"])
async def test_R15_a_reply_to_one_photo_that_names_another_does_nothing_and_offers_both(
    tmp_path: Path, line: str
) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        sams, anns, event_id = await of_two(shared, ann)
        heard = len(ann.heard)
        await shared.lee.writes(line.format(anns), **reply_to(event_id))
        said = shared.lee.last_heard
        assert f"You replied to {sams} and wrote {anns}, so I did nothing." in said
        assert line.format(anns) in said and line.format(sams) in said
        assert await written(shared) == [] and len(ann.heard) == heard
        assert (await latest_image(shared)).in_reach


async def test_R15_a_reply_that_names_the_photo_it_replies_to_is_done(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        sams, _, event_id = await of_two(shared, ann)
        await shared.lee.writes(f"!note {sams} frozen", **reply_to(event_id))
        assert await written(shared) == [EntryKind.NOTE]


@pytest.mark.parametrize("line", ["!reply {} is fine. {} please biopsy", "!note {}, {}: both seen together"])
async def test_R15_words_that_name_a_photo_of_another_patient_go_nowhere(tmp_path: Path, line: str) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        sams, anns, _ = await of_two(shared, ann)
        heard = len(shared.sam.heard)
        await shared.lee.writes(line.format(sams, anns))
        assert f"These words name {anns}" in shared.lee.last_heard
        assert await written(shared) == [] and len(shared.sam.heard) == heard


async def test_R15_words_may_name_another_photo_of_the_same_patient(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"second", caption="the same, from the side")
        await shared.lee.writes(f"!note {shared.image.ref} as in {(await latest_image(shared)).ref}")
        assert await written(shared) == [EntryKind.NOTE]


async def test_R15_a_summary_that_names_a_photo_of_another_patient_is_not_filed(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, ann):
        _, anns, _ = await of_two(shared, ann)
        room = await shared.forwarded()
        line = await shared.lee.writes(f"!close {anns} melanoma, excise", room=room)
        assert line.event_id in shared.practice.homeserver.redacted
        assert f"These words name {anns}" in shared.practice.seen_in(room)[-1]
        assert await written(shared) == []


async def test_R15_whose_record_a_note_goes_into_is_said_to_its_writer_alone(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!note {shared.image.ref} frozen")
        assert "the record of Sam Patel with the image" in shared.lee.last_heard
        room = await shared.practice.practice_room()
        await shared.lee.writes(f"!note {shared.image.ref} frozen again", room=room)
        assert "Noted on" in shared.practice.seen_in(room)[-1] and "Sam" not in shared.practice.seen_in(room)[-1]


async def test_mine_as_a_reply_to_a_line_about_several_photos_is_asked_which(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        practice = shared.practice
        await comes(practice, three(shared.sam, "bumps"))
        await practice.settle()
        room, latest = await practice.practice_room(), (await latest_image(shared)).ref
        [line] = [post for post in practice.posts_in(room) if latest in post.body]
        await shared.lee.writes("mine", room=room, **reply_to(line.event_id))
        assert "So that nothing goes to a wrong photo" in practice.seen_in(room)[-1]
        assert not (await latest_image(shared)).taken_by


async def test_R15_an_answer_to_a_patient_is_no_reason_of_another_patients_photo(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        lee, sams = shared.lee, shared.image.ref
        await lee.writes(f"!mine {sams}")
        await lee.sends_photo(JPEG + b"of Ann")
        await lee.writes("10422 1990-05-02 body mine")
        await shared.sam.writes("it has started to itch")
        [said] = [post for post in shared.practice.posts_in(lee.own_room) if "started to itch" in post.body]
        await lee.writes("sounds infected, start the antibiotic today", **reply_to(said.event_id))
        assert f"!reply {sams} sounds infected" in lee.last_heard, "it was meant for Sam"
        await lee.writes("verbal today for a rash")
        assert "infected" not in lee.last_heard


async def test_R15_of_two_photos_that_wait_an_answer_is_for_the_one_replied_to(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _):
        lee = shared.lee
        await lee.sends_photo(JPEG + b"first")
        first = await latest_image(shared)
        await lee.writes("10421 1984-03-07 body mine")
        await shared.practice.after(hours=1)
        await lee.sends_photo(JPEG + b"second")
        [asked, *_] = [post for post in shared.practice.posts_in(lee.own_room) if first.ref in post.body]
        await lee.writes("verbal today", **reply_to(asked.event_id))
        assert "Which one" not in lee.last_heard and first.ref in lee.last_heard
