"""One entry that does not go to a place while others do: its own trouble, told once, which holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.watches import deliver
from bot.core.watches.deliver import DeliveryWatch
from bot.domain.assurance import Level
from bot.domain.delivery_events import LONGEST_PAUSE, TriedAnew, delivery_after
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.image import Image
from bot.ports import CopyPlace
from tests.patience import PATIENCE
from tests.practice import JPEG

from .test_destinations import SHARE, Shared, sharing

NOT_TAKEN = "gets other photos, but not"


class Choosy:
    """A share that answers, and fails at some photos, by what was said of them."""

    def __init__(self, shared: Shared) -> None:
        self.shared, self.why, self.fails = shared, "unwell", "odd"
        self._place, shared.folder._place = shared.folder._place, self._choose

    def _choose(self, leaving: Any) -> dict[str, str]:
        if self.fails in leaving.facts.get("reason", ""):
            raise OutsideFailure(self.why)
        return self._place(leaving)

    async def gets(self, number: int, words: str) -> Image:
        await self.shared.people.sam.sends_photo(JPEG + b"%d" % number, words)
        await self.shared.watch.look()
        return (await self.shared.people.practice.images())[-1]


@asynccontextmanager
async def choosy(directory: Path, **to: Any) -> AsyncIterator[tuple[Shared, Choosy]]:
    async with sharing(directory, replace(SHARE, **to)) as shared:
        yield shared, Choosy(shared)


async def test_it_is_told_once_by_its_reference_while_others_go_and_once_when_it_went_after_all(tmp_path: Path) -> None:
    async with choosy(tmp_path) as (shared, place):
        await place.gets(0, "rash on my leg")
        odd = await place.gets(1, "an odd rash on my arm")
        for number in range(2, 5):
            image = await place.gets(number, "rash on my arm")
            assert (await shared.delivery(image.id)).why == "written", "it goes with the first look"
            await shared.turns(minutes=6)
        assert await shared.told(f"{NOT_TAKEN} {odd.ref} (the place answers with errors)") == 1
        place.fails = "nothing"
        for _ in range(3):
            await shared.turns(minutes=6)
        assert (await shared.delivery(odd.id)).why == "written"
        assert await shared.told(f"has got {odd.ref} after all") == 1
        assert await shared.told(NOT_TAKEN) == 1


async def test_of_one_that_was_told_before_a_start_it_is_told_once_and_when_it_goes_after_all(tmp_path: Path) -> None:
    async with choosy(tmp_path) as (shared, place):
        odd = await place.gets(0, "an odd rash on my arm")
        for number in range(1, 9):
            await place.gets(number, "rash on my arm")
            await shared.turns(minutes=6)
            shared.watch = started_anew(shared)
        assert await shared.told(f"{NOT_TAKEN} {odd.ref}") == 1
        place.fails = "nothing"
        for _ in range(2):
            await shared.turns(minutes=6)
            shared.watch = started_anew(shared)
        assert await shared.told(f"has got {odd.ref} after all") == 1 and await shared.told(NOT_TAKEN) == 1


def started_anew(shared: Shared) -> DeliveryWatch:
    """The watch of a new process, on the same share with the same faults."""
    practice, place = shared.people.practice, CopyPlace(shared.to, shared.folder)
    return DeliveryWatch(practice.journal, practice.dispatch, practice.record, practice.further, place)


async def test_nobody_is_told_that_it_went_after_all_when_it_was_refused_or_is_only_tried_again(tmp_path: Path) -> None:
    async with choosy(tmp_path) as (shared, place):
        odd = await place.gets(1, "an odd rash on my arm")
        for number in range(2, 5):
            await place.gets(number, "rash on my arm")
            await shared.turns(minutes=6)
        assert await shared.told(NOT_TAKEN) == 1
        async with shared.people.practice.journal.transaction() as rows:
            delivery = await shared.delivery(odd.id)
            await rows.deliveries.save(delivery_after(delivery, TriedAnew(shared.people.practice.clock.now())))
        await shared.turns(minutes=6)
        place.why = "unwell"

        def refuses(leaving: Any) -> dict[str, str]:
            raise Permanent("not-accepted")

        shared.folder._place = refuses
        await shared.turns(minutes=6)
        assert (await shared.delivery(odd.id)).state is Level.REFUSED
        assert await shared.told("after all") == 0 and await shared.told(NOT_TAKEN) == 1


async def test_others_go_there_at_once_and_its_own_pause_is_not_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "pause_after", lambda _tries: timedelta(days=1))
    async with choosy(tmp_path) as (shared, place):
        await place.gets(0, "rash on my leg")
        await place.gets(1, "an odd rash on my arm")
        watching = asyncio.create_task(shared.watch.run_for_ever())
        try:
            for number in range(2, 5):
                await shared.people.sam.sends_photo(JPEG + b"%d" % number, "rash on my arm")
                async with asyncio.timeout(PATIENCE):
                    while len(shared.photos()) < number:
                        await asyncio.sleep(0.01)
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


async def test_many_that_do_not_go_stop_no_other_and_are_told_together(tmp_path: Path) -> None:
    """As when one patient is closed to the bot there."""
    async with choosy(tmp_path, wait=Level.TAKEN) as (shared, place):
        await place.gets(0, "rash on my leg")
        for number in range(1, 9):
            await shared.people.sam.sends_photo(JPEG + b"%d" % number, "an odd rash on my arm")
        await shared.people.sam.sends_photo(JPEG + b"9", "rash on my arm")
        for _ in range(4):
            await shared.watch.look()
        fine = (await shared.people.practice.images())[-1]
        assert (await shared.delivery(fine.id)).why == "written"
        for number in range(10, 14):
            await shared.turns(minutes=6)
            for _ in range(3):
                await shared.watch.look()
            image = await place.gets(number, "rash on my arm")
            assert (await shared.delivery(image.id)).why == "written", "they are not before it in the queue"
        async with shared.people.practice.journal.reading() as rows:
            failing = set(await rows.deliveries_failing(SHARE.name))
        assert len(failing) == 8 and shared.watch.pause < LONGEST_PAUSE
        assert 1 <= await shared.told(NOT_TAKEN) <= 3
        told = [
            line
            for line in shared.people.practice.seen_in(await shared.people.practice.practice_room())
            if NOT_TAKEN in line
        ]
        odd = [image.ref for image in (await shared.people.practice.images()) if image.id in failing]
        assert all(sum(ref in line for line in told) == 1 for ref in odd)
        assert all("stays in the chat until then" in line for line in told)


async def test_while_nothing_goes_it_is_the_place_that_is_told_of_and_it_is_left_alone(tmp_path: Path) -> None:
    """A record server that answers to a search and takes nothing."""
    async with choosy(tmp_path) as (shared, place):
        await place.gets(0, "rash on my leg")
        place.fails = ""
        for number in range(1, 8):
            await shared.people.sam.sends_photo(JPEG + b"%d" % number, "rash on my arm")
        tried: list[str] = []
        choose = shared.folder._place

        def counting(leaving: Any) -> dict[str, str]:
            tried.append(leaving.entry_id)
            return choose(leaving)

        shared.folder._place = counting
        assert not await shared.watch.look()
        assert len(tried) == 3, "more of the same would tell no more"
        assert await shared.told("it answers, but with errors") == 1
        place.fails = "nothing"
        for _ in range(3):
            await shared.turns(minutes=6)
        assert len(shared.photos()) == 8
        assert await shared.told("works again") == 1 and await shared.told(NOT_TAKEN) == 0


async def test_one_that_fails_alone_is_told_as_the_places_trouble_until_another_went(tmp_path: Path) -> None:
    """Nobody can tell before."""
    async with choosy(tmp_path) as (shared, place):
        odd = await place.gets(1, "an odd rash on my arm")
        await shared.turns(minutes=6)
        assert await shared.told("it answers, but with errors") == 1 and await shared.told(NOT_TAKEN) == 0
        await shared.people.practice.after(minutes=6)
        await place.gets(2, "rash on my arm")
        await shared.turns(minutes=6)
        assert await shared.told("works again. What still waits for it follows") == 1
        assert await shared.told(f"{NOT_TAKEN} {odd.ref}") == 1
        assert await shared.told("it answers, but with errors") == 1
