"""Edits are not followed; what the answer says to write instead works, for patients and for staff (R1, R32)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.domain.arrivals import Arrival
from bot.domain.image import HeldFor, State
from bot.domain.use import UseState
from tests.cases import TEACHING, shared_practice, taps
from tests.colleagues import FILE, LINE, asked, image_of, with_derm
from tests.households import latest_image, with_ann
from tests.practice import JPEG, Someone


async def edits(someone: Someone, arrival: Arrival, words: str) -> None:
    """As apps send it: the new words, and once more behind an asterisk."""
    new: dict[str, Any] = {"msgtype": (arrival.content or {})["msgtype"], "body": words}
    content = {
        "msgtype": "m.text",
        "body": f"* {words}",
        "m.new_content": new,
        "m.relates_to": {"rel_type": "m.replace", "event_id": arrival.event_id},
    }
    await someone.practice.receive(someone.arrival(someone.own_room, content))
    await someone.practice.settle()


def told_to_write(answer: str) -> str:
    (command,) = re.findall(r"((?:correct|!note) IMG-\w+) and", answer)
    return str(command)


@pytest.mark.parametrize("as_caption", [True, False])
async def test_a_patients_reason_is_put_right_as_the_answer_says(tmp_path: Path, as_caption: bool) -> None:
    async with shared_practice(tmp_path) as shared:
        photo = await shared.sam.sends_photo(JPEG + b"2", "rash on my left arm" if as_caption else "")
        said = photo if as_caption else await shared.sam.writes("rash on my left arm")
        await edits(shared.sam, said, "rash on my right arm")
        assert (await latest_image(shared)).reason == "rash on my left arm"
        await shared.sam.writes(f"{told_to_write(shared.sam.last_heard)} rash on my right arm")
        assert (await latest_image(shared)).reason == "rash on my right arm"


async def test_a_caption_that_is_added_by_an_edit_is_asked_for_as_a_message(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        photo = await shared.sam.sends_photo(JPEG + b"2")
        await edits(shared.sam, photo, "rash on my right arm")
        assert "is about as a new message" in shared.sam.last_heard
        await shared.sam.writes("rash on my right arm")
        assert (await latest_image(shared)).reason == "rash on my right arm"


@pytest.mark.parametrize("words", ["no", "has anyone looked?", "yes", "thanks", "photo", "?", "when will you call"])
async def test_R34_what_says_nothing_of_a_photo_puts_nothing_right(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(f"correct {shared.image.ref} {words}")
        assert (await shared.now()).reason == shared.image.reason
        assert f"Please write: correct {shared.image.ref} the right words" in shared.sam.last_heard


@pytest.mark.parametrize("words", ["stop", "STOP please", "withdraw"])
async def test_R34_a_stop_in_a_correction_is_asked_about(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(f"correct {shared.image.ref} {words}")
        assert (await shared.now()).reason == shared.image.reason
        assert "Should it be withdrawn?" in "\n".join(shared.sam.heard[-2:])


@pytest.mark.parametrize("lead", ["to", "to:", "should be", "is", ""])
async def test_R1_the_right_words_are_recorded_without_what_leads_to_them(tmp_path: Path, lead: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(f"correct {shared.image.ref} {lead} rash on left arm, no fever")
        assert (await shared.now()).reason == "rash on left arm, no fever"


@pytest.mark.parametrize("words", ["yes", "ask me later"])
async def test_R34_an_answer_by_an_edit_is_to_be_written_anew_not_corrected(tmp_path: Path, words: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        said = await shared.sam.writes("what is a registrar?")
        await edits(shared.sam, said, words)
        assert "Please write it anew" in shared.sam.last_heard and "correct" not in shared.sam.last_heard
        (use,) = await shared.uses()
        assert use.state is UseState.AWAITING_CONSENT


@pytest.mark.parametrize("as_caption", [True, False])
async def test_a_colleagues_line_written_anew_takes_the_place_of_the_old_one(tmp_path: Path, as_caption: bool) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        photo = await people.lee.sends_photo(caption=f"{LINE} left arm" if as_caption else "")
        said = photo if as_caption else await people.lee.writes(f"{LINE} left arm")
        await edits(people.lee, said, f"{LINE} right arm")
        ref = (await image_of(practice)).ref
        assert f"begins with {ref}" in people.lee.last_heard and "left arm" in asked(people.lee)
        await people.lee.writes(f"{ref} {LINE} right arm")
        assert "right arm" in asked(people.lee) and "left arm" not in asked(people.lee)
        await taps(people.lee, FILE)
        await edits(people.lee, said, f"{LINE} neither arm")
        assert (await image_of(practice)).reason == "right arm"
        await people.lee.writes(f"{told_to_write(people.lee.last_heard)} it was the left one after all")
        assert "Noted on" in people.lee.last_heard


async def test_an_edit_of_anything_else_is_to_be_written_anew(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        said = await shared.lee.writes("!shwo nothing")
        await edits(shared.lee, said, "!list")
        assert "Please write it anew" in shared.lee.last_heard
        await shared.lee.writes("!list")
        assert shared.image.ref in shared.lee.last_heard


@pytest.mark.parametrize("as_caption", [True, False])
async def test_R34_what_an_edit_wants_back_is_held_and_asked_about(tmp_path: Path, as_caption: bool) -> None:
    async with shared_practice(tmp_path) as shared:
        photo = await shared.sam.sends_photo(JPEG + b"2")
        said = photo if as_caption else await shared.sam.writes("hello there")
        await edits(shared.sam, said, "please delete that photo")
        image = await latest_image(shared)
        assert (image.held_for, image.reason) == (HeldFor.ASKED_BACK, "")
        assert "Should it be withdrawn?" in shared.sam.last_heard
        await taps(shared.sam, "Yes")
        assert (await latest_image(shared)).state is State.DISCARDED


async def test_R34_alarm_words_in_an_edit_reach_the_team_with_the_sentence_at_once(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        said = await shared.sam.sends_photo(JPEG + b"2", "rash")
        before = len(shared.sam.heard)
        await edits(shared.sam, said, "my lips are swelling and I cant breathe")
        sentence, answer = shared.sam.heard[before:]
        assert sentence == "Not for emergencies: call 000." and "don't follow edits" in answer
        team = shared.practice.seen_in(await shared.practice.practice_room())
        assert "I cant breathe" in team[-1] and (await latest_image(shared)).reason == "rash"


async def test_R34_a_phone_that_an_edit_says_is_lost_is_asked_about(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        said = await shared.sam.sends_photo(JPEG + b"2", "rash")
        await edits(shared.sam, said, "my phone was stolen")
        assert "lost" in shared.sam.last_heard and "tap" in "\n".join(shared.sam.heard[-2:])


@pytest.mark.parametrize("words", ["please delete that photo", "my throat is closing up", "my phone was stolen"])
async def test_R29_an_edit_is_filed_under_nobody_else_s_photo(tmp_path: Path, words: str) -> None:
    """The photo is in Ann's record by now: what Sam makes of its caption is no word about her."""
    async with with_ann(tmp_path) as (shared, _):
        photo = await shared.sam.sends_photo(JPEG + b"2", "rash on my arm")
        image = await latest_image(shared)
        await shared.kim.writes(f"!refile {image.ref} 10422 1990-05-02")
        await taps(shared.kim, "Move")
        async with shared.practice.journal.reading() as rows:
            before = await rows.documents.of_image(image.id)
        await edits(shared.sam, photo, words)
        async with shared.practice.journal.reading() as rows:
            assert await rows.documents.of_image(image.id) == before
        if "phone" in words:
            assert "Yes, it is lost" in str(shared.practice.posts_in(shared.sam.own_room)[-1].content)
