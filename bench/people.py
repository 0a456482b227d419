"""People of the measurements: accounts with a client of their own, which encrypts, uploads, sends and listens.

The client is the bot's Matrix adapter used from the other side: light enough that twenty of them share a process. That what it
sends is what real apps send, the integration tests show with an independent client.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.arrivals import Arrival, ArrivalKind
from bot.domain.identifiers import RoomId
from bot.homeserver import RegisteredAccount
from bot.matrix.cross_signing import Seeds, bootstrap
from bot.matrix.gateway import Matrix
from bot.matrix.session import login
from bot.ports import Audience

EVERYBODY = Audience({}, open=True)
CAPTION = "rash on my arm, three days"


@dataclass(frozen=True)
class Sent:
    """One photo in a chat: its event, and what opens it."""

    event_id: str
    room_id: str
    file: dict[str, Any]
    size: int


@dataclass
class Phone:
    account: RegisteredAccount
    matrix: Matrix
    identity: str
    room: str = ""
    since: str | None = None
    heard: list[Arrival] = field(default_factory=list)

    @classmethod
    async def of(cls, url: str, account: RegisteredAccount, directory: Path) -> Phone:
        session = await login(url, account.user_id, account.password)
        seeds = Seeds.generate()
        await bootstrap(url, session, seeds, account.password)
        store = directory / f"{secrets.token_hex(8)}.db"
        return cls(account, await Matrix.start(url, session, store, os.urandom(32), seeds), seeds.identity)

    async def listen(self, seconds: float = 1.0) -> list[Arrival]:
        batch = await self.matrix.next_batch(self.since, timedelta(seconds=seconds))
        self.since = batch.token
        self.heard += batch.arrivals
        return list(batch.arrivals)

    async def join_first_invitation(self) -> None:
        for _ in range(60):
            for arrival in await self.listen():
                if arrival.kind is ArrivalKind.INVITED:
                    await self.matrix.join(arrival.room_id)
                    self.room = arrival.room_id
                    return
        raise AssertionError("no invitation came")

    async def upload(self, photo: bytes) -> dict[str, Any]:
        return await self.matrix.put(await self.matrix.reserve_media(), photo)

    async def post(self, file: dict[str, Any], size: int) -> Sent:
        content = {
            "msgtype": "m.image",
            "body": CAPTION,
            "filename": "photo.jpg",
            "info": {"mimetype": "image/jpeg", "size": size},
            "file": file,
        }
        event_id = await self.matrix.send(RoomId(self.room), content, EVERYBODY, transaction_id=secrets.token_hex(16))
        return Sent(event_id, self.room, file, size)

    async def send(self, photo: bytes) -> Sent:
        return await self.post(await self.upload(photo), len(photo))
