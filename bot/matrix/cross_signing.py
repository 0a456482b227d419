"""The bot's own cross-signing identity: made once, kept for ever.

Without it, people whose app excludes insecure devices can neither read the bot nor be read by it, and what was sent before
the signing stays unreadable, so it comes before joining any room. Replacing it makes everyone who verified the bot refuse it,
so the caller seals the seeds before `bootstrap` publishes anything, and an account that already has another identity is refused
with `IdentityConflict`. nio has no cross-signing; this is signed JSON and three endpoints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account

from .device_lists import Identity, parse_identity
from .failures import IdentityConflict, failure
from .homeserver_client import HomeserverClient, path
from .olm_machine import OlmMachine
from .session import Session
from .signatures import public_key, signature


@dataclass(frozen=True, slots=True)
class Seeds:
    """The three private keys, 32 bytes each, never printed. The caller seals what `to_bytes` returns."""

    master: bytes = field(repr=False)
    self_signing: bytes = field(repr=False)
    user_signing: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> Seeds:
        return cls(*(Ed25519PrivateKey.generate().private_bytes_raw() for _ in range(3)))

    @classmethod
    def from_bytes(cls, octets: bytes) -> Seeds:
        if len(octets) != 96:
            raise ValueError("cross-signing seeds are exactly 96 bytes")
        return cls(octets[:32], octets[32:64], octets[64:])

    def to_bytes(self) -> bytes:
        return self.master + self.self_signing + self.user_signing

    @property
    def identity(self) -> str:
        """Return the public master key, which others pin."""
        return public_key(Ed25519PrivateKey.from_private_bytes(self.master))


async def bootstrap(homeserver_url: str, session: Session, seeds: Seeds, password: str | None = None) -> str:
    """Publish the identity and return its public master key.

    It is a success when this identity is published already; another one raises `IdentityConflict`. Only homeservers that want
    the password for a first identity ask for it; without one that raises `Permanent("password-needed")`.
    """
    client = HomeserverClient(homeserver_url, session.access_token)
    try:
        published = (await _shown(client, session.user_id)).master
        if published == seeds.identity:
            return published
        if published:
            raise IdentityConflict
        await _publish(client, session.user_id, seeds, password)
        return seeds.identity
    finally:
        await client.close()


async def sign_own_device(client: HomeserverClient, machine: OlmMachine, seeds: Seeds) -> None:
    """Sign this device with the identity of `seeds`, and return once the homeserver shows it as signed.

    Raises `IdentityConflict` when the homeserver shows another identity, else a failure.
    """
    for attempt in range(2):
        identity = await _shown(client, machine.user_id)
        if identity.master != seeds.identity:
            raise IdentityConflict if identity.master else Permanent("not-cross-signed", "bootstrap has not been run")
        own = next((device for device in identity.devices if device.device_id == machine.device_id), None)
        if own is not None and own.signed and own.ed25519 == machine.ed25519:
            return
        if attempt == 0:
            await _sign(client, machine, seeds)
    raise OutsideFailure("the homeserver does not show the device as signed")


async def sign_identity(client: HomeserverClient, own: Account, seeds: Seeds, account: Account, identity: str) -> None:
    """Sign somebody's master key with the user-signing key, so that the bot's own keys say whom it compared emoji with.

    Raises `Permanent("identity-changed")` when the homeserver shows another identity: only what was compared is signed.
    """
    body = await client.call("POST", path("keys", "query"), body={"device_keys": {account: []}})
    if parse_identity(account, body).master != identity:
        raise Permanent("identity-changed")
    signed = _signed(body["master_keys"][account], own, seeds.user_signing)
    kept = {key: value for key, value in signed.items() if key != "unsigned"}
    answer = await client.call("POST", path("keys", "signatures", "upload"), body={account: {identity: kept}})
    if answer.get("failures"):
        raise OutsideFailure("the homeserver refused the signature of an identity")


async def _shown(client: HomeserverClient, user_id: Account) -> Identity:
    """Return what the homeserver shows others of this account."""
    return parse_identity(
        user_id, await client.call("POST", path("keys", "query"), body={"device_keys": {user_id: []}})
    )


async def _sign(client: HomeserverClient, machine: OlmMachine, seeds: Seeds) -> None:
    # Sign what this machine says of itself, never what the homeserver shows for it.
    keys = {key: value for key, value in machine.device_keys().items() if key != "signatures"}
    signed = _signed(keys, machine.user_id, seeds.self_signing)
    answer = await client.call(
        "POST", path("keys", "signatures", "upload"), body={machine.user_id: {machine.device_id: signed}}
    )
    if answer.get("failures"):
        raise OutsideFailure("the homeserver refused the signature of the device")


async def _publish(client: HomeserverClient, user_id: Account, seeds: Seeds, password: str | None) -> None:
    body: dict[str, Any] = {
        "master_key": _key(user_id, "master", seeds.master),
        "self_signing_key": _signed(_key(user_id, "self_signing", seeds.self_signing), user_id, seeds.master),
        "user_signing_key": _signed(_key(user_id, "user_signing", seeds.user_signing), user_id, seeds.master),
    }
    where = path("keys", "device_signing", "upload")
    answer = await client.ask("POST", where, body=body)
    if answer.status == 401 and "flows" in answer.body:
        if password is None:
            raise Permanent("password-needed", "the homeserver asks for the password to publish the identity")
        identifier = {"type": "m.id.user", "user": user_id}
        proof = {"type": "m.login.password", "identifier": identifier, "password": password}
        body["auth"] = {**proof, "session": answer.body.get("session", "")}
        answer = await client.ask("POST", where, body=body)
        if answer.status == 401 and "flows" in answer.body:
            raise Permanent("forbidden", "the password was not accepted")
    if answer.status != 200:
        raise failure(answer.status, answer.body, answer.retry_after)


def _key(user_id: Account, usage: str, seed: bytes) -> dict[str, Any]:
    public = public_key(Ed25519PrivateKey.from_private_bytes(seed))
    return {"user_id": user_id, "usage": [usage], "keys": {f"ed25519:{public}": public}}


def _signed(value: Mapping[str, Any], user_id: Account, seed: bytes) -> dict[str, Any]:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return {**value, "signatures": {user_id: {f"ed25519:{public_key(key)}": signature(value, key)}}}
