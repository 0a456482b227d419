"""Keeping this device reachable: its keys, one-time keys and fallback key on the homeserver.

A count of 0 is a count: the keys are replenished. There is always a fallback key, so that a sender finds one even when somebody
drained the one-time keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import Permanent

from .foreign_json import as_object
from .homeserver_client import HomeserverClient, path
from .olm_machine import OlmMachine

_WANTED = 50


class OwnKeys:
    """The published half of the Olm machine's account."""

    def __init__(self, client: HomeserverClient, machine: OlmMachine) -> None:
        self._client = client
        self._machine = machine

    async def publish(self) -> None:
        """Publish the device keys at the start, and as many one-time keys as are missing."""
        own = await self._client.call(
            "POST", path("keys", "query"), body={"device_keys": {self._machine.user_id: [self._machine.device_id]}}
        )
        shown = as_object(as_object(own.get("device_keys")).get(self._machine.user_id)).get(self._machine.device_id)
        fingerprint = as_object(as_object(shown).get("keys")).get(f"ed25519:{self._machine.device_id}")
        if fingerprint is not None and fingerprint != self._machine.ed25519:
            raise Permanent("key-store-lost", "this session's keys are not in the key store; log the bot in again")
        body = {} if self._machine.published and fingerprint else {"device_keys": self._machine.device_keys()}
        counts = as_object((await self._upload(body)).get("one_time_key_counts"))
        await self._replenish(counts.get("signed_curve25519", 0), fallback_missing=not self._machine.published)
        self._machine.mark_published()

    async def after_sync(self, sync: Mapping[str, Any]) -> None:
        """Replenish the keys that, according to the sync, have been used."""
        counts, unused = sync.get("device_one_time_keys_count"), sync.get("device_unused_fallback_key_types")
        count = as_object(counts).get("signed_curve25519", 0) if counts is not None else _WANTED
        await self._replenish(count, isinstance(unused, list) and "signed_curve25519" not in unused)

    async def _replenish(self, count: object, fallback_missing: bool) -> None:
        missing = max(0, _WANTED - count) if isinstance(count, int) else 0
        if missing < _WANTED // 5 and not fallback_missing:
            return
        body: dict[str, Any] = {}
        if missing:
            body["one_time_keys"] = self._machine.one_time_keys(missing)
        if fallback_missing:
            body["fallback_keys"] = self._machine.fallback_key()
        await self._upload(body)
        self._machine.mark_published()

    async def _upload(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return await self._client.call("POST", path("keys", "upload"), body=body)
