"""What arrives: one sync at a time, from the caller's own token.

Guarantees
- Nothing is acknowledged to the homeserver before the caller comes back with the new token: if the bot is killed at any
  moment, the same events come again. Room keys are stored before the batch is returned.
- A gap in a timeline (the homeserver gives at most 100 events) is filled from the caller's token on (`backfill`).
- One malformed event or key message stops nothing but itself; it arrives as malformed, to be counted.
- An answer too large to be read is asked for again in smaller portions.
- Every decrypted event carries its verdict; device lists announced as changed are dropped before anything is judged.

It deliberately keeps no room state: `gateway.send`, which needs it, asks for the present one.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.arrivals import Arrival, ArrivalKind, Batch, Proof
from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account, RoomId

from .backfill import LONGEST_TOKEN, Backfill, Gap
from .device_lists import DeviceDirectory
from .failures import SignedOut, TooLarge
from .foreign_json import as_list, as_object, too_deep
from .homeserver_client import HomeserverClient, path
from .lost_keys import LostKey, LostKeys
from .olm_machine import Malformed, OlmMachine
from .own_keys import OwnKeys
from .room_keys import RoomKeys
from .store import KeyStore
from .timeline import VERIFICATION, ReadEvent, read_event, read_invitation, read_to_device, reopen, undecryptable
from .trust import who_said

log = logging.getLogger(__name__)
_NOTHING: dict[str, list[str]] = {"types": []}
_PER_ROOM = 100  # events in one sync; the homeserver gives no more
_REFUSALS = ("m.unverified", "m.blacklisted")
_MEND_EVERY = timedelta(hours=1)
_GRACE = 60.0  # seconds an answer may take beyond the wait that was asked for
_MOST_PORTIONS = 200  # of some hundred key messages each


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
        self._lost_keys = LostKeys(client, machine)
        self._mended: dict[tuple[str, str], datetime] = {}
        self._backfill: Backfill | None = None
        self._stuck = False
        self._per_room = _PER_ROOM

    async def next_batch(self, since: str | None, timeout: timedelta) -> Batch:
        backfill = self._backfill if self._backfill is not None and self._backfill.since == since else None
        asked = backfill.token if backfill else since
        sync = await self._sync(asked, timeout if backfill is None or self._stuck else timedelta(0))
        token = sync.get("next_batch")
        if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN:  # it must fit into the next request
            raise OutsideFailure("a sync without a usable token")
        key_messages = self._receive_to_device(as_list(as_object(sync.get("to_device")).get("events")))
        self._room_keys.owe_again(self._machine.take_renewed())
        lists = as_object(sync.get("device_lists"))
        self._devices.forget(user for key in ("changed", "left") for user in as_list(lists.get(key)) if _is_text(user))

        rooms = as_object(sync.get("rooms"))
        now = datetime.now(UTC)
        invitations = [
            read_invitation(self._machine.user_id, RoomId(room_id), room, asked, now)
            for room_id, room in as_object(rooms.get("invite")).items()
        ]
        timelines = [
            (RoomId(room_id), as_object(as_object(room).get("timeline")))
            for kind in ("join", "leave")
            for room_id, room in as_object(rooms.get(kind)).items()
        ]
        gaps = [gap for room_id, timeline in timelines if (gap := _gap(room_id, timeline, asked)) is not None]
        broken = {gap.room_id for gap in gaps}
        whole = [(room_id, as_list(shown.get("events"))) for room_id, shown in timelines if room_id not in broken]
        arrivals = [*key_messages.arrivals, *await self._arrivals(whole, invitations)]
        if since is not None and (gaps or backfill):
            self._backfill = Backfill(since, token, (*(backfill.gaps if backfill else ()), *gaps))
            arrivals += await self._portion(self._backfill)
            token = since if self._backfill else token
        await self._keep_reachable(sync)
        return Batch(token, tuple(arrivals), key_messages.new_room_keys, tuple(sorted(key_messages.withheld_by)))

    async def read_key_messages(self, since: str | None) -> None:
        """Store the room keys that wait for this device, and nothing else: read no event, answer nothing."""
        for _ in range(_MOST_PORTIONS):
            query = {"timeout": "0", "filter": json.dumps({"room": {"rooms": []}}), "set_presence": "offline"}
            sync = await self._client.call("GET", path("sync"), query=query | ({"since": since} if since else {}))
            events = as_list(as_object(sync.get("to_device")).get("events"))
            self._receive_to_device(events)
            token = sync.get("next_batch")
            if not events or not isinstance(token, str):
                return
            since = token

    async def _portion(self, backfill: Backfill) -> list[Arrival]:
        """Return the next events of the gaps, or none when they can't be had now.

        A failure must not lose what this sync brought, so the gaps are tried again after the next one.
        """
        try:
            events, left = await backfill.portion(self._client)
            arrivals = await self._arrivals(events, [])
        except SignedOut:
            raise
        except OutsideFailure as failure:
            log.warning("a gap is not filled yet: %s", failure)
            self._stuck = True
            return []
        self._stuck = False
        self._backfill = replace(backfill, gaps=left) if left else None
        return arrivals

    async def _sync(self, since: str | None, timeout: timedelta) -> dict[str, Any]:
        milliseconds = max(0, int(timeout.total_seconds() * 1000))
        query = {
            "timeout": str(milliseconds),
            "filter": _filter(self._machine.user_id, self._per_room),
            "set_presence": "offline",
        }
        if since is not None:
            query["since"] = since
        try:
            sync = await self._client.call("GET", path("sync"), query=query, timeout=milliseconds / 1000 + _GRACE)
        except TooLarge:
            self._per_room = max(1, self._per_room // 10)  # the rest is a gap, and comes in portions
            raise
        self._per_room = _PER_ROOM
        return sync

    async def _arrivals(
        self, timelines: list[tuple[RoomId, list[object]]], invitations: list[ReadEvent]
    ) -> list[Arrival]:
        with self._store.commit():
            events = [read_event(self._machine, room_id, event) for room_id, events in timelines for event in events]
        read = [each for each in events if each is not None]
        self._lost_keys.missing(_lost(each.arrival for each in read if each.opened is None))
        return await self._judge([*invitations, *read], timelines)

    async def decrypt_again(self, arrival: Arrival) -> Arrival | None:
        with self._store.commit():
            read = reopen(self._machine, arrival)
        if read is None:
            return None
        [judged] = await self._judge([read], [(arrival.room_id, [arrival.content])])
        return None if judged.kind is ArrivalKind.UNDECRYPTABLE else judged

    def _receive_to_device(self, events: list[object]) -> _KeyMessages:
        """Take what was sent to this device alone: store room keys, let parts of a verification arrive, drop the rest."""
        received = _KeyMessages()
        with self._store.commit():
            for event in events:
                source = as_object(event)
                sender, kind, content = source.get("sender"), source.get("type"), as_object(source.get("content"))
                if not isinstance(sender, str) or not isinstance(kind, str) or too_deep(content):
                    received.arrivals.append(read_to_device(source, "Malformed"))
                elif kind.startswith(VERIFICATION):
                    received.arrivals.append(read_to_device(source))
                elif kind == "m.room_key.withheld":
                    self._withheld(Account(sender), content, received)
                elif kind == "m.room.encrypted":
                    self._receive_olm(Account(sender), content, source, received)
        return received

    def _withheld(self, sender: Account, content: dict[str, Any], received: _KeyMessages) -> None:
        code, sender_key = content.get("code"), content.get("sender_key")
        if code in _REFUSALS:
            received.withheld_by.add(sender)
        elif code == "m.no_olm" and isinstance(sender_key, str):
            self._machine.note_wedged(sender, sender_key)  # they found no one-time key: begin a session from here

    def _receive_olm(
        self, sender: Account, content: dict[str, Any], source: dict[str, Any], received: _KeyMessages
    ) -> None:
        # After a crash the same messages come again. Their ratchet has moved on: the session is not broken, but what they
        # brought may not have been used yet.
        digest = hashlib.sha256(json.dumps([sender, content], sort_keys=True).encode()).digest()
        if self._store.seen_to_device(digest):
            received.new_room_keys = True
            return
        try:
            received.new_room_keys |= self._machine.receive_to_device(sender, content)
        except Malformed as error:
            log.warning("malformed to-device message of %s set aside: %s", sender, error)
            received.arrivals.append(read_to_device(source, type(error).__name__))

    async def _judge(self, read: list[ReadEvent], timelines: Iterable[tuple[str, list[Any]]]) -> list[Arrival]:
        senders = {each.arrival.sender for each in read if each.opened is not None}
        identities = await self._devices.identities(senders)
        strange = {
            each.arrival.sender
            for each in read
            if each.opened and who_said(each.opened, identities[each.arrival.sender]).standing is Proof.UNKNOWN_DEVICE
        }
        if strange:  # a device newer than what is known, or none of theirs: ask once more before calling it forged
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
        """Take the steps that may fail without holding up each other or what arrived; they are tried again with the next sync."""
        steps: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("keys not replenished", lambda: self._own_keys.after_sync(sync)),
            ("sessions not mended", lambda: self._mend(self._machine.take_wedged())),
            ("lost keys not asked for", self._lost_keys.ask),
        )
        for what, keep in steps:
            try:
                await keep()
            except SignedOut:
                raise
            except OutsideFailure as failure:
                log.warning("%s: %s", what, failure)

    async def _mend(self, wedged: set[tuple[str, str]]) -> None:
        now = datetime.now(UTC)
        self._mended = {key: when for key, when in self._mended.items() if now - when < _MEND_EVERY}
        wedged -= self._mended.keys()  # once an hour: somebody who sends rubbish must not drain anyone's one-time keys
        if not wedged:
            return
        identities = await self._devices.identities(Account(user) for user, _ in wedged)
        devices = [device for identity in identities.values() for device in identity.devices]
        broken = {(device.user_id, device.curve25519): device for device in devices}
        broken = {key: device for key, device in broken.items() if key in wedged}
        self._mended |= dict.fromkeys(broken, now)  # only real devices, not what somebody claims to be one
        await self._room_keys.mend(broken.values())


@dataclass(slots=True)
class _KeyMessages:
    new_room_keys: bool = False
    withheld_by: set[Account] = field(default_factory=set)
    arrivals: list[Arrival] = field(default_factory=list)


def _gap(room_id: RoomId, timeline: dict[str, Any], since: str | None) -> Gap | None:
    start = timeline.get("prev_batch")
    if since is None or not timeline.get("limited") or not isinstance(start, str) or len(start) > LONGEST_TOKEN:
        return None
    return Gap(room_id, since, start, as_list(timeline.get("events")))


def _lost(arrivals: Iterable[Arrival]) -> list[LostKey]:
    """Return the keys that are missing to read these arrivals."""
    unread = [(each, as_object(as_object(each.content).get("content")).get("session_id")) for each in arrivals]
    return [
        LostKey(each.sender, each.room_id, session)
        for each, session in unread
        if each.kind is ArrivalKind.UNDECRYPTABLE and isinstance(session, str)
    ]


def _filter(bot: str, per_room: int) -> str:
    # The bot knows its own messages: without this, each of them would end a sync and cost a commit.
    timeline = {"limit": per_room, "not_senders": [bot]}
    room = {"timeline": timeline, "state": _NOTHING, "ephemeral": _NOTHING, "account_data": _NOTHING}
    return json.dumps({"presence": _NOTHING, "account_data": _NOTHING, "room": room})


def _is_text(value: object) -> bool:
    return isinstance(value, str)
