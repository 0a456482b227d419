"""Whoever looks for work and finds none is woken by the next commit, whenever it comes and whoever makes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.arrivals import Arrival, ArrivalKind, Batch
from bot.domain.identifiers import NO_ACCOUNT, NO_ROOM, EventId
from bot.ports import WORKER
from storage.journal.encrypted_journal import EncryptedJournal
from storage.sql.database import Database
from tests.patience import PATIENCE

LONG = timedelta(hours=1)
KEY = bytes(32)
NOW = datetime(2026, 11, 27, tzinfo=UTC)


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
    await asyncio.wait_for(journal.news("worker", LONG), PATIENCE)
    await asyncio.wait_for(journal.news("another", LONG), PATIENCE)


async def test_all_who_wait_are_woken(journal: EncryptedJournal) -> None:
    waiting = [asyncio.create_task(journal.news(f"{number}", LONG)) for number in range(3)]
    await asyncio.sleep(0)
    await commit(journal)
    await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE)


async def test_what_was_received_wakes_the_inbox_which_is_not_woken_by_what_others_commit(
    journal: EncryptedJournal,
) -> None:
    waiting = asyncio.create_task(journal.arrived(LONG))
    await asyncio.sleep(0)
    await commit(journal)
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done()
    await journal.receive(
        Batch("token", (Arrival(ArrivalKind.MALFORMED, NO_ROOM, EventId("$one"), NO_ACCOUNT, NOW),)), NOW
    )
    await asyncio.wait_for(waiting, PATIENCE)


async def test_whoever_asks_for_what_there_is_has_heard_of_it(journal: EncryptedJournal) -> None:
    """Else every commit would be looked for twice."""
    await commit(journal)
    await journal.receive(
        Batch("token", (Arrival(ArrivalKind.MALFORMED, NO_ROOM, EventId("$one"), NO_ACCOUNT, NOW),)), NOW
    )
    await journal.due(NOW, {}, frozenset())
    await journal.next_arrivals(1)
    waiting = [asyncio.create_task(news) for news in (journal.news(WORKER, LONG), journal.arrived(LONG))]
    for _ in range(5):
        await asyncio.sleep(0)
    assert not any(one.done() for one in waiting)
    for one in waiting:
        one.cancel()


async def test_without_news_the_time_passes(journal: EncryptedJournal) -> None:
    await asyncio.wait_for(journal.news("another", timedelta(milliseconds=10)), PATIENCE)


async def test_a_commit_of_another_process_is_news_to_all(journal: EncryptedJournal, tmp_path: Path) -> None:
    await commit(journal)
    for name in ("another", "worker"):
        await journal.news(name, LONG)
    waiting = [asyncio.create_task(journal.news(name, LONG)) for name in ("another", "worker")]
    await asyncio.sleep(0)
    beside = await Database.open(tmp_path / "journal.db", KEY)
    await EncryptedJournal(beside).set("a", "b")
    await asyncio.wait_for(asyncio.gather(*waiting), PATIENCE)
    await beside.close()


@pytest.mark.parametrize("moments", range(5))
async def test_whoever_is_told_to_stop_just_when_it_rings_stops(journal: EncryptedJournal, moments: int) -> None:
    async def listen() -> None:
        while True:
            await journal.news("another", LONG)

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0)
    await commit(journal)
    for _ in range(moments):
        await asyncio.sleep(0)
    listening.cancel()
    done, _ = await asyncio.wait({listening}, timeout=PATIENCE)
    assert done
