"""The durable core: inbox, domain rows, intents and audit, in one encrypted database, one writer, one commit per decision.

Implements `bot.ports.Journal`. An arrival's content is wiped, and an intent deleted, as soon as they are dealt with, so that what
people wrote is kept once, in the rows that need it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, null, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.domain.arrivals import Arrival, Batch
from bot.domain.planned import Hands, Planned
from bot.ports import WORKER
from storage.sql.database import Connection, Database

from . import tables
from .journal_commit import JournalCommit
from .queue_rows import (
    DUE,
    GIVEN_UP,
    NEXT_ARRIVALS,
    NEXT_DUE_AT,
    InboxState,
    arrival_from,
    arrival_json,
    inbox_row,
    planned_from,
    storable,
)

_TOKEN = "sync-token"
_INBOX = "inbox"
_LOOK_EVERY = 1.0  # seconds


class EncryptedJournal:
    """Implements `bot.ports.Journal`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._commits = Bell(database.stamp)
        self._arrivals = Bell()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[JournalCommit]:
        async with self._database.transaction() as connection:
            commit = JournalCommit(connection)
            yield commit
            await commit.flush()
        self._commits.ring()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[JournalCommit]:
        async with self._database.reading() as connection:
            yield JournalCommit(connection)

    async def news(self, listener: str, timeout: timedelta) -> None:
        await self._commits.wait(listener, timeout)

    async def arrived(self, timeout: timedelta) -> None:
        await self._arrivals.wait(_INBOX, timeout)

    def has_arrived(self) -> bool:
        return self._arrivals.has_rung(_INBOX)

    # ---- inbox

    async def token(self) -> str | None:
        return await self.setting(_TOKEN)

    async def setting(self, key: str) -> str | None:
        async with self._database.reading() as connection:
            found = select(tables.settings.c.value).where(tables.settings.c.key == key)
            value: str | None = (await connection.execute(found)).scalar()
            return value

    async def set(self, key: str, value: str) -> None:
        async with self._database.transaction() as connection:
            await _set(connection, key, value)

    async def receive(self, batch: Batch, at: datetime) -> None:
        async with self._database.transaction() as connection:
            if batch.arrivals:
                new = sqlite_insert(tables.inbox).on_conflict_do_nothing(index_elements=["event_id"])
                await connection.execute(new, [inbox_row(storable(each), at) for each in batch.arrivals])
            await _set(connection, _TOKEN, batch.token)
        if batch.arrivals:
            self._arrivals.ring()

    async def next_arrivals(self, limit: int, resting: Collection[str] = ()) -> Sequence[tuple[int, Arrival]]:
        self._arrivals.knows(_INBOX)
        return await self._read_arrivals(NEXT_ARRIVALS, {"most": limit, "resting": sorted(resting)})

    async def undecrypted(self) -> Sequence[tuple[int, Arrival]]:
        return await self._read_arrivals(
            select(tables.inbox).where(tables.inbox.c.state == InboxState.WAITING_FOR_KEY).order_by(tables.inbox.c.id)
        )

    async def overdue_for_key(self, received_before: datetime) -> Sequence[tuple[int, Arrival]]:
        waiting = (tables.inbox.c.state == InboxState.WAITING_FOR_KEY, tables.inbox.c.trouble == "")
        return await self._read_arrivals(
            select(tables.inbox).where(*waiting, tables.inbox.c.received_at < received_before)
        )

    async def stop_waiting(self, received_before: datetime, most: int) -> None:
        bounds = {"before": received_before, "most": most}
        async with self._database.reading() as connection:
            if (await connection.execute(GIVEN_UP.limit(1), bounds)).first() is None:
                return
        async with self._database.transaction() as connection:
            given_up = tables.inbox.c.id.in_(GIVEN_UP)
            unreadable = update(tables.inbox).where(given_up).values(state=InboxState.UNREADABLE, arrival=null())
            await connection.execute(unreadable, bounds)

    async def _read_arrivals(
        self, statement: Select[Any], asked: Mapping[str, Any] | None = None
    ) -> Sequence[tuple[int, Arrival]]:
        async with self._database.reading() as connection:
            return [(row.id, arrival_from(row.arrival)) for row in await connection.execute(statement, asked)]

    async def decrypted(self, inbox_id: int, arrival: Arrival) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(
                update(tables.inbox)
                .where(tables.inbox.c.id == inbox_id, tables.inbox.c.state == InboxState.WAITING_FOR_KEY)
                .values(state=InboxState.NEW, kind=arrival.kind, arrival=arrival_json(arrival))
            )
            waited = (tables.inbox.c.sender == arrival.sender, tables.inbox.c.state == InboxState.WAITING_FOR_ANOTHER)
            await connection.execute(update(tables.inbox).where(*waited).values(state=InboxState.NEW))
        self._arrivals.ring()

    async def decide_anyway(self, received_before: datetime) -> None:
        waiting = tables.inbox.c.state == InboxState.WAITING_FOR_ANOTHER
        overdue = (waiting, tables.inbox.c.received_at < received_before)
        async with self._database.reading() as connection:
            if (await connection.execute(select(tables.inbox.c.id).where(*overdue).limit(1))).first() is None:
                return
        async with self._database.transaction() as connection:
            await connection.execute(update(tables.inbox).where(*overdue).values(state=InboxState.NEW))
        self._arrivals.ring()

    # ---- intents

    async def due(self, now: datetime, most: Mapping[Hands, int], busy: frozenset[str]) -> Sequence[Planned]:
        self._commits.knows(WORKER)
        asked = {"now": now, "busy": json.dumps(sorted(busy))} | {hands.name: most.get(hands, 0) for hands in Hands}
        async with self._database.reading() as connection:
            return [planned_from(row) for row in await connection.execute(DUE, asked)]

    async def next_due_at(self, now: datetime) -> datetime | None:
        async with self._database.reading() as connection:
            due: datetime | None = (await connection.execute(NEXT_DUE_AT, {"now": now})).scalar()
            return due

    # ---- set-up

    async def offer_registration_token(self, token: str, expires_at: datetime) -> None:
        """Add a token for a new account on the embedded homeserver; leave a known one as it is."""
        new = sqlite_insert(tables.registration_tokens).on_conflict_do_nothing(index_elements=["token"])
        async with self._database.transaction() as connection:
            await connection.execute(new.values(token=token, expires_at=expires_at, invitation_id=""))

    async def free_registration_tokens(self, valid_until: datetime) -> int:
        tokens = tables.registration_tokens
        free = select(func.count()).where(tokens.c.invitation_id == "", tokens.c.expires_at >= valid_until)
        async with self._database.reading() as connection:
            count: int = (await connection.execute(free)).scalar_one()
            return count


