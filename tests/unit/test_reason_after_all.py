"""What somebody answers about a photo counts while they may send for its patient, and is filed while they speak (R29)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.document import DocumentState
from bot.domain.entries import EntryKind
from bot.domain.image import Image, State
from bot.domain.purposes import NOT_STATED
from tests.cases import Shared, shared_practice, taps
from tests.households import documents, enrolled, latest_image
from tests.practice import JPEG, Someone
from tests.unit.test_named_on_the_way import bob_also_answers_for_tom
from tests.unit.test_unlink import parents

LONG = "The rash has itched since Monday and the cream did not help. " * 12
SHORT = "a rash that itches"


async def filed_with(shared: Shared, image: Image) -> list[str]:
    return [entry.text or "" for entry in await shared.practice.record.entries(image.patient_id)]


async def asked_about_lia(shared: Shared) -> tuple[Someone, Image]:
    """Lia turns 18 at midnight; her father sent a photo without words, and is asked what it is about."""
    command = '!enrol patient 10425 "Lia Quill" 2008-11-24 parent "Bob Quill"'
    bob = await enrolled(shared, command, "bob", "Bob")
    await shared.practice.after(hours=8, minutes=55)
    await bob.sends_photo(JPEG + b"lia's")
    assert "about" in bob.last_heard
    return bob, await latest_image(shared)


@pytest.mark.parametrize("words", [SHORT, LONG])
async def test_R29_who_answers_no_longer_states_no_reason_and_nothing_they_write_is_filed(
    tmp_path: Path, words: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        bob, asked = await asked_about_lia(shared)
        await shared.practice.after(minutes=10)
        await bob.writes(words)
        image = await latest_image(shared)
        assert (image.id, image.state, image.reason) == (asked.id, State.VERIFIED, NOT_STATED)
        assert not any(words[:40] in text for text in await filed_with(shared, image))
        (kept,) = await documents(shared, kind=EntryKind.ANSWER, image_id=image.id)
        assert kept.state is DocumentState.HELD and kept.text == words.strip(), "a person of the practice decides"
        room = await shared.practice.practice_room()
        assert any("Words about" in line and image.ref in line for line in shared.practice.seen_in(room))


async def test_R29_a_long_answer_waits_for_a_person_where_its_writer_answers_no_longer_when_it_is_filed(
    tmp_path: Path,
) -> None:
    """It is an answer like any other: only what came with a photo goes where the photo goes."""
    async with shared_practice(tmp_path) as shared:
        bob, asked = await asked_about_lia(shared)
        await bob.writes(LONG, settle=False)
        await shared.practice.inbox.drain()
        await shared.practice.after(minutes=10)
        assert (await latest_image(shared)).reason.startswith(LONG[:40]), "it was said in time"
        assert not any(LONG[:500] in text for text in await filed_with(shared, asked))


async def test_R28_what_they_were_asked_is_settled_once_they_answer_no_longer(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        await shared.practice.after(minutes=5)
        await bob.sends_photo(JPEG + b"without words")
        image = await latest_image(shared)
        await bob_also_answers_for_tom(shared, bob)
        await shared.kim.writes("!unlink 10423 @bob:hs.test")
        await taps(shared.kim, "End it quietly")
        image = await latest_image(shared)
        assert (image.state, image.reason) == (State.VERIFIED, NOT_STATED)
        await bob.writes(LONG)
        assert (await latest_image(shared)).reason == NOT_STATED
        assert not any(LONG[:40] in text for text in await filed_with(shared, image))


async def test_a_long_answer_of_who_speaks_is_filed_whole(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"without words")
        await shared.sam.writes(LONG)
        image = await latest_image(shared)
        assert image.reason.startswith(LONG[:40])
        assert LONG.strip() in await filed_with(shared, image)
