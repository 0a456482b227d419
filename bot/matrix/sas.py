"""One emoji verification, as specified, and pure: a message goes in, messages come out, and a state is left.

Guarantees
- The emoji vouch for the keys that were handed in at the beginning. Verified means: the other side proved that it sees our
  keys, and proved its own device and its identity (master key), which signed that device.
- Our proof leaves only after `same`, which a person says. Nothing confirms by itself.
- For every message in every state it is decided whether it carries on, is ignored, or ends it. Nothing malformed raises.
- When both sides start, the start of the smaller user id counts.

Secrets live in this object only. Rules: only curve25519-hkdf-sha256, sha256, hkdf-hmac-sha256.v2 and emoji are spoken.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from canonicaljson import encode_canonical_json
from vodozemac import Curve25519PublicKey, EstablishedSas
from vodozemac import Sas as KeyPair

from bot.domain.emoji import spoken
from bot.domain.identifiers import Account

from .device_lists import Device, Identity
from .foreign_json import as_list, as_object
from .signatures import unpadded

SAS = "m.sas.v1"
_AGREEMENT, _HASH, _MAC = "curve25519-hkdf-sha256", "sha256", "hkdf-hmac-sha256.v2"
Message = tuple[str, dict[str, Any]]  # what follows "m.key.verification.", and the content


class SasState(StrEnum):
    NEW = "new"  # their request is being read
    ASKED = "asked"  # our request is out
    READY = "ready"  # we answered their request: they start
    STARTED = "started"  # our start is out
    ACCEPTED = "accepted"  # their start is accepted: their key comes first
    KEY_SENT = "key-sent"  # they accepted ours
    SHOWN = "shown"  # both see emoji
    CONFIRMED = "confirmed"  # a person said: the same
    VERIFIED = "verified"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Ourselves:
    user_id: Account
    device_id: str
    ed25519: str
    master: str


class _Wrong(Exception):
    """The other side's message ends the check. `code` is what they are told."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Verifying:
    """One check by emoji, between us and one account.

    `theirs` is what the homeserver shows of the other side; `in_room` decides how messages name the transaction.
    """

    def __init__(self, ours: Ourselves, theirs: Identity, transaction: str, *, in_room: bool, we_asked: bool) -> None:
        self._ours, self._theirs, self._transaction = ours, theirs, transaction
        self._in_room = in_room
        self._we_started = False
        self._device: Device | None = None
        self._pair = KeyPair()
        self._public = self._pair.public_key.to_base64()
        self._established: EstablishedSas | None = None
        self._start: dict[str, Any] = {}
        self._commitment = ""
        self._their_mac: Mapping[str, Any] | None = None
        self.state = SasState.ASKED if we_asked else SasState.NEW
        self.emoji: tuple[str, ...] = ()
        self.because = ""

    @property
    def transaction(self) -> str:
        return self._transaction

    @property
    def device_id(self) -> str:
        return self._device.device_id if self._device else ""

    @property
    def identity(self) -> str:
        return self._theirs.master

    def take(self, event: str, content: Mapping[str, Any] | None = None) -> list[Message]:
        """Return what to send for one event: a message of the other side, or `same`, `different`, `give-up` of ours."""
        if self.state in (SasState.VERIFIED, SasState.ENDED):
            return []
        if event == "give-up":
            return self._end(str((content or {}).get("code", "m.user")), ours=True)
        if event == "cancel":
            return self._end("cancelled-by-them", ours=False)
        act = _TABLE.get((self.state, event))
        if act is None:
            return self._end("m.unexpected_message", ours=True) if event in _UNEXPECTED else []
        try:
            return act(self, dict(content or {}))
        except _Wrong as wrong:
            return self._end(wrong.code, ours=True)

    # ---- what each message does

    def _requested(self, content: dict[str, Any]) -> list[Message]:
        if SAS not in as_list(content.get("methods")):
            raise _Wrong("m.unknown_method")
        self._know_device(content)
        self.state = SasState.READY
        return [self._message("ready", {"from_device": self._ours.device_id, "methods": [SAS]})]

    def _became_ready(self, content: dict[str, Any]) -> list[Message]:
        if SAS not in as_list(content.get("methods")):
            raise _Wrong("m.unknown_method")
        self._know_device(content)
        name, self._start = self._message(
            "start",
            {
                "from_device": self._ours.device_id,
                "method": SAS,
                "key_agreement_protocols": [_AGREEMENT],
                "hashes": [_HASH],
                "message_authentication_codes": [_MAC],
                "short_authentication_string": ["emoji", "decimal"],
            },
        )
        self._we_started, self.state = True, SasState.STARTED
        return [(name, self._start)]

    def _started(self, content: dict[str, Any]) -> list[Message]:
        if self.state is SasState.STARTED and self._ours.user_id < self._theirs.user_id:
            return []  # ours counts
        if self._device is None:
            self._know_device(content)
        elif content.get("from_device") != self._device.device_id:
            raise _Wrong("m.user_mismatch")
        offered = ("key_agreement_protocols", "hashes", "message_authentication_codes", "short_authentication_string")
        for key, spoken_here in zip(offered, (_AGREEMENT, _HASH, _MAC, "emoji"), strict=True):
            if spoken_here not in as_list(content.get(key)):
                raise _Wrong("m.unknown_method")
        if content.get("method") != SAS:
            raise _Wrong("m.unknown_method")
        self._we_started, self.state = False, SasState.ACCEPTED
        return [
            self._message(
                "accept",
                {
                    "method": SAS,
                    "key_agreement_protocol": _AGREEMENT,
                    "hash": _HASH,
                    "message_authentication_code": _MAC,
                    "short_authentication_string": [
                        each for each in ("emoji", "decimal") if each in content["short_authentication_string"]
                    ],
                    "commitment": _commitment(self._public, content),
                },
            )
        ]

    def _accepted(self, content: dict[str, Any]) -> list[Message]:
        chosen = (
            content.get("key_agreement_protocol"),
            content.get("hash"),
            content.get("message_authentication_code"),
        )
        if chosen != (_AGREEMENT, _HASH, _MAC) or "emoji" not in as_list(content.get("short_authentication_string")):
            raise _Wrong("m.unknown_method")
        self._commitment = _text(content, "commitment")
        self.state = SasState.KEY_SENT
        return [self._message("key", {"key": self._public})]

    def _got_first_key(self, content: dict[str, Any]) -> list[Message]:
        """Answer their key with ours: they started, so theirs comes first."""
        self._agree(_text(content, "key"))
        return [self._message("key", {"key": self._public})]

    def _got_second_key(self, content: dict[str, Any]) -> list[Message]:
        key = _text(content, "key")
        if not _same(self._commitment, _commitment(key, self._start)):
            raise _Wrong("m.mismatched_commitment")
        self._agree(key)
        return []

    def _said_same(self, _content: dict[str, Any]) -> list[Message]:
        self.state = SasState.CONFIRMED
        ours = {
            f"ed25519:{self._ours.device_id}": self._ours.ed25519,
            f"ed25519:{self._ours.master}": self._ours.master,
        }
        about = self._mac_info(self._ours.user_id, self._ours.device_id, self._theirs.user_id, self.device_id)
        mac = {name: self._mac(key, about + name) for name, key in ours.items()}
        out = [self._message("mac", {"mac": mac, "keys": self._mac(",".join(sorted(ours)), f"{about}KEY_IDS")})]
        return out if self._their_mac is None else [*out, *self._got_mac(dict(self._their_mac))]

    def _said_different(self, _content: dict[str, Any]) -> list[Message]:
        return self._end("m.mismatched_sas", ours=True)

    def _keep_mac(self, content: dict[str, Any]) -> list[Message]:
        """Keep their proof until a person here has said `same` too: they compared faster than we did."""
        if self._their_mac is None:
            self._their_mac = content
        return []

    def _got_mac(self, content: dict[str, Any]) -> list[Message]:
        """Require proof of both their device and their identity; ignore keys that are unknown to us."""
        assert self._device is not None
        about = self._mac_info(self._theirs.user_id, self.device_id, self._ours.user_id, self._ours.device_id)
        given = {name: mac for name, mac in as_object(content.get("mac")).items() if isinstance(mac, str)}
        if not _same(content.get("keys"), self._mac(",".join(sorted(given)), f"{about}KEY_IDS")):
            raise _Wrong("m.key_mismatch")
        must = {
            f"ed25519:{self.device_id}": self._device.ed25519,
            f"ed25519:{self._theirs.master}": self._theirs.master,
        }
        if not all(_same(given.get(name), self._mac(key, about + name)) for name, key in must.items()):
            raise _Wrong("m.key_mismatch")
        self.state = SasState.VERIFIED
        return [self._message("done", {})]

    # ---- parts

    def _know_device(self, content: Mapping[str, Any]) -> None:
        device_id = content.get("from_device")
        found = next((device for device in self._theirs.devices if device.device_id == device_id), None)
        if found is None or not found.signed or not self._theirs.master:
            raise _Wrong("m.key_mismatch")  # a device without an identity behind it proves nothing about anybody
        self._device = found

    def _agree(self, their_key: str) -> None:
        try:
            established = self._pair.diffie_hellman(Curve25519PublicKey.from_base64(their_key))
        except ValueError:
            raise _Wrong("m.invalid_message") from None
        us = (self._ours.user_id, self._ours.device_id, self._public)
        them = (self._theirs.user_id, self.device_id, their_key)
        first, second = (us, them) if self._we_started else (them, us)
        info = "|".join(["MATRIX_KEY_VERIFICATION_SAS", *first, *second, self._transaction])
        self._established = established
        self.emoji = spoken(established.bytes(info).emoji_indices)
        self.state = SasState.SHOWN

    def _mac_info(self, user: str, device: str, other_user: str, other_device: str) -> str:
        return f"MATRIX_KEY_VERIFICATION_MAC{user}{device}{other_user}{other_device}{self._transaction}"

    def _mac(self, what: str, info: str) -> str:
        assert self._established is not None
        return str(self._established.calculate_mac(what, info))

    def _message(self, name: str, content: dict[str, Any]) -> Message:
        if self._in_room:
            return name, {**content, "m.relates_to": {"rel_type": "m.reference", "event_id": self._transaction}}
        return name, {**content, "transaction_id": self._transaction}

    def _end(self, code: str, *, ours: bool) -> list[Message]:
        self.state, self.because = SasState.ENDED, code
        return [self._message("cancel", {"code": code, "reason": _REASONS.get(code, code)})] if ours else []


