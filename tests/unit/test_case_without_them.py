"""A lost phone reads no case, and nothing in the practice's room: who had it is put out, and invited again once back (R28a)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.domain import rooms
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import RoomId
from bot.domain.intents import Invite
from tests.cases import Shared, shared_practice, taps
from tests.practice import Someone
from tests.unit.test_verify import gets_mac, show_emoji
from tests.unit.test_verify import taps as compares


async def back(shared: Shared, person: Someone) -> None:
    """They come back with a new phone, and the code that answered the report."""
    again = Someone(shared.practice, person.account, "NewIdentity")
    await again.enrol(shared.practice.last_code(shared.kim.own_room))


async def away(*_asked: Any) -> RoomId:
    raise OutsideFailure("away")


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
        await back(shared, shared.derm)
        assert (room, "@derm:hs.test") in shared.practice.homeserver.invited
        assert "invited back" in shared.practice.seen_in(room)[-1]


async def test_R28a_a_lost_phone_reads_nothing_that_colleagues_write_in_the_practice_room(tmp_path: Path) -> None:
    """The bot gives its devices no key; the apps of colleagues do, as long as it is a member."""
    async with shared_practice(tmp_path) as shared:
        team, homeserver = await shared.practice.practice_room(), shared.practice.homeserver
        await shared.kim.writes("!lost @lee:hs.test")
        assert (team, shared.lee.account) in homeserver.removed
        before = homeserver.invited.count((team, shared.lee.account))
        await back(shared, shared.lee)
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


async def test_R28a_a_lost_phone_is_put_out_of_a_case_that_is_over_and_stays_out(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        await shared.lee.writes("!close a benign naevus", room=room)
        await taps(shared.derm, "Not needed", room=room)
        await shared.kim.writes("!lost @derm:hs.test")
        await back(shared, shared.derm)
        assert (room, shared.derm.account) in shared.practice.homeserver.removed
        assert (room, shared.derm.account) not in shared.practice.homeserver.invited
        assert not any("Dr Derm" in said for said in shared.practice.seen_in(room)[1:])


async def test_R5_who_has_still_to_file_the_discussion_of_a_stopped_case_is_invited_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        await shared.lee.writes(f"!recall {shared.image.ref}")
        for lost in (shared.lee, shared.derm):
            await shared.kim.writes(f"!lost {lost.account}")
            await back(shared, lost)
        assert (room, shared.lee.account) in shared.practice.homeserver.invited
        assert (room, shared.derm.account) not in shared.practice.homeserver.invited, "it was never for them (R25)"


async def test_R28a_whoever_comes_back_before_they_could_be_put_out_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        with monkeypatch.context() as slow:
            slow.setattr(shared.practice.homeserver, "remove", away)
            await shared.kim.writes("!lost @derm:hs.test")
            await back(shared, shared.derm)
        await shared.practice.after(hours=1)
        assert (room, shared.derm.account) in shared.practice.homeserver.invited
        assert (room, shared.derm.account) not in shared.practice.homeserver.removed


async def test_R28a_whoever_was_paused_since_it_was_planned_is_invited_nowhere_but_into_their_own_room(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        practice = shared.practice
        await shared.forwarded()
        await shared.kim.writes("!lost @lee:hs.test")
        async with practice.journal.transaction() as rows:
            (use,), tx = await rows.uses.find(), practice.dispatch.transaction(rows)
            lee = await tx.person(use.asked_by)
            for address in (rooms.PRACTICE, rooms.case(use.id), rooms.own(lee.id)):
                await tx.plan(Invite(address, lee.account))
        before = len(practice.homeserver.invited)
        await practice.settle()
        assert practice.homeserver.invited[before:] == [(shared.lee.own_room, lee.account)]


async def test_R28a_whoever_is_paused_while_the_room_of_a_case_is_made_is_put_out_of_it(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        homeserver, create = shared.practice.homeserver, shared.practice.homeserver.create_room

        async def slow(wish: Any) -> RoomId:
            room = await create(wish)
            await shared.practice.receive(
                shared.kim.arrival(shared.kim.own_room, {"body": "!lost @derm:hs.test", "msgtype": "m.text"})
            )
            await shared.practice.inbox.drain()
            return room

        homeserver.create_room = slow
        room = await shared.forwarded()
        made = homeserver.rooms[RoomId(room)]
        assert made is not None and shared.derm.account in made.invite
        assert (RoomId(room), shared.derm.account) in homeserver.removed


async def test_an_emoji_check_of_somebody_who_was_never_away_brings_nobody_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        invited, said = list(shared.practice.homeserver.invited), shared.practice.seen_in(room)
        await show_emoji(shared.lee, shared.lee.identity)
        await compares(shared.kim, "same")
        await gets_mac(shared.lee)
        assert shared.practice.homeserver.invited == invited
        assert shared.practice.seen_in(room) == said


async def test_R28a_an_emoji_check_brings_back_whose_identity_had_changed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        team, room = await shared.practice.practice_room(), await shared.forwarded()
        other = Someone(shared.practice, shared.lee.account, "OtherIdentity", shared.lee.own_room)
        await other.writes("my images")
        before = len(shared.practice.homeserver.invited)
        await show_emoji(other, other.identity)
        await compares(shared.kim, "same")
        await gets_mac(other)
        assert {room for room, _ in shared.practice.homeserver.invited[before:]} == {team, room}
        assert "Dr Lee is back" in shared.practice.seen_in(room)[-1]
