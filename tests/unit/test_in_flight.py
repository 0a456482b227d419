"""Pictures in memory have a budget: what would be beyond it waits, and nothing waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.effects.world import MOST_IN_FLIGHT, BytesInFlight
from bot.domain.image import State
from tests.fakes import FakeHomeserver
from tests.patience import PATIENCE
from tests.practice import JPEG, staffed_practice


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


async def test_photos_that_come_together_hold_no_more_than_the_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a photo is fetched it is in memory twice, as it was sent and as it is kept."""
    held, most, together = 0, 0, asyncio.Event()

    def counting(name: str, port: Any) -> Any:
        async def fetch(file: Mapping[str, Any], limit: int) -> bytes:
            nonlocal held, most
            held += 2 * limit
            most = max(most, held)
            if held > 2 * limit:
                together.set()
            await together.wait()  # however long the second takes to begin
            for _ in range(50):  # the others get as far as they can meanwhile
                await asyncio.sleep(0)
            held -= 2 * limit
            return await FakeHomeserver.fetch(port, file, limit)

        if name == "chat":
            monkeypatch.setattr(port, "fetch", fetch)
        return port

    async with staffed_practice(tmp_path, around=counting) as people:
        practice = people.practice
        info = {"mimetype": "image/jpeg", "size": 12_000_000}
        senders = [people.sam]
        for number in range(3):
            enrolment = f'!enrol patient 2000{number} "Patient {number}" 1990-01-01'
            senders.append(await people.kim.joins_as(f"@p{number}:hs.test", f"Identity{number}", enrolment))
        album = [each.photo(JPEG + bytes([number]), "a rash", info=info) for each in senders for number in range(3)]
        await practice.receive(*album)
        await practice.inbox.drain()
        working = asyncio.create_task(practice.worker.run_for_ever())
        try:
            async with asyncio.timeout(PATIENCE):
                while [one for one in await practice.images() if one.state is not State.VERIFIED]:
                    await practice.journal.news("test", timedelta(seconds=1))
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    assert 24_000_000 < most <= MOST_IN_FLIGHT, "several at once, but not as many as there are hands"


async def test_an_app_that_says_too_little_or_nothing_loses_no_photo(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        sizes: list[Any] = [1, 10**12, -5, "many", True, None]
        for number, size in enumerate(sizes):
            info = {"mimetype": "image/jpeg", "size": size}
            await people.sam.sends_photo(b"\xff\xd8\xff\xe0 photo" + bytes([number]), "a rash", info=info)
        assert {image.state for image in await people.practice.images()} == {State.VERIFIED}
        assert len(await people.practice.images()) == len(sizes)
