"""Where a recipient can't be told from here, somebody of the practice is asked to call them (R13, R28a)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cases import Shared, shared_practice, taps
from tests.households import heard_with
from tests.unit.test_recall_whole import chen_joins

CALL = "Dr Derm can't be told from here: please call them"


async def stopped(shared: Shared) -> None:
    await shared.sam.writes(f"withdraw {shared.image.ref}")


async def leaves(shared: Shared) -> None:
    await shared.kim.writes("!patient-leaves 10421")
    await taps(shared.kim, "Leaves")


async def dies(shared: Shared) -> None:
    await shared.kim.writes("!died 10421")
    await taps(shared.kim, "Has died")


async def runs_out(shared: Shared) -> None:
    shared.practice.clock.move(timedelta(days=200))
    await shared.practice.settle()


ENDINGS = pytest.mark.parametrize("ends", [stopped, leaves, dies, runs_out])


@ENDINGS
async def test_R13_who_asked_calls_whom_no_message_reaches(
    tmp_path: Path, ends: Callable[[Shared], Awaitable[None]]
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        await shared.kim.writes("!lost @derm:hs.test")
        await ends(shared)
        assert heard_with(shared.lee, CALL)


@ENDINGS
async def test_R28a_the_managers_call_them_where_who_asked_is_not_here(
    tmp_path: Path, ends: Callable[[Shared], Awaitable[None]]
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        await shared.kim.writes("!lost @derm:hs.test")
        await shared.kim.writes("!lost @lee:hs.test")
        await ends(shared)
        assert heard_with(shared.kim, CALL)


async def test_R28a_who_took_over_calls_them(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        room = await shared.forwarded()
        await shared.lee.writes("!close mole, benign", room=room)
        await taps(shared.derm, "Stored", room=room)
        chen = await chen_joins(shared)
        await shared.kim.writes("!leaves @lee:hs.test to @chen:hs.test")
        await shared.kim.writes("!lost @derm:hs.test")
        await stopped(shared)
        assert heard_with(chen, CALL)
        assert not heard_with(shared.kim, CALL)
