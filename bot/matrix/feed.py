"""What arrives: one sync at a time, from the caller's own token.

Guarantees
- Nothing is acknowledged to the homeserver before the caller comes back with the new token: killed at any moment, the
  same events come again. Room keys are stored before the batch is returned.
- A gap in a timeline (the homeserver gives at most 100 events) is filled backwards to the caller's token.
- One malformed event or key message stops nothing but itself.
- Every decrypted event carries its verdict; device lists announced as changed are dropped before anything is judged.

It deliberately keeps no room state: whoever needs it (`gateway.send`) asks for the present one.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.arrivals import Arrival, ArrivalKind, Batch, Standing
from bot.domain.errors import OutsideFailure

from .client import HomeserverClient, path
from .devices import DeviceDirectory
from .errors import SignedOut
from .foreign_json import as_list, as_object, too_deep
from .machine import Malformed, OlmMachine
from .own_keys import OwnKeys
from .room_keys import RoomKeys
from .store import KeyStore
from .timeline import Read, read_event, read_invitation, reopen, undecryptable
from .trust import who_said

log = logging.getLogger(__name__)
_NOTHING: dict[str, list[str]] = {"types": []}
_FILTER = json.dumps(
    {
        "presence": _NOTHING,
        "account_data": _NOTHING,
        "room": {"timeline": {"limit": 100}, "state": _NOTHING, "ephemeral": _NOTHING, "account_data": _NOTHING},
    }
)
_PAGES = 500  # 50,000 events of one room missed at once
_REFUSALS = ("m.unverified", "m.blacklisted")
_MEND_EVERY = timedelta(hours=1)


class SyncFeed:
    """The port `Feed` on /sync."""

    def __init__(
        self,
        client: HomeserverClient,
        store: KeyStore,
        machine: OlmMachine,
        devices: DeviceDirectory,
        room_keys: RoomKeys,
    ) -> None:
        self._client, self._store, self._machine = client, store, machine
        self._devices, self._room_keys = devices, room_keys
        self._own_keys = OwnKeys(client, machine)
        self._mended: dict[tuple[str, str], datetime] = {}

    async def next_batch(self, since: str | None, timeout: timedelta) -> Batch:
        milliseconds = max(0, int(timeout.total_seconds() * 1000))
        query = {"timeout": str(milliseconds), "filter": _FILTER, "set_presence": "offline"}
        if since is not None:
            query["since"] = since
        sync = await self._client.call("GET", path("sync"), query=query, timeout=milliseconds / 1000 + 60)
        token = sync.get("next_batch")
        if not isinstance(token, str) or not token:
            raise OutsideFailure("a sync without a token")
        new_room_keys, withheld_by = self._receive_to_device(as_list(as_object(sync.get("to_device")).get("events")))
        lists = as_object(sync.get("device_lists"))
        self._devices.forget(user for key in ("changed", "left") for user in as_list(lists.get(key)) if _is_text(user))

        rooms = as_object(sync.get("rooms"))
        timelines = [
            (room_id, await self._timeline(room_id, as_object(as_object(room).get("timeline")), since))
            for kind in ("join", "leave")
            for room_id, room in as_object(rooms.get(kind)).items()
        ]
        with self._store.commit():
            read = [read_event(self._machine, room_id, event) for room_id, events in timelines for event in events]
        now = datetime.now(UTC)
        invitations = [
            read_invitation(self._machine.user_id, room_id, room, since, now)
            for room_id, room in as_object(rooms.get("invite")).items()
        ]
        arrivals = await self._judge([*invitations, *(each for each in read if each is not None)], timelines)
        await self._keep_reachable(sync)
        return Batch(token, tuple(arrivals), new_room_keys, tuple(sorted(withheld_by)))

    async def retry(self, arrival: Arrival) -> Arrival | None:
        with self._store.commit():
            read = reopen(self._machine, arrival)
        if read is None:
            return None
        [judged] = await self._judge([read], [(arrival.room_id, [arrival.content])])
        return None if judged.kind is ArrivalKind.UNDECRYPTABLE else judged

    def _receive_to_device(self, events: list[object]) -> tuple[bool, set[str]]:
        new_room_keys, withheld_by = False, set()
        with self._store.commit():
            for event in events:
                source = as_object(event)
                sender, content = source.get("sender"), as_object(source.get("content"))
                if not isinstance(sender, str) or too_deep(content):
                    log.warning("malformed to-device message dropped")
                    continue
                if source.get("type") == "m.room_key.withheld" and content.get("code") in _REFUSALS:
                    withheld_by.add(sender)
                if source.get("type") != "m.room.encrypted":
                    continue
                # After a crash the same messages come again. Their ratchet has moved on: that is no broken session,
                # but what they brought may not have been used yet.
                digest = hashlib.sha256(json.dumps([sender, content], sort_keys=True).encode()).digest()
                if self._store.seen_to_device(digest):
                    new_room_keys = True
                    continue
                try:
                    new_room_keys |= self._machine.receive_to_device(sender, content)
                except Malformed as error:
                    log.warning("malformed to-device message of %s dropped: %s", sender, error)
        return new_room_keys, withheld_by

    async def _timeline(self, room_id: str, timeline: dict[str, Any], since: str | None) -> list[object]:
        events = as_list(timeline.get("events"))
        start = timeline.get("prev_batch")
        if not timeline.get("limited") or since is None or not isinstance(start, str):
            return events
        missed: list[object] = []
        for _ in range(_PAGES):
            query = {"dir": "b", "from": start, "to": since, "limit": "100"}
            page = await self._client.call("GET", path("rooms", room_id, "messages"), query=query, timeout=60)
            missed += as_list(page.get("chunk"))
            end = page.get("end")
            if not isinstance(end, str) or end == start or not page.get("chunk"):
                break
            start = end
        else:
            log.error("room %s: more than %d pages missed, the oldest are left out", room_id, _PAGES)
        return _once([*reversed(missed), *events])

    async def _judge(self, read: list[Read], timelines: Iterable[tuple[str, list[Any]]]) -> list[Arrival]:
        senders = {each.arrival.sender for each in read if each.opened is not None}
        identities = await self._devices.identities(senders)
        strange = {
            each.arrival.sender
            for each in read
            if each.opened
            and who_said(each.opened, identities[each.arrival.sender]).standing is Standing.UNKNOWN_DEVICE
        }
        if strange:  # a device newer than what is known, or none of theirs: asked once more before it is called forged
            self._devices.forget(strange)
            identities |= await self._devices.identities(strange)
        sources = {
            event["event_id"]: event
            for _, events in timelines
            for event in events
            if isinstance(event, dict) and _is_text(event.get("event_id"))
        }
        judged = []
        for each in read:
            if each.opened is None:
                judged.append(each.arrival)
            elif not identities[each.arrival.sender].known:  # their homeserver is down: judged when it can be asked
                judged.append(undecryptable(each.arrival, sources[each.arrival.event_id]))
            else:
                verdict = who_said(each.opened, identities[each.arrival.sender])
                judged.append(replace(each.arrival, verdict=verdict))
        return judged

    async def _keep_reachable(self, sync: dict[str, Any]) -> None:
        """What may fail without holding up what arrived: it is tried again with the next sync."""
        try:
            await self._own_keys.after_sync(sync)
            await self._mend(self._machine.take_wedged())
        except SignedOut:
            raise
        except OutsideFailure as failure:
            log.warning("keys not replenished: %s", failure)

    async def _mend(self, wedged: set[tuple[str, str]]) -> None:
        now = datetime.now(UTC)
        self._mended = {key: when for key, when in self._mended.items() if now - when < _MEND_EVERY}
        wedged -= self._mended.keys()  # once an hour: whoever sends rubbish must not drain anyone's one-time keys
        if not wedged:
            return
        identities = await self._devices.identities(user for user, _ in wedged)
        devices = [device for identity in identities.values() for device in identity.devices]
        self._mended |= dict.fromkeys(wedged, now)
        await self._room_keys.mend(device for device in devices if (device.user_id, device.curve25519) in wedged)


def _once(events: list[object]) -> list[object]:
    """Without the events that two pages both showed."""
    seen: set[str] = set()
    kept = []
    for event in events:
        event_id = as_object(event).get("event_id")
        if isinstance(event_id, str):
            if event_id in seen:
                continue
            seen.add(event_id)
        kept.append(event)
    return kept


def _is_text(value: object) -> bool:
    return isinstance(value, str)
