"""When a destination is looked after: at once when something is due there, and ever less often while nothing is."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.watches import deliver
from bot.domain.consignment import Consignment
from bot.domain.delivery_events import FIRST_PAUSE, LONGEST_PAUSE
from bot.domain.destination import Destination
from tests.patience import PATIENCE
from tests.practice import JPEG

from .test_destinations import Shared, sharing


def counted(shared: Shared) -> list[str]:
    """Each time that the share is asked whether it is there, or that something is made ready for it, from now on."""
    asked: list[str] = []
    there, packed = shared.folder.there, shared.people.practice.further._packer.packed

    async def asking() -> bool:
        asked.append("there")
        return await there()

    async def packing(original: Consignment, destination: Destination) -> Consignment:
        asked.append("packed")
        return await packed(original, destination)

    shared.folder.there = asking
    shared.people.practice.further._packer.packed = packing
    return asked


async def test_what_is_filed_goes_there_at_once_and_not_at_the_next_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "pause_after", lambda _tries: timedelta(days=1))
    async with sharing(tmp_path) as shared:
        watching = asyncio.create_task(shared.watch.run_for_ever())
        try:
            for number in range(2):  # the first takes the share into use
                await shared.people.sam.sends_photo(JPEG + b"%d" % number, "rash on my arm")
                async with asyncio.timeout(PATIENCE):
                    while len(shared.photos()) <= number:
                        await asyncio.sleep(0.01)
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


async def test_while_nothing_is_due_the_place_is_asked_ever_less_often_and_after_a_delivery_again(
    tmp_path: Path,
) -> None:
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        asked, pauses = counted(shared), []
        for _ in range(9):
            await shared.watch.look()
            pauses.append(shared.watch.pause)
        assert asked == ["there"] * 9
        assert pauses == sorted(pauses) and (pauses[0], pauses[-1]) == (FIRST_PAUSE, LONGEST_PAUSE)
        await shared.people.sam.sends_photo(JPEG + b"2", "the rash on my arm again")
        await shared.watch.look()
        assert shared.watch.pause == FIRST_PAUSE


async def test_a_place_that_answered_last_is_not_asked_whether_it_is_there_before_each_copy(tmp_path: Path) -> None:
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        await shared.watch.look()
        asked = counted(shared)
        await shared.people.sam.sends_photo(JPEG + b"2", "the rash on my arm again")
        await shared.watch.look()
        assert len(shared.photos()) == 2 and "there" not in asked


async def test_nothing_is_made_ready_for_a_place_that_is_known_to_be_away(tmp_path: Path) -> None:
    """A copy takes a reading of the record and a decoding: others wait for the same processor."""
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        shared.share.rename(tmp_path / "unplugged")
        await shared.watch.look()
        asked = counted(shared)
        await shared.people.sam.sends_photo(JPEG + b"2", "the rash on my arm again")
        for _ in range(3):
            await shared.turns(minutes=5)
        assert asked == ["there"] * 3


async def test_trouble_is_heard_of_before_the_place_is_needed_once_and_once_that_it_is_over(tmp_path: Path) -> None:
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        shared.share.rename(tmp_path / "unplugged")
        for _ in range(3):
            await shared.watch.look()
        assert await shared.told("“Practice software”, which gets copies of the record: it is not there") == 1
        (tmp_path / "unplugged").rename(shared.share)
        for _ in range(3):
            await shared.watch.look()
        assert await shared.told("works again, and has got all that waited") == 1
        assert await shared.told("it is not there") == 1


async def test_trouble_that_goes_on_over_a_start_is_told_once_and_that_it_is_over_is_told_too(tmp_path: Path) -> None:
    """The bot is restarted while the share is away, and the share comes back while the bot is stopped."""
    async with sharing(tmp_path) as shared:
        await shared.people.sam.sends_photo(JPEG, "rash on my arm")
        await shared.watch.look()
        shared.share.rename(tmp_path / "unplugged")
        for _ in range(3):
            await shared.watch.look()
            shared.watch = shared.started_anew()
        assert await shared.told("it is not there") == 1
        (tmp_path / "unplugged").rename(shared.share)
        for _ in range(3):
            await shared.watch.look()
            shared.watch = shared.started_anew()
        assert await shared.told("works again") == 1 and await shared.told("it is not there") == 1
