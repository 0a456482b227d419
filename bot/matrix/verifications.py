"""Checks by emoji under way: the messages of `sas`, carried to and from other people's apps, in their room or between devices.

Guarantees: a step with the same key is taken once, however often it is asked for; messages that were not delivered are delivered
first. What is under way lives in memory only, as its secrets must, so a check from before the start is answered with a
cancellation. In a room every device there may read the messages: they are about nobody.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, EventId, RoomId
from bot.domain.verification import LOST, Reached, Stage, Verification

from .cross_signing import Seeds, sign_identity
from .device_lists import DeviceDirectory
from .homeserver_client import HomeserverClient, path
from .sas import SAS, Message, Ourselves, SasState, Verifying

PREFIX = "m.key.verification."
_MOST = 200  # checks kept; ended ones are among them, so that a repeated step finds its answer
_STAGES = {
    SasState.SHOWN: Stage.SHOWN,
    SasState.CONFIRMED: Stage.CONFIRMED,
    SasState.VERIFIED: Stage.VERIFIED,
    SasState.ENDED: Stage.ENDED,
}
SendInRoom = Callable[[RoomId, str, Mapping[str, Any], str], Awaitable[EventId]]  # room, type, content, transaction id


@dataclass(slots=True)
class _UnderWay:
    verifying: Verifying
    last_key: str = ""
    unsent: list[Message] = field(default_factory=list)


class Verifications:
    """The port `Verifier`."""

    def __init__(
        self, client: HomeserverClient, devices: DeviceDirectory, ours: Ourselves, seeds: Seeds, send: SendInRoom
    ) -> None:
        self._client, self._devices, self._ours, self._seeds, self._send = client, devices, ours, seeds, send
        self._under_way: dict[str, _UnderWay] = {}

    async def step(self, check: Verification, event: str, content: Mapping[str, Any], *, key: str) -> Reached:
        one = self._under_way.get(check.id)
        if one is None and event in ("ask", "request"):
            one = self._under_way[check.id] = _UnderWay(await self._begin(check, event, key))
            while len(self._under_way) > _MOST:
                self._under_way.pop(next(iter(self._under_way)))
        if one is None:
            await self._cancel_lost(check, content, key)
            return LOST
        if one.last_key != key:
            one.last_key = key
            if event in ("same", "different", "give-up") or _transaction(content) == one.verifying.transaction:
                one.unsent += one.verifying.take(event, content)
            elif event == "request" and check.room_id:
                one.unsent += one.verifying.take(event, content)  # its own event id is the transaction
        while one.unsent:
            name, body = one.unsent[0]
            await self._deliver(check, one.verifying.device_id, name, body, f"{key}-{len(one.unsent)}")
            one.unsent.pop(0)
        now = one.verifying
        stage = _STAGES.get(now.state, Stage.ASKED)
        return Reached(stage, now.transaction, now.device_id, now.identity, now.emoji, now.because)

    async def sign_identity(self, account: Account, identity: str) -> None:
        await sign_identity(self._client, self._ours.user_id, self._seeds, account, identity)

    async def _begin(self, check: Verification, event: str, key: str) -> Verifying:
        self._devices.forget([check.account])
        theirs = (await self._devices.identities([check.account]))[check.account]
        if not theirs.known:
            raise OutsideFailure("their homeserver can't be asked for their keys")
        if not theirs.master:
            raise Permanent("no-identity")
        we_asked = event == "ask"
        transaction = await self._ask(check, key) if we_asked else check.transaction
        return Verifying(self._ours, theirs, transaction, in_room=bool(check.room_id), we_asked=we_asked)

    async def _ask(self, check: Verification, key: str) -> str:
        request = {
            "msgtype": f"{PREFIX}request",
            "body": "Your app can't compare emoji with me. Please use another app, or call the practice.",
            "from_device": self._ours.device_id,
            "methods": [SAS],
            "to": check.account,
        }
        return await self._send(check.room_id, "m.room.message", request, key)

    async def _cancel_lost(self, check: Verification, content: Mapping[str, Any], key: str) -> None:
        if not check.transaction:
            return
        body: dict[str, Any] = {
            "code": content.get("code", "m.user"),
            "reason": "The check has ended. Please start again.",
        }
        if check.room_id:
            body["m.relates_to"] = {"rel_type": "m.reference", "event_id": check.transaction}
        else:
            body["transaction_id"] = check.transaction
        await self._deliver(check, "", "cancel", body, key)

    async def _deliver(self, check: Verification, device_id: str, name: str, body: dict[str, Any], key: str) -> None:
        if check.room_id:
            await self._send(check.room_id, PREFIX + name, body, key)
            return
        messages = {check.account: {device_id or check.device_id or "*": body}}
        await self._client.call("PUT", path("sendToDevice", PREFIX + name, key), body={"messages": messages})


def _transaction(content: Mapping[str, Any]) -> object:
    relation = content.get("m.relates_to")
    return relation.get("event_id") if isinstance(relation, Mapping) else content.get("transaction_id")
