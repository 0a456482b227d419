"""An answer stands where everybody who reads may read it: nothing of one patient in a room of others (R28, R29)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.command_table import COMMANDS
from bot.domain.people import STAFF, Role, Standing
from bot.domain.rooms import RoomKind
from bot.words.phrases import not_in_this_case, not_in_this_room
from tests.cases import Shared, shared_practice, taps
from tests.households import moved_to_ann, with_ann
from tests.practice import JPEG
from tests.unit.test_two_people import desk_of

ANSWERED_IN_A_CASE = {"close", "help", "lost", "recall"}


async def lee_is_a_patient_too(shared: Shared) -> None:
    """And sent a photo as one."""
    await shared.kim.writes('!enrol patient 10425 "Dr Lee" 1980-03-07')
    await shared.lee.enrol(shared.practice.last_code(shared.kim.own_room))
    rita = await desk_of(shared)
    await rita.writes("!confirm 10425")
    await taps(rita, "Yes")
    await shared.lee.sends_photo(JPEG + b"2")
    await taps(shared.lee, "It is of me")
    await shared.lee.writes("a rash down there")


async def test_R29_the_room_of_a_case_hears_nothing_of_other_patients(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(JPEG + b"2", caption="something on my bottom")
        room = await shared.forwarded()
        for words in ("!list", "!status", f"!mine {shared.image.ref}", f"!note {shared.image.ref} between us"):
            written = await shared.lee.writes(words, room=room)
            assert shared.practice.seen_in(room)[-1] == not_in_this_case.english()
            assert written.event_id in shared.practice.homeserver.redacted, "nobody reads it there any more"
        assert not [words for words in shared.practice.seen_in(room) if "bottom" in words]


def test_R29_what_is_answered_in_a_case_is_listed_here() -> None:
    answered = {command.name for command in COMMANDS if RoomKind.CASE in command.rooms and command.roles & STAFF}
    assert answered == ANSWERED_IN_A_CASE
    theirs = [command for command in COMMANDS if command.roles == {Role.PATIENT} and command.name != "my phone is lost"]
    assert all(command.rooms == {RoomKind.OWN} for command in theirs)


async def test_R25_a_recall_written_in_the_case_works_at_once_and_is_answered_elsewhere(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        await shared.lee.writes(f"!recall {shared.image.ref}", room=room)
        assert "is called back" in shared.lee.last_heard
        assert not [words for words in shared.practice.seen_in(room) if "BR-" in words]


@pytest.mark.parametrize("words", ["!my images", "!my copy", "!withdraw", "!correct IMG-0001 my toe"])
async def test_R29_who_is_staff_and_patient_reads_of_themselves_in_their_own_chat_only(
    tmp_path: Path, words: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        await lee_is_a_patient_too(shared)
        room = await shared.practice.practice_room()
        before = len(shared.practice.seen_in(room))
        await shared.lee.writes(words, room=room)
        assert shared.practice.seen_in(room)[before:] == [not_in_this_room.english()]
        await shared.lee.writes("!my images")
        assert "a rash down there" in shared.lee.last_heard


async def test_R25_the_teams_room_hears_no_patients_name_of_a_breach(tmp_path: Path) -> None:
    async with with_ann(tmp_path) as (shared, _ann):
        await shared.sam.writes("my copy")
        await moved_to_ann(shared)
        room = await shared.practice.practice_room()
        before = len(shared.practice.seen_in(room))
        await shared.kim.writes("!breach", room=room)
        assert shared.practice.seen_in(room)[before:] == [not_in_this_room.english()]
        async with shared.practice.journal.transaction() as rows:
            (kim,) = await rows.people.find(account=shared.kim.account)
            await rows.people.save(replace(kim, standing=Standing.PAUSED))
        await shared.practice.after(days=15)
        told = shared.practice.seen_in(room)[before:]
        assert [words for words in told if "no manager is here" in words]
        assert not [words for words in told if "Sam" in words]


async def test_who_is_paused_is_named_in_a_chat_of_ones_own_only(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes("!lost @sam:hs.test")
        room = await shared.practice.practice_room()
        await shared.lee.writes("!status", room=room)
        assert "changed: 1." in shared.practice.seen_in(room)[-1]
        await shared.lee.writes("!status")
        assert "@sam:hs.test" in shared.lee.last_heard
