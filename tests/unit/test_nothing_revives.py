"""What ended does not come back by itself: with a capacity that is given again, or a death that is undone (R28a, R31)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.domain import rooms
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import EventId, RoomId
from bot.domain.use import UseState
from tests.cases import TEACHING, Shared, pictures_in, shared_practice, taps
from tests.households import enrolled, latest_image
from tests.practice import JPEG, Someone
from tests.unit.test_two_people import linked


@asynccontextmanager
async def nobody_reads(shared: Shared, *addresses: str) -> AsyncIterator[None]:
    """Nobody is there yet to read what is said to these addresses; of rooms that are still to come, the cases'."""
    homeserver, journal = shared.practice.homeserver, shared.practice.journal
    send = homeserver.send

    async def with_a_reader(room_id: RoomId, content: Any, audience: Any, **rest: Any) -> EventId:
        async with journal.reading() as rows:
            room = await rows.rooms.known(room_id)
        if room is not None and (room.address in addresses or room.address.startswith("case:")):
            raise OutsideFailure("nobody-here-yet")
        return await send(room_id, content, audience, **rest)

    homeserver.send = with_a_reader
    try:
        yield
    finally:
        homeserver.send = send


async def shown_in_the_case(shared: Shared) -> list[str]:
    """What stands in the room of the newest use, an hour after somebody can read it."""
    practice = shared.practice
    await practice.after(hours=1)
    room = await practice.room(rooms.case((await shared.uses())[-1].id))
    return [*pictures_in(practice, room), *(post.body for post in practice.posts_in(room) if "rash" in post.body)]


async def asked_about_an_allergy(shared: Shared, ref: str) -> None:
    await shared.lee.writes(f"!forward {ref} @derm:hs.test nickel allergy?")
    await taps(shared.lee, "No, something else")


# ---- a consent given for somebody else (R31)


async def of_a_child(shared: Shared) -> Someone:
    """Ann, Mia's mother, has sent a photo, was asked about it and said yes."""
    ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2015-12-01 parent "Ann Patel"', "ann", "Ann")
    await ann.sends_photo(JPEG + b"ann's", caption="her rash")
    await asked_about_an_allergy(shared, (await latest_image(shared)).ref)
    await taps(ann, "Yes")
    await taps(ann, "Yes, I am sure")
    return ann


async def of_an_impaired(shared: Shared) -> Someone:
    """Rita decides for Sam, was asked about his photo and said yes."""
    rita = await linked(shared, '!link 10421 decision-maker "Rita Smith"', "rita")
    await confirmed(shared)
    await asked_about_an_allergy(shared, shared.image.ref)
    await taps(shared.lee, "Rita Smith")
    await taps(rita, "Yes")
    return rita


async def confirmed(shared: Shared) -> None:
    await shared.lee.writes("!confirm 10421")
    await taps(shared.lee, "Yes")


async def anew(shared: Shared, someone: Someone, command: str) -> None:
    await shared.practice.after(minutes=1)
    await shared.kim.writes(command)
    await someone.enrol(shared.practice.last_code(shared.kim.own_room))


