"""Rooms: made by the bot, which keeps all power in them; joined, left, invited to. Each request is safe to make twice.

A room carries the key of the wish it was made for, so that a room whose making was cut short is found again instead of made
twice. Its name and everything else set here travels in clear.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import NO_ROOM, Account, EventId, RoomId
from bot.ports import NewRoom

from .homeserver_client import HomeserverClient, path
from .store import KeyStore
from .trust import MEGOLM

WISH = "org.consentry.key"


class Rooms:
    """The bot's rooms on the homeserver."""

    def __init__(self, client: HomeserverClient, store: KeyStore) -> None:
        self._client = client
        self._store = store
        self._creating = asyncio.Lock()

    async def create(self, wish: NewRoom) -> RoomId:
        async with self._creating:
            room_id = self._store.room_made(wish.key)
            if room_id is None:
                self._store.note_room(wish.key, NO_ROOM)
            elif not room_id:
                room_id = await self._find(wish.key)
            if not room_id:
                room_id = _room_id(
                    await self._client.call("POST", path("createRoom"), body=_creation(wish), timeout=60)
                )
            self._store.note_room(wish.key, room_id)
            return room_id

    async def state(self, room_id: RoomId) -> list[dict[str, Any]]:
        """Return every state event of a room, now."""
        answer = await self._client.ask("GET", path("rooms", room_id, "state"))
        return [event for event in answer.successful().items if isinstance(event, dict)]

    async def send(self, room_id: RoomId, event_type: str, content: Mapping[str, Any], transaction_id: str) -> EventId:
        """Send as is; the same transaction id gives the same event while the homeserver remembers it (about 24 h)."""
        where = path("rooms", room_id, "send", event_type, transaction_id)
        event_id = (await self._client.call("PUT", where, body=content, timeout=60)).get("event_id")
        if not isinstance(event_id, str):
            raise OutsideFailure("an event was sent without an id in the answer")
        return EventId(event_id)

    async def invite(self, room_id: RoomId, user_id: Account) -> None:
        """Invite somebody; already invited or joined is success."""
        try:
            await self._client.call("POST", path("rooms", room_id, "invite"), body={"user_id": user_id})
        except Permanent as refusal:
            if refusal.code != "forbidden" or await self._membership(room_id, user_id) not in ("invite", "join"):
                raise

    async def remove(self, room_id: RoomId, user_id: Account) -> None:
        """Put somebody out, whether they have joined or are only invited. Already out, or never in, is success."""
        if await self._membership(room_id, user_id) in ("invite", "join", "knock"):
            await self._client.call("POST", path("rooms", room_id, "kick"), body={"user_id": user_id})

    async def join(self, room_id: RoomId) -> None:
        await self._client.call("POST", path("join", room_id), body={}, timeout=120)

    async def leave(self, room_id: RoomId) -> None:
        """Leave a room; already left, or never in it, is success."""
        try:
            await self._client.call("POST", path("rooms", room_id, "leave"), body={}, timeout=60)
        except Permanent as refusal:
            if refusal.code not in ("forbidden", "gone"):
                raise

    async def snapshot(self, room_id: RoomId, events: int) -> dict[str, Any]:
        """Return the room as it is now: its latest events, the oldest first, and its read receipts.

        The specification calls this request deprecated; no other gives the receipts of one room without the bot's whole sync.
        """
        return await self._client.call("GET", path("rooms", room_id, "initialSync"), query={"limit": str(events)})

    async def redact(self, room_id: RoomId, event_id: EventId, transaction_id: str) -> None:
        await self._client.call("PUT", path("rooms", room_id, "redact", event_id, transaction_id), body={})

    async def _membership(self, room_id: RoomId, user_id: Account) -> object:
        where = path("rooms", room_id, "state", "m.room.member", user_id)
        try:
            return (await self._client.call("GET", where)).get("membership")
        except Permanent as refusal:
            if refusal.code == "gone":
                return None
            raise

    async def _find(self, key: str) -> RoomId:
        """Return the room made for a wish, among all the bot is in; this is only asked when making one was cut short."""
        rooms = (await self._client.call("GET", path("joined_rooms"))).get("joined_rooms")
        for room_id in rooms if isinstance(rooms, list) else []:
            creation = await self._client.call("GET", path("rooms", str(room_id), "state", "m.room.create"))
            if creation.get(WISH) == key:
                return RoomId(str(room_id))
        return NO_ROOM


def _creation(wish: NewRoom) -> dict[str, Any]:
    return {
        "preset": "private_chat",
        "visibility": "private",
        "name": wish.name,
        "invite": list(wish.invite),
        "creation_content": {WISH: wish.key},
        # The creator is above this anyway: without limit from room version 12 on, with 100 before.
        "power_level_content_override": {
            "users_default": 0,
            "events_default": 0,
            "state_default": 100,
            "invite": 100,
            "kick": 100,
            "ban": 100,
            "redact": 100,
            "events": {},
        },
        "initial_state": [
            {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": MEGOLM}},
            {"type": "m.room.history_visibility", "state_key": "", "content": {"history_visibility": "invited"}},
            {"type": "m.room.guest_access", "state_key": "", "content": {"guest_access": "forbidden"}},
        ],
    }


def _room_id(body: dict[str, Any]) -> RoomId:
    room_id = body.get("room_id")
    if not isinstance(room_id, str) or not room_id:
        raise OutsideFailure("a room was made without an id in the answer")
    return RoomId(room_id)
