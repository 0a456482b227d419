"""Room keys: who has the key of what is being sent.

Guarantees: a message is encrypted with a session whose key went to the given devices and to no other. When a device that
has the key may no longer read, or a person comes who could not read before, the session is replaced; a further device of
somebody who could gets the key from this message on, nothing earlier.
When the homeserver did not take a key, the session is dropped and `OutsideFailure` raised: the message is sent again
under a new one. A device without any one-time key left is passed over and tried again with the next message.

Sessions live in memory only: a start begins new ones.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.errors import OutsideFailure

from .client import HomeserverClient, path
from .devices import Device
from .machine import OlmMachine
from .trust import MEGOLM

log = logging.getLogger(__name__)
_PER_REQUEST = 50


@dataclass(slots=True)
class _Shared:
    session: Any  # nio's OutboundGroupSession
    people: frozenset[str]
    readers: set[Device] = field(default_factory=set)


class RoomKeys:
    """The outbound sessions of all rooms."""

    def __init__(self, client: HomeserverClient, machine: OlmMachine) -> None:
        self._client = client
        self._machine = machine
        self._rooms: dict[str, _Shared] = {}
        self._sharing = asyncio.Lock()  # two rooms at once would begin two sessions with the same device

    async def encrypt(
        self, room_id: str, event_type: str, content: Mapping[str, Any], readers: frozenset[Device]
    ) -> dict[str, Any]:
        """The content of an m.room.encrypted event. One call at a time for each room."""
        shared, people = self._rooms.get(room_id), frozenset(device.user_id for device in readers)
        if shared is None or shared.session.expired or not (shared.readers <= readers and people <= shared.people):
            shared = self._rooms[room_id] = _Shared(self._machine.new_room_key(), people)
        try:
            await self._share(room_id, shared, readers - shared.readers)
        except BaseException:  # also when it is cancelled: who has the key is not known, so it is used for nothing
            self._rooms.pop(room_id, None)
            raise
        if readers and not shared.readers:
            raise OutsideFailure("no device of anyone in the room could be given the room key")
        payload = {"room_id": room_id, "type": event_type, "content": content}
        encrypted = self._machine.encrypt(shared.session, payload)
        # Servers and clients place edits and replies by the relation outside the ciphertext.
        if "m.relates_to" in content:
            encrypted["m.relates_to"] = content["m.relates_to"]
        return encrypted

    async def mend(self, wedged: Iterable[Device]) -> None:
        """Begin a new Olm session with devices whose old one broke, so that their next keys can be read."""
        devices = list(wedged)
        async with self._sharing:
            reached = await self._claim(devices)
            await self._send(self._machine.encrypt_to_devices(reached, "m.dummy", {}))

    async def _share(self, room_id: str, shared: _Shared, missing: frozenset[Device]) -> None:
        if not missing:
            return
        key = {
            "algorithm": MEGOLM,
            "room_id": room_id,
            "session_id": shared.session.id,
            "session_key": shared.session.session_key,
        }
        async with self._sharing:
            without = [device for device in missing if self._machine.lacks_session(device)]
            if without:
                await self._claim(without)
            able = [device for device in missing if not self._machine.lacks_session(device)]
            await self._send(self._machine.encrypt_to_devices(able, "m.room_key", key))
        shared.readers.update(able)
        for device in missing.difference(able):
            log.warning("no one-time key: device %s of %s gets no room key", device.device_id, device.user_id)

    async def _claim(self, devices: list[Device]) -> list[Device]:
        wanted: dict[str, dict[str, str]] = {}
        for device in devices:
            wanted.setdefault(device.user_id, {})[device.device_id] = "signed_curve25519"
        if not wanted:
            return []
        body = await self._client.call("POST", path("keys", "claim"), body={"one_time_keys": wanted}, timeout=60)
        claimed = body.get("one_time_keys")
        started = []
        for device in devices:
            try:
                key = next(iter(claimed[device.user_id][device.device_id].values()))  # type: ignore[index]
            except (AttributeError, KeyError, StopIteration, TypeError):
                continue
            if isinstance(key, dict) and self._machine.start_session(device, key):
                started.append(device)
        return started

    async def _send(self, messages: Mapping[Device, dict[str, Any]]) -> None:
        devices = list(messages)
        for start in range(0, len(devices), _PER_REQUEST):
            body: dict[str, dict[str, Any]] = {}
            for device in devices[start : start + _PER_REQUEST]:
                body.setdefault(device.user_id, {})[device.device_id] = messages[device]
            transaction_id = secrets.token_hex(16)
            await self._client.call(
                "PUT", path("sendToDevice", "m.room.encrypted", transaction_id), body={"messages": body}, timeout=60
            )