@pytest.mark.parametrize("between", ["unlinked", "guardian"])
async def test_R31_a_parents_yes_does_not_come_back_with_a_parenthood_that_is_recorded_anew(
    tmp_path: Path, between: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        async with nobody_reads(shared):
            ann = await of_a_child(shared)
            if between == "unlinked":
                await shared.kim.writes("!unlink 10423 @ann:hs.test")
                await taps(shared.kim, "End it quietly")
            else:
                await anew(shared, ann, '!link 10423 guardian "Ann Patel"')
            await anew(shared, ann, '!link 10423 parent "Ann Patel"')
        assert await shown_in_the_case(shared) == []


@pytest.mark.parametrize("between", ["capacity", "guardian"])
async def test_R31_a_deciders_yes_does_not_come_back_when_they_decide_again(tmp_path: Path, between: str) -> None:
    async with shared_practice(tmp_path) as shared:
        async with nobody_reads(shared):
            rita = await of_an_impaired(shared)
            if between == "capacity":
                await shared.lee.writes("!capacity 10421 has")
            else:
                await anew(shared, rita, '!link 10421 guardian "Rita Smith"')
                await confirmed(shared)
            await anew(shared, rita, '!link 10421 decision-maker "Rita Smith"')
            await confirmed(shared)
        assert await shown_in_the_case(shared) == []


async def test_R31_while_nothing_changes_what_waits_for_a_reader_is_shown(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        async with nobody_reads(shared):
            await of_an_impaired(shared)
        assert await shown_in_the_case(shared) != []


# ---- a death that is undone (R28a)


async def dies_and_is_alive(shared: Shared, mrn: str = "10421") -> None:
    await shared.kim.writes(f"!died {mrn}")
    await taps(shared.kim, "Has died")
    await shared.kim.writes(f"!not-dead {mrn}")
    await taps(shared.lee, "Is alive")


async def test_R28a_what_a_case_waited_to_show_is_not_shown_once_the_death_is_undone(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        async with nobody_reads(shared):
            await shared.forwarded()
            await dies_and_is_alive(shared)
            await anew(shared, shared.sam, "!link 10421 self")
        assert await shown_in_the_case(shared) == []
        assert (await shared.uses())[-1].state is UseState.RELEASED, "its note is still to come"
        async with shared.practice.journal.reading() as rows:
            told = await rows.disclosures.of_image(shared.image.id)
        assert [disclosure.how for disclosure in told] == ["stopped"], "R24: nobody is said to have seen it"


async def test_R28a_a_case_whose_room_is_made_late_gets_none_once_the_death_is_undone(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        create = shared.practice.homeserver.create_room

        async def away(wish: Any) -> RoomId:
            raise OutsideFailure("away")

        shared.practice.homeserver.create_room = away
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test is this a melanoma?")
        await taps(shared.lee, "Yes")
        await dies_and_is_alive(shared)
        before = set(shared.practice.homeserver.rooms)
        shared.practice.homeserver.create_room = create
        await shared.practice.after(hours=1)
        assert set(shared.practice.homeserver.rooms) == before


async def replied(shared: Shared) -> None:
    await shared.lee.writes(f"!reply {shared.image.ref} use the cream for the rash")


async def asked(shared: Shared) -> None:
    await shared.lee.writes(TEACHING.format(ref=shared.image.ref))


async def copied(shared: Shared) -> None:
    await shared.sam.writes("my copy")


async def listed(shared: Shared) -> None:
    await shared.sam.writes("my images")


async def sent(shared: Shared) -> None:
    await shared.sam.sends_photo(JPEG + b"another", caption="the rash is back")


@pytest.mark.parametrize("deed", [replied, asked, copied, listed, sent], ids=lambda deed: deed.__name__)
async def test_R28a_what_was_on_its_way_to_their_people_does_not_come_once_the_death_is_undone(
    tmp_path: Path, deed: Any
) -> None:
    async with shared_practice(tmp_path) as shared:
        before = len(shared.practice.posts_in(shared.sam.own_room))
        async with nobody_reads(shared, await address_of(shared.sam)):
            await deed(shared)
            await dies_and_is_alive(shared)
            await anew(shared, shared.sam, "!link 10421 self")
        await shared.practice.after(days=2)
        since = shared.practice.posts_in(shared.sam.own_room)[before:]
        told = [post.body for post in since if "rash" in post.body or "IMG-" in post.body]
        files = [post for post in since if post.content.get("msgtype") in {"m.file", "m.image"}]
        assert (told, files) == ([], [])


async def test_R28a_a_picture_that_waited_for_whom_it_was_agreed_for_does_not_come_once_the_death_is_undone(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        async with nobody_reads(shared, await address_of(shared.derm)):
            await shared.taught()
            await dies_and_is_alive(shared)
            await anew(shared, shared.sam, "!link 10421 self")
        await shared.practice.after(hours=1)
        assert pictures_in(shared.practice, shared.derm.own_room) == []
        assert (await shared.uses())[-1].state is UseState.WITHDRAWN


async def address_of(someone: Someone) -> str:
    async with someone.practice.journal.reading() as rows:
        room = await rows.rooms.known(RoomId(someone.own_room))
    assert room is not None
    return room.address


# ---- a capacity that was never theirs (R30, R31)


async def test_R30_sending_in_a_capacity_that_was_never_theirs_implies_nothing_though_they_have_another(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        dana = await enrolled(shared, '!enrol patient 10430 "Joan Patel" 1950-05-02 child "Dana Patel"', "dana", "Dana")
        await anew(shared, dana, "!link 10430 self")
        await shared.lee.writes("!confirm 10430")
        await taps(shared.lee, "Yes")
        await dana.sends_photo(JPEG + b"joan's", caption="a rash")
        await shared.kim.writes("!unlink 10430 @dana:hs.test")
        await taps(shared.kim, "It was never theirs")
        await shared.lee.writes(f"!forward {(await latest_image(shared)).ref} @derm:hs.test is this a melanoma?")
        await taps(shared.lee, "Yes, it concerns that")
        assert (await shared.uses())[-1].state is not UseState.RELEASED
        assert "Recorded. I am opening a room" not in shared.lee.last_heard
