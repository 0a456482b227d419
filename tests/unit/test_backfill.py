"""A gap of any length is filled in portions, from where the bot stopped, and a failure in between loses nothing."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import RoomId
from bot.matrix import backfill
from bot.matrix.backfill import PORTION, Backfill, Gap

NEWEST: list[object] = [{"event_id": "$newest"}]


class Pages:
    """Stands for the homeserver: so many pages of two events, after which there is nothing."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: list[str] = []
        self.failing = False

    async def call(self, _method: str, _path: str, *, query: dict[str, str], timeout: float) -> dict[str, Any]:
        if self.failing:
            raise OutsideFailure("HTTP 502")
        assert (query["dir"], query["to"]) == ("f", "end")
        self.asked.append(query["from"])
        number = int(query["from"].removeprefix("t"))
        if number >= self.count:
            return {"chunk": []}
        return {"chunk": [{"event_id": f"${number}.{each}"} for each in range(2)], "end": f"t{number + 1}"}


async def filled(pages: Any, gaps: tuple[Gap, ...]) -> list[tuple[RoomId, str]]:
    filling, events = Backfill("since", "token", gaps), []
    while filling.gaps:
        portion, left = await filling.portion(pages)
        assert len(portion) <= PORTION * 2
        events += [(room, event["event_id"]) for room, each in portion for event in each]  # type: ignore[index]  # unread
        filling = Backfill("since", "token", left)
    return events


async def test_more_than_five_hundred_pages_arrive_in_order_and_the_newest_last() -> None:
    events = await filled(Pages(620), (Gap(RoomId("!r"), "t0", "end", NEWEST),))
    assert events == [("!r", f"${page}.{each}") for page in range(620) for each in range(2)] + [("!r", "$newest")]


async def test_the_gaps_of_several_rooms_are_all_filled() -> None:
    events = await filled(Pages(25), (Gap(RoomId("!a"), "t0", "end", NEWEST), Gap(RoomId("!b"), "t20", "end", [])))
    assert [room for room, _ in events] == ["!a"] * 51 + ["!b"] * 10


async def test_a_portion_that_failed_is_asked_for_again_from_the_same_place() -> None:
    pages = Pages(30)
    filling = Backfill("since", "token", (Gap(RoomId("!r"), "t0", "end", NEWEST),))
    pages.failing = True
    with pytest.raises(OutsideFailure):
        await filling.portion(pages)  # type: ignore[arg-type]  # for the client
    pages.failing = False
    first = await filling.portion(pages)  # type: ignore[arg-type]  # for the client
    assert await filling.portion(pages) == first  # type: ignore[arg-type]  # for the client


async def test_a_homeserver_that_makes_pages_up_for_ever_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill, "MOST_PAGES", 50)
    events = await filled(Pages(10**9), (Gap(RoomId("!r"), "t0", "end", NEWEST),))
    assert len(events) == 101


@pytest.mark.parametrize("end", [None, 7, "", "t0", "x" * 5000])
async def test_a_next_position_that_leads_nowhere_ends_the_gap(end: object) -> None:
    class One:
        async def call(self, *_: object, **__: object) -> dict[str, Any]:
            return {"chunk": [{"event_id": "$1"}], "end": end}

    assert await filled(One(), (Gap(RoomId("!r"), "t0", "end", NEWEST),)) == [("!r", "$1"), ("!r", "$newest")]
