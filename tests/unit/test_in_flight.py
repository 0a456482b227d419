"""Pictures in memory have a budget: what would be beyond it waits, and nothing waits for ever."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from bot.domain.image import State
from bot.effects.in_flight import BytesInFlight
from tests.practice import staffed_practice


async def test_no_more_than_the_budget_is_held_at_once_and_all_get_their_turn() -> None:
    budget, held, most = BytesInFlight(100), 0, 0

    async def one(size: int) -> None:
        nonlocal held, most
        async with budget.room_for(size):
            held += size
            most = max(most, held)
            await asyncio.sleep(0)
            held -= size

    await asyncio.gather(*(one(30 + number % 5) for number in range(50)))
    assert (held, 90 < most <= 100) == (0, True)


async def test_a_file_beyond_the_whole_budget_goes_alone() -> None:
    budget = BytesInFlight(100)
    async with budget.room_for(5_000):
        waiting = asyncio.create_task(_through(budget))
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting


async def test_one_that_was_cancelled_while_waiting_holds_nothing() -> None:
    budget = BytesInFlight(100)
    async with budget.room_for(100):
        waiting = asyncio.create_task(_through(budget))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with budget.room_for(100):
        pass


async def _through(budget: BytesInFlight) -> None:
    async with budget.room_for(1):
        pass


async def test_an_app_that_says_too_little_or_nothing_loses_no_photo(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sizes: list[Any] = [1, 10**12, -5, "many", True, None]
        for number, size in enumerate(sizes):
            info = {"mimetype": "image/jpeg", "size": size}
            await people.sam.sends_photo(b"\xff\xd8\xff\xe0 photo" + bytes([number]), "a rash", info=info)
        assert {image.state for image in await people.practice.images()} == {State.VERIFIED}
        assert len(await people.practice.images()) == len(sizes)
