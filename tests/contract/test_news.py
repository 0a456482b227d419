"""Whoever looks for work and finds none is woken by the next commit, whenever it comes and whoever makes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.database import Database
from storage.journal import EncryptedJournal

LONG = timedelta(seconds=60)
KEY = bytes(32)


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[EncryptedJournal]:
    database = await Database.open(tmp_path / "journal.db", KEY)
    yield EncryptedJournal(database)
    await database.close()


async def commit(journal: EncryptedJournal) -> None:
    async with journal.transaction():
        pass


async def test_a_commit_between_looking_and_waiting_is_not_missed_when_another_heard_it(
    journal: EncryptedJournal,
) -> None:
    await commit(journal)
    await asyncio.wait_for(journal.news("worker", LONG), 10)
    await asyncio.wait_for(journal.news("inbox", LONG), 10)


async def test_all_who_wait_are_woken(journal: EncryptedJournal) -> None:
    waiting = [asyncio.create_task(journal.news(f"{number}", LONG)) for number in range(3)]
    await asyncio.sleep(0)
    await commit(journal)
    await asyncio.wait_for(asyncio.gather(*waiting), 10)


async def test_without_news_the_time_passes(journal: EncryptedJournal) -> None:
    await asyncio.wait_for(journal.news("inbox", timedelta(milliseconds=10)), 10)


async def test_a_commit_of_another_process_is_news_to_all(journal: EncryptedJournal, tmp_path: Path) -> None:
    await commit(journal)
    for name in ("inbox", "worker"):
        await journal.news(name, LONG)
    waiting = [asyncio.create_task(journal.news(name, LONG)) for name in ("inbox", "worker")]
    await asyncio.sleep(0)
    beside = await Database.open(tmp_path / "journal.db", KEY)
    await EncryptedJournal(beside).set("a", "b")
    await asyncio.wait_for(asyncio.gather(*waiting), 10)
    await beside.close()


@pytest.mark.parametrize("moments", range(5))
async def test_whoever_is_told_to_stop_just_when_it_rings_stops(journal: EncryptedJournal, moments: int) -> None:
    async def listen() -> None:
        while True:
            await journal.news("inbox", LONG)

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0)
    await commit(journal)
    for _ in range(moments):
        await asyncio.sleep(0)
    listening.cancel()
    done, _ = await asyncio.wait({listening}, timeout=10)
    assert done
