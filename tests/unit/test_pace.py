"""Nobody is heard so fast that others wait, and nothing anybody said is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.event import listen

from bot.core.schedule import Pace
from bot.domain.arrivals import Arrival
from bot.domain.identifiers import Account
from storage.journal import tables
from tests.practice import staffed_practice

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_burst_is_heard_at_once_and_then_one_at_a_time() -> None:
    pace = Pace(burst=3, every=SECOND)
    assert [pace.take(Account("@m:h"), NOON) for _ in range(4)] == [True, True, True, False]
    assert pace.resting(NOON) == {"@m:h"}
    assert pace.take(Account("@s:h"), NOON)
    assert [pace.take(Account("@m:h"), NOON + SECOND) for _ in range(2)] == [True, False]
    assert pace.resting(NOON + 10 * SECOND) == frozenset()
    assert [pace.take(Account("@m:h"), NOON + 60 * SECOND) for _ in range(4)] == [True, True, True, False]


def test_parts_of_a_second_are_not_lost_however_often_it_is_asked() -> None:
    pace = Pace(burst=1, every=SECOND)
    assert pace.take(Account("@m:h"), NOON)
    tenths = [pace.take(Account("@m:h"), NOON + SECOND * number / 10) for number in range(1, 21)]
    assert [number for number, taken in enumerate(tenths, 1) if taken] == [10, 20]


def test_a_clock_that_is_set_back_keeps_nobody_waiting_until_it_has_caught_up() -> None:
    pace = Pace(burst=1, every=SECOND)
    assert pace.take(Account("@m:h"), NOON)
    long_ago = NOON - timedelta(days=365)
    assert not pace.take(Account("@m:h"), long_ago)
    assert pace.resting(long_ago + 2 * SECOND) == frozenset() or pace.take(Account("@m:h"), long_ago + 3 * SECOND)


async def test_senders_take_turns_and_a_flood_waits_in_order(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, kim, sam = people.practice, people.kim, people.sam
        flood = [kim.arrival(kim.own_room, {"msgtype": "m.text", "body": "!help"}) for _ in range(300)]
        photo = sam.photo(caption="rash on my arm")
        await practice.receive(*flood, photo)
        order = [arrival.event_id for _, arrival in await practice.journal.next_arrivals(4)]
        assert order == [flood[0].event_id, photo.event_id, flood[1].event_id, flood[2].event_id]

        await practice.inbox.drain()
        waiting = [arrival.event_id for _, arrival in await practice.journal.next_arrivals(500)]
        assert waiting == [arrival.event_id for arrival in flood[200:]], "what is beyond the pace rests, in order"
        practice.clock.move(timedelta(minutes=1))
        await practice.inbox.drain()
        assert not await practice.journal.next_arrivals(1)


async def test_what_is_not_heard_yet_is_not_overtaken_by_what_came_after_it(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, kim = people.practice, people.kim
        said = [kim.arrival(kim.own_room, {"msgtype": "m.text", "body": "!help"}) for _ in range(300)]
        await practice.receive(*said)
        now = practice.clock.now

        def goes_on() -> datetime:
            practice.clock.move(timedelta(milliseconds=20))
            return now()

        practice.clock.now = goes_on
        await practice.inbox.drain()
        async with practice.database.reading() as connection:
            order = select(tables.inbox.c.event_id).where(tables.inbox.c.state == "handled").order_by(tables.inbox.c.id)
            handled = [
                one for one in (await connection.execute(order)).scalars() if one in {each.event_id for each in said}
            ]
        assert handled == [each.event_id for each in said[: len(handled)]]


async def test_what_several_people_said_is_decided_and_shares_the_wait_for_the_disk(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, heard = people.practice, [people.kim, people.lee, people.sam]
        said = [one.arrival(one.own_room, {"msgtype": "m.text", "body": word}) for word in "ab" for one in heard]
        await practice.receive(*said)
        commits: list[int] = []
        assert practice.database._writer is not None
        listen(practice.database._writer, "commit", lambda _: commits.append(1))
        await practice.inbox.drain()
        assert len(commits) == 2, "one for what each said first, one for what each said next"
        async with practice.database.reading() as connection:
            handled = (await connection.execute(select(tables.inbox.c.state))).scalars().all()
        assert set(handled) == {"handled"}


async def test_whoever_writes_while_a_flood_is_decided_has_the_next_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, kim, sam = people.practice, people.kim, people.sam
        flood = [kim.arrival(kim.own_room, {"msgtype": "m.text", "body": "!help"}) for _ in range(50)]
        photo, order, handle = sam.photo(caption="rash on my arm"), [], practice.dispatch.handle

        async def handled(inbox_id: int, arrival: Arrival) -> None:
            order.append(arrival.event_id)
            if len(order) == 3:
                await practice.receive(photo)
            await handle(inbox_id, arrival)

        monkeypatch.setattr(practice.dispatch, "handle", handled)
        await practice.receive(*flood)
        await practice.inbox.drain()
        assert order.index(photo.event_id) <= 4, "not after all that was read of the flood"
        assert [one for one in order if one != photo.event_id] == [one.event_id for one in flood]
