"""Who has which devices, and which of them their owner's identity signed.

Guarantees: a device counts only if it signed its own keys; `signed` means that the self-signing key, itself signed by the master
key, signed it. What the homeserver says is checked by signature, never believed: a device it injects is `signed=False`. Lists are
kept in memory only and dropped as soon as the homeserver announces a change, so they are asked for again after a start.

Whether an identity is the right one is not decided here: `trust` compares it with the pin.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.identifiers import Account

from .foreign_json import as_object
from .homeserver_client import HomeserverClient, path
from .signatures import is_signed


@dataclass(frozen=True, slots=True)
class Device:
    """One device of one account, with the keys it signed itself."""

    user_id: Account
    device_id: str
    curve25519: str
    ed25519: str
    signed: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """What an account shows: its master key ("" for none) and its devices. Not `known` when it could not be asked for."""

    user_id: Account
    master: str
    devices: tuple[Device, ...]
    known: bool = True


class DeviceDirectory:
    """Identities by user id. The homeserver is asked for those that are not known or were announced as changed."""

    def __init__(self, client: HomeserverClient) -> None:
        self._client = client
        self._identities: dict[Account, Identity] = {}
        self._changes: defaultdict[str, int] = defaultdict(int)

    def forget(self, user_ids: Iterable[Account]) -> None:
        for user_id in user_ids:
            self._identities.pop(user_id, None)
            self._changes[user_id] += 1

    async def identities(self, user_ids: Iterable[Account]) -> dict[Account, Identity]:
        """Return one for every user asked for. A remote homeserver that is down gives `known=False`, and is asked again."""
        wanted = set(user_ids)
        unknown = {user for user in wanted if user not in self._identities}
        found = {user: self._identities[user] for user in wanted - unknown}
        if not unknown:
            return found
        changes = {user: self._changes[user] for user in unknown}
        body = await self._client.call(
            "POST", path("keys", "query"), body={"device_keys": {user: [] for user in sorted(unknown)}}, timeout=60
        )
        for user in unknown:
            identity = parse_identity(user, body)
            # If a change was announced while the answer was under way, the answer is out of date.
            if identity.known and self._changes[user] == changes[user]:
                self._identities[user] = identity
            found[user] = identity
        return found


def parse_identity(user_id: Account, body: Mapping[str, Any]) -> Identity:
    """Return one user's part of a /keys/query answer. Malformed devices and keys are left out, never raised."""
    devices = as_object(as_object(body.get("device_keys")).get(user_id))
    server = user_id.partition(":")[2]
    known = bool(devices) or server not in as_object(body.get("failures"))
    master_key = as_object(as_object(body.get("master_keys")).get(user_id))
    master = _public_key(master_key, user_id, "master")
    self_signing_key = as_object(as_object(body.get("self_signing_keys")).get(user_id))
    self_signing = _public_key(self_signing_key, user_id, "self_signing")
    if not master or not is_signed(self_signing_key, user_id, master, master):
        self_signing = ""
    parsed = (_device(user_id, device_id, as_object(keys), self_signing) for device_id, keys in devices.items())
    return Identity(user_id, master, tuple(device for device in parsed if device is not None), known)


def _device(user_id: Account, device_id: str, keys: Mapping[str, Any], self_signing: str) -> Device | None:
    public = as_object(keys.get("keys"))
    curve25519, ed25519 = public.get(f"curve25519:{device_id}"), public.get(f"ed25519:{device_id}")
    if not (isinstance(curve25519, str) and isinstance(ed25519, str)):
        return None
    if keys.get("user_id") != user_id or keys.get("device_id") != device_id:
        return None
    if not is_signed(keys, user_id, device_id, ed25519):
        return None
    signed = bool(self_signing) and is_signed(keys, user_id, self_signing, self_signing)
    return Device(user_id, device_id, curve25519, ed25519, signed)


def _public_key(key: Mapping[str, Any], user_id: Account, usage: str) -> str:
    """Return the one public key of a cross-signing key object, or "" when it is not a well-formed one of this user."""
    keys, usages = as_object(key.get("keys")), key.get("usage")
    if key.get("user_id") != user_id or not isinstance(usages, list) or usage not in usages or len(keys) != 1:
        return ""
    [(key_id, public)] = keys.items()
    return public if isinstance(public, str) and key_id == f"ed25519:{public}" else ""
