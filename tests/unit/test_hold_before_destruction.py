"""A legal hold that comes between the decision and the destruction stops it, and its release lets it go on (R23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import OutsideFailure, Permanent
from tests.cases import POLL, Shared, answer_id, shared_practice
from tests.households import heard_with


async def is_in_the_record(shared: Shared) -> bool:
    try:
        return bool(await shared.practice.record.content(shared.image.id))
    except (Permanent, LookupError, OutsideFailure):
        return False


async def decided(shared: Shared) -> None:
    """Retention is over, and Kim taps: the destruction is still to come."""
    shared.practice.clock.move(timedelta(days=8 * 366))
    await shared.practice.settle()
    await shared.kim.writes(f"!destroy {shared.image.ref}")
    chosen = answer_id(shared.practice, shared.kim.own_room, "Destroy")
    arrival = shared.kim.arrival(shared.kim.own_room, {f"{POLL}.response": {"answers": [chosen]}})
    await shared.practice.receive(replace(arrival, type=f"{POLL}.response"))
    await shared.practice.inbox.drain()


@pytest.mark.parametrize("named", ["10421", "the image"])
async def test_R23_a_hold_between_the_tap_and_the_destruction_stops_it(tmp_path: Path, named: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await decided(shared)
        what = shared.image.ref if named == "the image" else named
        await shared.kim.writes(f"!legal-hold {what} complaint 3/2026", settle=False)
        await shared.practice.inbox.drain()
        await shared.practice.settle()
        assert await is_in_the_record(shared)
        assert heard_with(shared.kim, f"{shared.image.ref} stays in the record: a legal hold stands")
        assert not heard_with(shared.kim, f"{shared.image.ref} is destroyed")
        assert heard_with(shared.kim, "was to be destroyed")


async def test_R23_what_a_hold_stopped_goes_once_it_is_released(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await decided(shared)
        await shared.kim.writes("!legal-hold 10421 complaint 3/2026", settle=False)
        await shared.practice.inbox.drain()
        await shared.practice.settle()
        await shared.kim.writes("!release-hold 10421")
        assert not await is_in_the_record(shared)
        assert heard_with(shared.kim, "was decided before the hold")
        assert heard_with(shared.kim, f"{shared.image.ref} is destroyed")


async def test_R23_a_hold_while_the_record_is_busy_stops_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        await decided(shared)
        destroy = shared.practice.record.destroy

        async def busy(*asked: object) -> None:
            raise OutsideFailure("busy")

        monkeypatch.setattr(shared.practice.record, "destroy", busy)
        await shared.practice.settle()
        await shared.kim.writes("!legal-hold 10421 complaint 3/2026")
        monkeypatch.setattr(shared.practice.record, "destroy", destroy)
        await shared.practice.after(hours=3)
        assert await is_in_the_record(shared)


async def test_R23_without_a_hold_it_is_destroyed(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await decided(shared)
        await shared.practice.settle()
        assert not await is_in_the_record(shared)
