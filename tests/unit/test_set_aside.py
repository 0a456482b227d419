"""What cannot be acted upon is counted, bounded and told; it never stops what follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.inbox import MOST_WAITING
from bot.core.watches import clock_jumps
from bot.core.watches.clock_jumps import ClockWatch
from bot.domain.arrivals import Arrival, ArrivalKind, Batch
from bot.domain.identifiers import RoomId
from tests.practice import Someone, staffed_practice

A_WEEK = timedelta(days=7)


def undecryptable(who: Someone) -> Arrival:
    return who.arrival(who.own_room, {"session_id": "unknown"}, ArrivalKind.UNDECRYPTABLE)


@pytest.mark.parametrize(
    "content",
    [{"body": float("nan")}, {"n": float("inf")}, {1: "a"}, {"body": object()}, {"deep": None}],
)
async def test_an_arrival_that_cannot_be_stored_is_malformed_and_its_neighbours_are_stored(
    tmp_path: Path, content: dict[str, object]
) -> None:
    if "deep" in content:
        value: object = {}
        for _ in range(5000):
            value = [value]
        content = {"deep": value}
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        bad, good = sam.arrival(sam.own_room, content), sam.photo(caption="rash")
        await practice.journal.receive(Batch("t1", (bad, good)), practice.clock.now())
        kinds = {arrival.kind for _, arrival in await practice.journal.next_arrivals(5)}
        assert kinds == {ArrivalKind.MALFORMED, ArrivalKind.MESSAGE}


@pytest.mark.parametrize("name", ["event_id", "sender"])
async def test_half_a_character_in_an_id_is_malformed(tmp_path: Path, name: str) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        ids: dict[str, Any] = {"event_id": "$e", "sender": "@sam:hs.test"} | {name: "\ud800"}
        bad = Arrival(ArrivalKind.MESSAGE, RoomId("!r"), sent_at=datetime.now(UTC), **ids)
        await practice.journal.receive(Batch("t1", (bad,)), practice.clock.now())
        [(_, stored)] = await practice.journal.next_arrivals(5)
        assert (stored.kind, stored.content) == (ArrivalKind.MALFORMED, {"error": "UnicodeEncodeError"})


async def test_status_counts_what_could_not_be_acted_on(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, kim, sam = people.practice, people.kim, people.sam
        malformed = sam.arrival(sam.own_room, {"error": "Malformed"}, ArrivalKind.MALFORMED)
        await practice.receive(undecryptable(sam), undecryptable(sam), malformed)
        await practice.settle()
        await kim.writes("!status")
        said = practice.seen_in(kim.own_room)[-1]
        assert "2 wait for their key, 1 were malformed" in said
        practice.clock.move(A_WEEK + timedelta(hours=1))
        await kim.writes("!status")
        assert "wait for their key" not in practice.seen_in(kim.own_room)[-1]


async def test_of_what_stays_unreadable_only_so_much_is_kept_and_only_for_so_long(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam, lee = people.practice, people.sam, people.lee
        flood = [undecryptable(lee) for _ in range(MOST_WAITING + 20)]
        mine = undecryptable(sam)
        await practice.receive(mine, *flood)
        await practice.inbox.tell_unreadable()
        waiting = {arrival.event_id for _, arrival in await practice.journal.undecrypted()}
        assert waiting == {mine.event_id, *(arrival.event_id for arrival in flood[20:])}
        practice.clock.move(A_WEEK + timedelta(hours=1))
        await practice.inbox.tell_unreadable()
        assert not await practice.journal.undecrypted()
        async with practice.journal.reading() as rows:
            counts = await rows.set_aside(practice.clock.now() - timedelta(days=30))
        assert counts == {"unreadable": MOST_WAITING + 21}


async def test_many_unreadable_messages_are_one_sentence_to_their_sender(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        before = len(practice.seen_in(sam.own_room))
        await practice.receive(*(undecryptable(sam) for _ in range(30)))
        practice.clock.move(timedelta(minutes=2))
        for _ in range(2):
            await practice.inbox.tell_unreadable()
            await practice.settle()
        assert len(practice.seen_in(sam.own_room)) == before + 1


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
async def test_when_the_clock_is_set_a_wait_lasts_as_long_as_it_was_meant_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    async with staffed_practice(tmp_path) as people:
        practice, sam = people.practice, people.sam
        passed = timedelta(0)
        monkeypatch.setattr(clock_jumps, "elapsed", lambda: passed)
        watch = ClockWatch(practice.journal, practice.dispatch, practice.clock)
        await sam.sends_photo()
        heard = len(practice.seen_in(sam.own_room))

        practice.clock.move(jump)
        await watch.look()
        await practice.settle()
        assert len(practice.seen_in(sam.own_room)) == heard, "the question waits on"
        assert "The clock of the computer" in practice.seen_in(await practice.practice_room())[-1]

        passed = timedelta(minutes=16)
        practice.clock.move(passed)
        await watch.look()
        await practice.settle()
        assert "Reason not stated" in practice.seen_in(sam.own_room)[-1], "and its time is the time that passed"


async def test_time_that_passes_and_small_corrections_are_no_jump(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staffed_practice(tmp_path) as people:
        practice = people.practice
        monkeypatch.setattr(clock_jumps, "elapsed", lambda: timedelta(hours=8))
        watch = ClockWatch(practice.journal, practice.dispatch, practice.clock)
        monkeypatch.setattr(clock_jumps, "elapsed", lambda: timedelta(hours=16))
        practice.clock.move(timedelta(hours=8, seconds=20))
        before = practice.seen_in(await practice.practice_room())
        await watch.look()
        await practice.settle()
        assert practice.seen_in(await practice.practice_room()) == before
