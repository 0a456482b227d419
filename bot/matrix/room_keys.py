"""Room keys: who has the key to what is being sent.

Guarantees: a message is encrypted with a session whose key went to the given devices and to no other. When a device that has the
key may no longer read, or a person comes who could not read before, the session is replaced. A further device of somebody who
could read gets the key from this message on, nothing earlier. When the homeserver did not take a key, the session is dropped and
`OutsideFailure` raised: the message is sent again under a new one. A device that missed a key, because it had no one-time key
left or its app lost the Olm session, is owed it: with the next message it gets the key as it was then, and can read what it
missed, if it may still read in that room.

Sessions live in memory only: new ones begin after a start.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import RoomId

from .device_lists import Device
from .homeserver_client import HomeserverClient, path
from .olm_machine import OlmMachine
from .trust import MEGOLM

log = logging.getLogger(__name__)
_PER_REQUEST = 50
_MOST_OWED = 20  # keys of one room to one device


@dataclass(frozen=True, slots=True)
class _Key:
    """A session from one of its messages on."""

    session_id: str
    session_key: str = field(repr=False)


@dataclass(slots=True)
class _Shared:
    session: Any  # nio's OutboundGroupSession
    people: frozenset[str]
    given: dict[Device, _Key] = field(default_factory=dict)


@dataclass(slots=True)
class _Room:
    shared: _Shared | None = None
    owed: dict[Device, list[_Key]] = field(default_factory=dict)  # oldest first, one of each session


class RoomKeys:
    """The outbound sessions of all rooms."""

    def __init__(self, client: HomeserverClient, machine: OlmMachine) -> None:
        self._client = client
        self._machine = machine
        self._rooms: defaultdict[str, _Room] = defaultdict(_Room)
        self._sharing = asyncio.Lock()  # two rooms at once would begin two sessions with the same device

    async def encrypt(
        self, room_id: RoomId, event_type: str, content: Mapping[str, Any], readers: frozenset[Device]
    ) -> dict[str, Any]:
        """Return the content of an m.room.encrypted event. Calls for one room must not overlap."""
        room, people = self._rooms[room_id], frozenset(device.user_id for device in readers)
        shared = room.shared
        if shared is None or shared.session.expired or not (shared.given.keys() <= readers and people <= shared.people):
            shared = room.shared = _Shared(self._machine.new_room_key(), people)
        room.owed = {device: keys for device, keys in room.owed.items() if keys and device in readers}
        key = _Key(shared.session.id, shared.session.session_key)
        for device in readers - shared.given.keys():
            _owe(room, device, key)
        try:
            await self._settle(room_id, room, shared)
        except BaseException:  # also when it is cancelled: nobody knows who has the key, so it is used no more
            room.shared = None
            raise
        if readers and not shared.given:
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

    def owe_again(self, curve25519: Iterable[str]) -> None:
        """Owe these devices their keys again: they began a new Olm session and may never have read what the old one gave them.

        Or they have read it, so they still count among those who have the key.
        """
        lost = set(curve25519)
        for room in self._rooms.values():
            if room.shared is not None:
                for device, key in room.shared.given.items():
                    if device.curve25519 in lost:
                        _owe(room, device, key)

    async def _settle(self, room_id: RoomId, room: _Room, shared: _Shared) -> None:
        """Give the keys that are owed to the devices that can be reached."""
        if not room.owed:
            return
        async with self._sharing:
            without = [device for device in room.owed if self._machine.lacks_session(device)]
            if without:
                await self._claim(without)
            unreached = {device for device in room.owed if self._machine.lacks_session(device)}
            for key in dict.fromkeys(key for keys in room.owed.values() for key in keys):
                able = [device for device, keys in room.owed.items() if key in keys and device not in unreached]
                # Before it is sent: a device that says meanwhile that it could not read is owed the key again.
                for device in able:
                    room.owed[device].remove(key)
                content = {"algorithm": MEGOLM, "room_id": room_id, **asdict(key)}
                try:
                    await self._send(self._machine.encrypt_to_devices(able, "m.room_key", content))
                except BaseException:  # also when it is cancelled
                    for device in able:
                        _owe(room, device, key)
                    raise
                if key.session_id == shared.session.id:
                    shared.given.update(dict.fromkeys(able, key))
        for device in unreached:
            log.warning("no one-time key: device %s of %s is owed its room key", device.device_id, device.user_id)

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


def _owe(room: _Room, device: Device, key: _Key) -> None:
    """Note that a device is owed a key; of one session the earliest key is enough."""
    keys = room.owed.setdefault(device, [])
    if all(owed.session_id != key.session_id for owed in keys):
        keys.append(key)
        del keys[:-_MOST_OWED]
