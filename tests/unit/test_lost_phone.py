"""A lost phone gets nothing more, its identity is never pinned again, and a fresh code lets its owner back in."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.identifiers import Account
from bot.domain.image import HeldFor, State
from bot.domain.people import Person, Standing
from bot.heard.losing import loses_a_phone
from bot.heard.plain import plain
from bot.ports import Audience
from tests.cases import Shared, shared_practice
from tests.practice import JPEG, Someone


async def person_of(shared: Shared, one: Someone) -> Person:
    async with shared.practice.journal.reading() as rows:
        found = await rows.people.first(account=one.account)
        assert found is not None
        return found


async def comes_back(shared: Shared, one: Someone, code: str, identity: str) -> Someone:
    new = Someone(shared.practice, one.account, identity)
    await new.enrol(code)
    return new


def last_audience(shared: Shared, room: str) -> Audience:
    return shared.practice.posts_in(room)[-1].audience


async def test_from_then_on_no_device_of_theirs_gets_a_room_key(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!lost @lee:hs.test")
        assert (await person_of(shared, shared.lee)).standing is Standing.PAUSED
        await shared.sam.sends_photo(JPEG + b"2", caption="knee")
        audience = last_audience(shared, await shared.practice.practice_room())
        assert audience.pins[Account("@lee:hs.test")] == "" and audience.pins[Account("@kim:hs.test")] == "KimIdentity"


async def test_they_are_told_what_to_wipe_in_words_about_nobody(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!lost @sam:hs.test")
        said = shared.practice.posts_in(shared.sam.own_room)[-1]
        assert "sign the lost one out" in said.body and "wiped" in said.body
        assert said.audience.open
        assert "Sam" not in said.body and "Patel" not in said.body
        room = shared.practice.seen_in(await shared.practice.practice_room())
        assert "lost a phone" in room[-1] and "Sam" not in room[-1]


async def test_what_lies_in_their_chat_is_taken_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(f"!show {shared.image.ref}")
        (picture,) = [p for p in shared.practice.posts_in(shared.lee.own_room) if p.content.get("msgtype") == "m.image"]
        await shared.kim.writes("!lost @lee:hs.test")
        assert picture.event_id in shared.practice.homeserver.redacted
        assert picture.content["file"]["url"] not in shared.practice.homeserver.media


async def test_whoever_holds_the_phone_is_not_heard_and_can_use_no_code(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes("!lost @sam:hs.test")
        code = shared.practice.last_code(shared.kim.own_room)
        before = len(await shared.practice.images())
        await shared.sam.sends_photo(JPEG + b"2", caption="mine")
        assert len(await shared.practice.images()) == before
        await shared.sam.writes("my images")
        assert "reported lost" in shared.sam.last_heard
        thief = await comes_back(shared, shared.sam, code, "SamIdentity")
        assert (await person_of(shared, shared.sam)).standing is Standing.PAUSED
        lobby = [post.body for post in shared.practice.homeserver.posts if post.room_id.startswith("!lobby-@sam")]
        assert "reset your identity" in lobby[-1] or "reset your identity" in lobby[-2], thief
        sam = await comes_back(shared, shared.sam, code, "SamNewIdentity")
        back = await person_of(shared, sam)
        assert (back.standing, back.identity, back.name) == (Standing.ACTIVE, "SamNewIdentity", "Sam Patel")
        await sam.writes("my images")
        assert shared.image.ref in sam.last_heard


async def test_they_say_it_themselves_from_another_verified_device(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes("My phone is lost!")
        await shared.lee.writes("!lost")
        for one in (shared.sam, shared.lee):
            assert (await person_of(shared, one)).standing is Standing.PAUSED
            assert "reported lost" in one.last_heard


async def test_a_photo_on_its_way_is_held_and_goes_on_with_the_fresh_code(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2")
        await shared.kim.writes("!lost @sam:hs.test")
        image = (await shared.practice.images())[-1]
        assert (image.state, image.held_for) == (State.HELD, HeldFor.IDENTITY_CHANGED)
        await comes_back(shared, shared.sam, shared.practice.last_code(shared.kim.own_room), "SamNewIdentity")
        await shared.practice.after(hours=1)
        assert (await shared.practice.images())[-1].state is State.VERIFIED


async def test_nobody_silences_a_colleague_but_a_manager_and_a_clinician_makes_no_code(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes("!lost @kim:hs.test")
        assert (await person_of(shared, shared.kim)).standing is Standing.ACTIVE
        assert "for a manager to say" in shared.lee.last_heard
        codes = "\n".join(shared.lee.heard).count("Code:")
        await shared.lee.writes("!lost @sam:hs.test")
        assert (await person_of(shared, shared.sam)).standing is Standing.PAUSED
        assert "\n".join(shared.lee.heard).count("Code:") == codes
        assert "is paused" in shared.lee.last_heard
        await shared.kim.writes("!lost @lee:hs.test")
        assert (await person_of(shared, shared.lee)).standing is Standing.PAUSED


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("!lost @nobody:hs.test", "the account or the name “@nobody:hs.test”"),
        ("!lost everything", "the account or the name “everything”"),
    ],
)
async def test_nobody_unknown_is_lost(tmp_path: Path, words: str, said: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes(words)
        assert said in shared.kim.last_heard


async def test_an_outside_clinician_says_it_of_nobody_but_themselves(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.derm.writes("!lost @sam:hs.test")
        assert (await person_of(shared, shared.sam)).standing is Standing.ACTIVE
        await shared.derm.writes("!lost")
        assert (await person_of(shared, shared.derm)).standing is Standing.PAUSED


async def test_words_that_wait_for_a_reader_do_not_hold_the_warning_up(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        shared.practice.homeserver.unsafe[shared.sam.own_room] = "stranger"
        await shared.lee.writes(f"!reply {shared.image.ref} use the cream", settle=False)
        await shared.kim.writes("!lost @sam:hs.test")
        assert any("reported lost" in words for words in shared.sam.heard)


@pytest.mark.parametrize(
    ("words", "lost"),
    [
        ("lost one tablet down the sink", False),
        ("lost my blood pressure tablet", False),
        ("missing a tablet from the pack", False),
        ("dropped a tablet in the sink", False),
        ("lost my tablet", True),
        ("I lost my tablet on the bus", True),
        ("left my tablet at the cafe", True),
        ("lost one tablet and my phone was stolen", True),
    ],
)
def test_a_tablet_that_one_swallows_is_no_phone(words: str, lost: bool) -> None:
    assert loses_a_phone(plain(words)) is lost
