"""A lost phone reads no case any more: who had it is put out of the room, and invited again once they are back (R28a)."""

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