def _commitment(public: str, start: Mapping[str, Any]) -> str:
    return unpadded(hashlib.sha256(public.encode() + encode_canonical_json(dict(start))).digest())


def _text(content: Mapping[str, Any], key: str) -> str:
    value = content.get(key)
    if not isinstance(value, str):
        raise _Wrong("m.invalid_message")
    return value


def _same(given: object, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.rstrip("=").encode(), wanted.rstrip("=").encode())


_TABLE: dict[tuple[SasState, str], Callable[[Verifying, dict[str, Any]], list[Message]]] = {
    (SasState.NEW, "request"): Verifying._requested,
    (SasState.ASKED, "ready"): Verifying._became_ready,
    (SasState.READY, "start"): Verifying._started,
    (SasState.STARTED, "start"): Verifying._started,
    (SasState.STARTED, "accept"): Verifying._accepted,
    (SasState.ACCEPTED, "key"): Verifying._got_first_key,
    (SasState.KEY_SENT, "key"): Verifying._got_second_key,
    (SasState.SHOWN, "mac"): Verifying._keep_mac,
    (SasState.SHOWN, "same"): Verifying._said_same,
    (SasState.SHOWN, "different"): Verifying._said_different,
    (SasState.CONFIRMED, "mac"): Verifying._got_mac,
}
# These can only mean that one side has lost its place. A second request, ready or start, or a `done` too early, is ignored.
_UNEXPECTED = frozenset({"accept", "key", "mac"})
_REASONS = {
    "m.user": "The check was ended.",
    "m.timeout": "The check took too long.",
    "m.mismatched_sas": "The emoji were not the same.",
    "m.key_mismatch": "The keys could not be proved.",
    "m.unknown_method": "Only comparing emoji is possible here.",
}
