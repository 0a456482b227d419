"""A disk at the far end of a network that stops answering holds up nobody: neither who asks, nor stopping."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from bot.domain.errors import OutsideFailure, Permanent
from storage.outside.far_disk import FarDisk
from tests.patience import PATIENCE


async def test_who_asks_is_answered_in_time_and_at_once_while_it_hangs_and_work_goes_on_when_it_comes_back() -> None:
    disk, back, did = FarDisk("hangs", 0.05), threading.Event(), list[str]()

    def first() -> None:
        back.wait()
        did.append("first")

    with pytest.raises(OutsideFailure, match="hangs"):
        await disk.do(first)
    threads = threading.active_count()
    for _ in range(20):
        with pytest.raises(OutsideFailure, match="hangs"):
            await disk.do(lambda: did.append("overtook"))
    assert threading.active_count() <= threads, "threads pile up"
    back.set()
    async with asyncio.timeout(PATIENCE):
        while did != ["first"] or not disk._last or not disk._last.done():
            await asyncio.sleep(0.01)
    disk._seconds = PATIENCE
    await disk.do(lambda: did.append("second"))
    assert did == ["first", "second"]


async def test_what_a_call_raises_is_what_is_raised() -> None:
    disk = FarDisk("hangs", 60)

    def fails() -> None:
        raise Permanent("damaged", "a file")

    with pytest.raises(Permanent, match="damaged"):
        await disk.do(fails)
    assert await disk.do(lambda: 7) == 7


async def test_a_call_whose_asker_went_away_is_not_overtaken() -> None:
    disk, began, back, did = FarDisk("hangs", 60), threading.Event(), threading.Event(), list[str]()

    def first() -> None:
        began.set()
        back.wait()
        did.append("first")

    asked = asyncio.create_task(disk.do(first))
    await asyncio.to_thread(began.wait)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    after = asyncio.create_task(disk.do(lambda: did.append("second")))
    await asyncio.sleep(0)
    assert did == []
    back.set()
    await after
    assert did == ["first", "second"]


def test_a_process_ends_though_a_call_never_comes_back() -> None:
    code = (
        "import asyncio, threading\n"
        "from bot.domain.errors import OutsideFailure\n"
        "from storage.outside.far_disk import FarDisk\n"
        "async def main():\n"
        "    try: await FarDisk('hangs', 0.1).do(threading.Event().wait)\n"
        "    except OutsideFailure as why: print(why)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout.strip() == "hangs"