async def _set(connection: Connection, key: str, value: str) -> None:
    statement = sqlite_insert(tables.settings).values(key=key, value=value)
    await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": value}))


class Bell:
    """A bell that rings with every commit: one who looks for work and finds none waits for it, and misses none.

    Each listener is counted separately: one that was looking elsewhere while it rang would otherwise sleep through its own work.
    `stamp`: what changes with commits of other processes too; it is looked at while nothing rings.
    """

    def __init__(self, stamp: Callable[[], object] = lambda: None) -> None:
        self._stamp = stamp
        self._seen = stamp()
        self._event = asyncio.Event()
        self._rung = 0
        self._heard: dict[str, int] = {}

    def ring(self) -> None:
        self._rung += 1
        self._seen = self._stamp()
        self._event.set()
        self._event = asyncio.Event()

    def knows(self, listener: str) -> None:
        """Note that this listener looks now, and sees all that was committed before."""
        self._heard[listener] = self._rung

    def has_rung(self, listener: str) -> bool:
        """Return whether it has rung since this listener last knew everything."""
        return self._heard.get(listener, 0) != self._rung

    async def wait(self, listener: str, timeout: timedelta) -> None:
        """Wait until it has rung since this listener last knew everything, or for `timeout`."""
        end = asyncio.get_running_loop().time() + timeout.total_seconds()
        while not self.has_rung(listener):
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                return
            try:
                # Not wait_for: when it rings just as a task is cancelled, that forgets the cancelling, and the bot never stops.
                async with asyncio.timeout(min(left, _LOOK_EVERY)):
                    await self._event.wait()
            except TimeoutError:
                if self._stamp() != self._seen:  # a command beside the running bot
                    self.ring()
        self.knows(listener)
