"""The right person, attacked from outside: names, lists, second people and old capacities that come back (R28–R33a)."""

from __future__ import annotations

from pathlib import Path

from tests.cases import polls_in, shared_practice, taps
from tests.unit.test_two_people import desk_of, linked, patient, person_of

# ---- two people (R33)


async def test_R33_who_decided_once_decides_no_more_when_capacity_is_taken_for_another(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        await shared.lee.writes("!capacity 10421 has")
        bob = await linked(shared, '!link 10421 decision-maker "Bob Patel"', "bob")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        async with shared.practice.journal.reading() as rows:
            tx = shared.practice.dispatch.transaction(rows)
            able = await tx.answerers((await patient(shared.practice)).id)
        assert set(able) == {(await person_of(bob)).id}


async def test_R33_who_left_and_came_back_is_no_second_person_for_their_own_invitation(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        rita = await desk_of(shared)
        await linked(shared, "!link 10421", "too", rita)
        await shared.kim.writes("!leaves @rita:hs.test")
        again = await desk_of(shared)
        await again.writes("!confirm 10421")
        assert polls_in(shared.practice, again.own_room) == []
