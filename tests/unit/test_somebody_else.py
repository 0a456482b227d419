"""An unsolicited photo of another person is confirmed, not implied (who may answer; R1, R15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.entries import EntryKind
from bot.domain.image import HeldFor, State
from bot.heard.whose import shows_somebody_else
from tests.cases import Shared, matches, pictures_in, shared_practice, taps
from tests.households import enrolled
from tests.practice import JPEG


@pytest.mark.parametrize(
    "words",
    [
        "of somebody else",
        "Of someone else.",
        "somebody else",
        "This is not my own body",
        "it's not me, it is my neighbour",
        "IMG-7F3K of somebody else",
        "img 7f3k: not me",
        "the photo shows another person",
    ],
)
def test_words_that_say_it_shows_somebody_else(words: str) -> None:
    assert shows_somebody_else(words)


@pytest.mark.parametrize(
    "words",
    [
        "rash",
        "somebody else's cream did not help",
        "not much better",
        "not my best photo",
        "someone else told me to use cream",
        "I am not me today",
        "",
        "of somebody elsewhere",
    ],
)
def test_words_that_say_nothing_of_the_kind(words: str) -> None:
    assert not shows_somebody_else(words)


async def test_a_filed_photo_of_somebody_else_is_held_and_nobody_is_shown_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("of somebody else")
        image = await shared.now()
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        assert "on hold" in shared.sam.last_heard
        room = shared.practice.seen_in(await shared.practice.practice_room())
        assert any("!refile" in line for line in room) and not any("Sam" in line for line in room)
        before = len(pictures_in(shared.practice, shared.lee.own_room))
        await shared.lee.writes(f"!show {image.ref}")
        assert len(pictures_in(shared.practice, shared.lee.own_room)) == before
        await shared.lee.writes(f"!forward {image.ref} @derm:hs.test melanoma?")
        assert "safely in the record first" in shared.lee.last_heard
        await shared.lee.writes(f"!discard {image.ref}")
        assert "kept by law" in shared.lee.last_heard
        await shared.sam.writes(f"withdraw {image.ref}")
        assert (await shared.now()).state is State.HELD
        assert await shared.practice.record.content(image.id) == JPEG


async def test_moved_to_whom_it_shows_it_waits_until_they_agree(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(f"{shared.image.ref} of somebody else")
        await shared.kim.writes('!enrol patient 10422 "Alex Ng" 2001-12-01')
        await shared.kim.writes(f"!refile {shared.image.ref} 10422 2001-12-01")
        await taps(shared.kim, "Move")
        image = await shared.now()
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        await shared.lee.writes(f"!keep {image.ref}")
        image = await shared.now()
        assert (image.state, image.held_for) == (State.VERIFIED, None)
        entries = await shared.practice.record.entries(image.patient_id)
        assert any(e.kind is EntryKind.CORRECTION and "they agree" in (e.text or "") for e in entries)
        await shared.lee.writes(f"!show {image.ref}")
        assert "Alex Ng" in shared.lee.last_heard


async def test_R15_a_parent_of_both_children_hears_that_it_lay_in_the_wrong_record(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        bob = await enrolled(shared, '!enrol patient 10423 "Mia Quill" 2016-12-01 parent "Bob Quill"', "bob", "Bob")
        await bob.sends_photo(JPEG + b"Tom's", caption="rash")
        image = (await shared.practice.images())[-1]
        await enrolled(shared, '!enrol patient 10424 "Tom Quill" 2015-02-01 parent "Bob Quill"', "bob", "Bob")
        await bob.writes(f"{image.ref} of somebody else")
        await shared.kim.writes(f"!refile {image.ref} 10424 2015-02-01")
        await taps(shared.kim, "Move")
        assert "in the wrong record by mistake" in bob.last_heard


@pytest.mark.parametrize("command", ["!keep", "!discard"])
async def test_R30_a_manager_who_is_no_clinician_does_not_decide_about_it(tmp_path: Path, command: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2", "not me: my neighbour's knee")
        image = (await shared.practice.images())[-1]
        await shared.kim.writes(f"{command} {image.ref}")
        assert "a clinician decides about it" in shared.kim.last_heard
        assert await latest(shared) is HeldFor.SOMEBODY_ELSE


async def latest(shared: Shared) -> HeldFor | None:
    return (await shared.practice.images())[-1].held_for


async def test_said_before_it_is_filed_nothing_is_filed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2")
        await shared.sam.writes("not me")
        image = (await shared.practice.images())[-1]
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        await shared.practice.after(hours=1)
        assert (await shared.practice.images())[-1].state is State.HELD, "the deadline of the question files nothing"
        await shared.kim.writes('!enrol patient 10422 "Alex Ng" 2001-12-01')
        await matches(shared.kim, image.ref, "10422 2001-12-01")
        await shared.lee.writes(f"!keep {image.ref}")
        await shared.practice.after(hours=1)
        image = (await shared.practice.images())[-1]
        assert image.state is State.VERIFIED
        async with shared.practice.journal.reading() as rows:
            assert (await rows.patients.get(image.patient_id)).mrn == "10422"


async def test_said_in_the_caption_it_is_held_from_the_start_and_may_be_discarded(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2", caption="of somebody else: my neighbour's knee")
        image = (await shared.practice.images())[-1]
        assert (image.state, image.held_for) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        assert "on hold" in shared.sam.last_heard
        async with shared.practice.journal.reading() as rows:
            assert not await rows.consents.find(image_id=image.id), "no consent is implied"
        await shared.lee.writes(f"!discard {image.ref}")
        assert (await shared.practice.images())[-1].state is State.DISCARDED
