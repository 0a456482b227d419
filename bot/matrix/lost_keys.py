"""Room keys that never came: asked for at the devices of the person who sent the message.

Their app answers with the key that it had meant for this device, or not at all. A later message asks again, a few times an hour
for each sender: somebody who sends what nobody can read must not keep the bot asking. A restart forgets what was asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.identifiers import Account, RoomId

from .homeserver_client import HomeserverClient, path
from .olm_machine import OlmMachine
from .trust import MEGOLM

AGAIN_AFTER = timedelta(minutes=1)
MOST_IN_AN_HOUR = 10  # of one sender
MOST_AT_ONCE = 20  # of all senders: whatever else arrived waits meanwhile
MOST_MISSING = 200


@dataclass(frozen=True, slots=True)
class LostKey:
    sender: Account
    room_id: RoomId
    session_id: str


class LostKeys:
    def __init__(self, client: HomeserverClient, machine: OlmMachine) -> None:
        self._client, self._machine = client, machine
        self._missing: dict[LostKey, None] = {}
        self._asked: list[tuple[LostKey, datetime]] = []

    def missing(self, lost: Iterable[LostKey]) -> None:
        """Note keys to be asked for."""
        self._missing |= dict.fromkeys(lost)
        for key in list(self._missing)[:-MOST_MISSING]:
            del self._missing[key]

    async def ask(self) -> None:
        """Ask for the keys that are missing; those that could not be asked for stay missing."""
        now = datetime.now(UTC)
        self._asked = [(key, at) for key, at in self._asked if abs(now - at) < timedelta(hours=1)]
        for key in list(self._missing)[:MOST_AT_ONCE]:
            if self._may_ask(key, now):
                await self._request(key)
                self._asked.append((key, now))
            del self._missing[key]

    def _may_ask(self, key: LostKey, now: datetime) -> bool:
        just_asked = any(asked == key and abs(now - at) < AGAIN_AFTER for asked, at in self._asked)
        return not just_asked and sum(asked.sender == key.sender for asked, _ in self._asked) < MOST_IN_AN_HOUR

    async def _request(self, key: LostKey) -> None:
        request_id = secrets.token_hex(16)
        request = {
            "action": "request",
            "body": {"algorithm": MEGOLM, "room_id": key.room_id, "session_id": key.session_id},
            "request_id": request_id,
            "requesting_device_id": self._machine.device_id,
        }
        where = path("sendToDevice", "m.room_key_request", request_id)
        await self._client.call("PUT", where, body={"messages": {key.sender: {"*": request}}})
