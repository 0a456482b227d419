"""Attackers: an account, a device, and the client-server API; what apps would never send is written by hand here.

`Attacker` is one device of anybody's account. It speaks Olm and Megolm by itself, and can be told to get any part wrong.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Self

import vodozemac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.homeserver import RegisteredAccount
from bot.matrix.homeserver_client import HomeserverClient, path
from bot.matrix.session import login
from bot.matrix.signatures import public_key, signable, signature

OLM, MEGOLM = "m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"


@dataclass
class Attacker:
    """A device. `user_id` is who it claims to be; nothing here asks whether that is so."""

    user_id: str
    device_id: str
    client: HomeserverClient | None = None
    account: vodozemac.Account = field(default_factory=vodozemac.Account)
    group: vodozemac.GroupSession = field(default_factory=vodozemac.GroupSession)

    @classmethod
    async def logged_in(cls, url: str, account: RegisteredAccount) -> Self:
        """With an account of their own; the device keys are published."""
        session = await login(url, account.user_id, account.password)
        attacker = cls(session.user_id, session.device_id, HomeserverClient(url, session.access_token))
        await attacker.call("POST", path("keys", "upload"), {"device_keys": attacker.device_keys()})
        return attacker

    async def call(self, method: str, where: str, body: Any = None) -> dict[str, Any]:
        assert self.client is not None
        return await self.client.call(method, where, body=body)

    async def close(self) -> None:
        if self.client is not None:
            await self.client.close()

    # ---- keys

    @property
    def curve25519(self) -> str:
        return str(self.account.curve25519_key.to_base64())

    @property
    def ed25519(self) -> str:
        return str(self.account.ed25519_key.to_base64())

    def signed(self, value: dict[str, Any]) -> dict[str, Any]:
        mark = self.account.sign(signable(value)).to_base64()
        return {**value, "signatures": {self.user_id: {f"ed25519:{self.device_id}": mark}}}

    def device_keys(self) -> dict[str, Any]:
        return self.signed(
            {
                "algorithms": [OLM, MEGOLM],
                "device_id": self.device_id,
                "user_id": self.user_id,
                "keys": {f"curve25519:{self.device_id}": self.curve25519, f"ed25519:{self.device_id}": self.ed25519},
            }
        )

    def one_time_keys(self, count: int) -> dict[str, Any]:
        self.account.generate_one_time_keys(count)
        return {
            f"signed_curve25519:{key_id}": self.signed({"key": key.to_base64()})
            for key_id, key in self.account.one_time_keys.items()
        }

    # ---- Olm and Megolm

    def olm(self, to: dict[str, Any], one_time_key: str, payload: dict[str, Any]) -> dict[str, Any]:
        """An Olm message for a device (its device keys), under a new session with this one-time key."""
        [curve] = [key for name, key in to["keys"].items() if name.startswith("curve25519:")]
        session = self.account.create_outbound_session(
            vodozemac.Curve25519PublicKey.from_base64(curve), vodozemac.Curve25519PublicKey.from_base64(one_time_key)
        )
        kind, octets = session.encrypt(json.dumps(payload).encode()).to_parts()
        body = base64.b64encode(octets).decode().rstrip("=")
        return {"algorithm": OLM, "sender_key": self.curve25519, "ciphertext": {curve: {"type": kind, "body": body}}}

    async def give_room_key(self, user_id: str, device_id: str, room_id: str) -> None:
        """The key of `group` for a room, as any device may send it to any other."""
        await self.to_device(user_id, device_id, "m.room.encrypted", await self.room_key(user_id, device_id, room_id))

    async def say_anew(self, user_id: str, device_id: str) -> None:
        """What an app says that could not read an Olm message: here is a new session."""
        await self.to_device(
            user_id, device_id, "m.room.encrypted", await self._olm_for(user_id, device_id, "m.dummy", {})
        )

    async def room_key(self, user_id: str, device_id: str, room_id: str) -> dict[str, Any]:
        """The Olm message that brings it."""
        session_key = self.group.session_key.to_base64()
        return await self._olm_for(user_id, device_id, "m.room_key", self.of_group(room_id, session_key))

    async def forwarded_key(
        self, user_id: str, device_id: str, room_id: str, *, curve25519: str, ed25519: str
    ) -> dict[str, Any]:
        """The Olm message that forwards it as the key of a device with these keys."""
        exported = vodozemac.InboundGroupSession(self.group.session_key).export_at(0)
        assert exported is not None
        content = self.of_group(room_id, exported.to_base64()) | {
            "sender_key": curve25519,
            "sender_claimed_ed25519_key": ed25519,
            "forwarding_curve25519_key_chain": [],
        }
        return await self._olm_for(user_id, device_id, "m.forwarded_room_key", content)

    def inside(self, user_id: str, ed25519: str, kind: str, content: Any) -> dict[str, Any]:
        """What an Olm message for this device of this user holds."""
        return {
            "sender": self.user_id,
            "sender_device": self.device_id,
            "keys": {"ed25519": self.ed25519},
            "recipient": user_id,
            "recipient_keys": {"ed25519": ed25519},
            "type": kind,
            "content": content,
        }

    def of_group(self, room_id: str, session_key: str) -> dict[str, Any]:
        session_id = self.group.session_id
        return {"algorithm": MEGOLM, "room_id": room_id, "session_id": session_id, "session_key": session_key}

    async def _olm_for(self, user_id: str, device_id: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        shown = await self.call("POST", path("keys", "query"), {"device_keys": {user_id: []}})
        device = shown["device_keys"][user_id][device_id]
        wanted = {"one_time_keys": {user_id: {device_id: "signed_curve25519"}}}
        claimed = await self.call("POST", path("keys", "claim"), wanted)
        [key] = claimed["one_time_keys"][user_id][device_id].values()
        inside = self.inside(user_id, device["keys"][f"ed25519:{device_id}"], kind, content)
        return self.olm(device, key["key"], inside)

    def megolm(self, room_id: str, content: dict[str, Any], kind: str = "m.room.message") -> dict[str, Any]:
        """The content of an encrypted event."""
        payload = json.dumps({"room_id": room_id, "type": kind, "content": content}).encode()
        return {
            "algorithm": MEGOLM,
            "sender_key": self.curve25519,
            "device_id": self.device_id,
            "session_id": self.group.session_id,
            "ciphertext": self.group.encrypt(payload).to_base64(),
        }

    async def to_device(self, user_id: str, device_id: str, kind: str, content: Any) -> None:
        messages = {"messages": {user_id: {device_id: content}}}
        await self.call("PUT", path("sendToDevice", kind, secrets.token_hex(8)), messages)

    async def send(self, room_id: str, content: Any, kind: str = "m.room.encrypted") -> str:
        answer = await self.call("PUT", path("rooms", room_id, "send", kind, secrets.token_hex(8)), content)
        return str(answer["event_id"])


@dataclass(frozen=True)
class FalseIdentity:
    """A cross-signing identity somebody else made up for a user, and a device it signed."""

    device: Attacker
    master: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    self_signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> str:
        return public_key(self.master)

    def shown(self) -> dict[str, Any]:
        """The answer to /keys/query, without the real user's keys."""
        user = self.device.user_id
        master, self_signing = self._key("master", self.master), self._key("self_signing", self.self_signing)
        device = self.device.device_keys()
        bare = {key: value for key, value in device.items() if key != "signatures"}
        device["signatures"][user][f"ed25519:{public_key(self.self_signing)}"] = signature(bare, self.self_signing)
        return {
            "device_keys": {user: {self.device.device_id: device}},
            "master_keys": {user: master},
            "self_signing_keys": {user: _signed(self_signing, user, self.master)},
        }

    def _key(self, usage: str, key: Ed25519PrivateKey) -> dict[str, Any]:
        public = public_key(key)
        return {"user_id": self.device.user_id, "usage": [usage], "keys": {f"ed25519:{public}": public}}


def _signed(value: dict[str, Any], user: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    return {**value, "signatures": {user: {f"ed25519:{public_key(key)}": signature(value, key)}}}
