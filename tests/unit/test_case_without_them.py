"""A lost phone reads no case, and nothing in the practice's room: who had it is put out, and invited again once back (R28a)."""

from __future__ import annotations

from pathlib import Path

from tests.cases import shared_practice
from tests.practice import Someone


async def test_R28a_an_adviser_whose_phone_is_lost_is_put_out_of_the_case(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        await shared.kim.writes("!lost @derm:hs.test")
        assert (room, "@derm:hs.test") in shared.practice.homeserver.removed
        assert "Dr Derm can't read or write here" in shared.practice.seen_in(room)[-1]


async def test_R28a_who_asked_and_lost_a_phone_is_put_out_too(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        await shared.kim.writes("!lost @lee:hs.test")
        assert (room, "@lee:hs.test") in shared.practice.homeserver.removed
        assert "Dr Lee can't read or write here" in shared.practice.seen_in(room)[-1]


async def test_R28a_a_changed_identity_is_put_out_as_well(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        other = Someone(shared.practice, shared.derm.account, "OtherIdentity", shared.derm.own_room)
        await other.writes("looks benign", room=room)
        assert (room, "@derm:hs.test") in shared.practice.homeserver.removed


async def test_R28a_who_comes_back_is_invited_into_the_case_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        await shared.kim.writes("!lost @derm:hs.test")
        code = shared.practice.last_code(shared.kim.own_room)
        again = Someone(shared.practice, shared.derm.account, "DermsNewIdentity")
        await again.enrol(code)
        assert (room, "@derm:hs.test") in shared.practice.homeserver.invited
        assert "invited back" in shared.practice.seen_in(room)[-1]


async def test_R28a_a_lost_phone_reads_nothing_that_colleagues_write_in_the_practice_room(tmp_path: Path) -> None:
    """The bot gives its devices no key; the apps of colleagues do, as long as it is a member."""
    async with shared_practice(tmp_path) as shared:
        team, homeserver = await shared.practice.practice_room(), shared.practice.homeserver
        await shared.kim.writes("!lost @lee:hs.test")
        assert (team, shared.lee.account) in homeserver.removed
        before = homeserver.invited.count((team, shared.lee.account))
        again = Someone(shared.practice, shared.lee.account, "LeesNewIdentity")
        await again.enrol(shared.practice.last_code(shared.kim.own_room))
        assert homeserver.invited.count((team, shared.lee.account)) == before + 1


async def test_R28a_a_colleague_whose_identity_changed_is_put_out_of_the_practice_room(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        team = await shared.practice.practice_room()
        await Someone(shared.practice, shared.lee.account, "OtherIdentity", shared.lee.own_room).writes("my images")
        assert (team, shared.lee.account) in shared.practice.homeserver.removed


async def test_R28a_an_adviser_or_patient_is_put_out_of_no_practice_room(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        team = await shared.practice.practice_room()
        await shared.kim.writes("!lost @derm:hs.test")
        await shared.kim.writes("!lost @sam:hs.test")
        assert not [room for room, _ in shared.practice.homeserver.removed if room == team]
