"""Words that name a patient and are about no image are judged again when they are sent, like any others (R28, R28a, R33a)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account
from bot.domain.people import Relation
from tests.cases import Shared, polls_in, shared_practice, taps
from tests.households import answers_as, enrolled, heard_with
from tests.practice import JPEG, Practice, Someone
from tests.unit.test_unlink import parents

Change = Callable[[Shared], Awaitable[None]]
ADDED = "Rita Stone was added"


@asynccontextmanager
async def nothing_comes_through(practice: Practice, someone: Someone) -> AsyncIterator[None]:
    """Nothing comes into this person's chat, and then all that waited does."""
    send = practice.homeserver.send

    async def held_back(room_id: str, *rest: object, **more: object) -> object:
        if room_id == someone.own_room:
            raise OutsideFailure("away")
        return await send(room_id, *rest, **more)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(practice.homeserver, "send", held_back)
        yield
    await practice.after(hours=2)


async def bob_also_answers_for_tom(shared: Shared, bob: Someone) -> None:
    await shared.kim.writes('!enrol patient 10424 "Tom Quill" 2015-02-01 parent "Bob Quill"')
    await bob.enrol(shared.practice.last_code(shared.kim.own_room))


async def rita_is_added(shared: Shared, mrn: str = "10423") -> None:
    """As a guardian of a patient; it was chosen that the others are told."""
    await shared.kim.writes(f'!link {mrn} guardian "Rita Stone"')
    await taps(shared.kim, "Tell them")
    rita = Someone(shared.practice, Account("@rita:hs.test"), "RitaIdentity")
    await rita.enrol(shared.practice.last_code(shared.kim.own_room))


async def unlinked(shared: Shared) -> None:
    await shared.kim.writes("!unlink 10423 @bob:hs.test")
    await taps(shared.kim, "End it quietly")


async def died(shared: Shared) -> None:
    await shared.kim.writes("!died 10423")
    await taps(shared.kim, "Has died")


async def nothing(shared: Shared) -> None:
    """Nothing changes."""


@pytest.mark.parametrize(("happens", "told"), [(unlinked, 0), (died, 0), (nothing, 1)])
async def test_R33a_who_else_answers_for_a_patient_is_not_told_to_who_answers_no_longer(
    tmp_path: Path, happens: Change, told: int
) -> None:
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        await bob_also_answers_for_tom(shared, bob)
        async with nothing_comes_through(shared.practice, bob):
            await rita_is_added(shared)
            await happens(shared)
        assert len(heard_with(bob, ADDED)) == told


async def test_R28_a_parent_is_told_nothing_new_of_who_turned_18_meanwhile(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        bob = await enrolled(shared, '!enrol patient 10425 "Lia Quill" 2008-11-24 parent "Bob Quill"', "bob", "Bob")
        async with nothing_comes_through(shared.practice, bob):
            await rita_is_added(shared, "10425")
            await shared.practice.after(hours=10)
        assert not heard_with(bob, ADDED)


async def test_R28_who_decided_is_told_nothing_new_once_the_patient_decides_again(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        bob = await enrolled(shared, '!link 10421 decision-maker "Bob Quill"', "bob", "Bob")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        async with nothing_comes_through(shared.practice, bob):
            await rita_is_added(shared, "10421")
            await shared.lee.writes("!capacity 10421 has")
        assert not heard_with(bob, ADDED)


async def test_R28a_what_was_on_its_way_does_not_come_once_they_answer_again(tmp_path: Path) -> None:
    """They were not to hear it then; what they may hear now is said anew."""
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        await bob_also_answers_for_tom(shared, bob)
        async with nothing_comes_through(shared.practice, bob):
            await rita_is_added(shared)
            await unlinked(shared)
            await answers_as(bob, "10423", Relation.PARENT)
        assert not heard_with(bob, ADDED)


async def test_R33a_a_question_whether_somebody_may_see_all_is_not_put_to_who_answers_no_longer(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        sam = shared.sam
        await shared.kim.writes('!enrol patient 10424 "Tom Patel" 2015-02-01 parent "Sam Patel"')
        await sam.enrol(shared.practice.last_code(shared.kim.own_room))
        asked = len(polls_in(shared.practice, sam.own_room))
        async with nothing_comes_through(shared.practice, sam):
            await shared.kim.writes('!link 10421 decision-maker "Rita Stone"')
            await taps(shared.kim, "Tell them")
            rita = Someone(shared.practice, Account("@rita:hs.test"), "RitaIdentity")
            await rita.enrol(shared.practice.last_code(shared.kim.own_room))
            await shared.kim.writes("!unlink 10421 @sam:hs.test")
            await taps(shared.kim, "End it quietly")
        assert len(polls_in(shared.practice, sam.own_room)) == asked
        assert not heard_with(sam, "Rita Stone")


async def test_R28_whose_photo_it_is_and_whose_copy_is_not_asked_of_who_answers_for_one_of_them_no_longer(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        await bob_also_answers_for_tom(shared, bob)
        asked, named = len(polls_in(shared.practice, bob.own_room)), len(heard_with(bob, "Mia Patel"))
        async with nothing_comes_through(shared.practice, bob):
            await bob.writes("my copy")
            await bob.sends_photo(JPEG + b"whose", caption="a rash")
            await bob.writes("one of mine")
            await unlinked(shared)
        assert len(polls_in(shared.practice, bob.own_room)) == asked
        assert len(heard_with(bob, "Mia Patel")) == named


async def test_R28_nobody_hears_that_they_answer_for_somebody_once_they_do_not(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, bob = await parents(shared)
        async with nothing_comes_through(shared.practice, bob):
            await bob_also_answers_for_tom(shared, bob)
            await shared.kim.writes("!unlink 10424 @bob:hs.test")
            await taps(shared.kim, "End it quietly")
        assert not heard_with(bob, "Tom Quill")
