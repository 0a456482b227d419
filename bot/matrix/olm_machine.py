"""nio's Olm machine with its hazards closed: what this device can open, and what it encrypts.

Guarantees
- A malformed message or key raises `Malformed` or is dropped; it never reaches the sync loop as anything else.
- A room key belongs to the sender key that brought it first; the same session offered by another is refused, and from the same
  one it is only taken when it reaches further back. (nio overwrites the stored session, no matter which key owned it.)
- Type and content of an opened event come from inside the ciphertext. (nio copies relations from cleartext.)
- Keys are stored before they are uploaded, so that a crash between the two loses none.
- Only so many sessions and room keys are kept of one device, the newest: somebody who sends keys without end fills nothing.
- A forwarded key counts when the device that forwards it is the one it belongs to, and then as if sent at first hand.
- Key requests and nio's own emoji verification are not acted upon.
- nio logs nothing: on a failed validation it would log decrypted content, room and attachment keys included.
"""

from __future__ import annotations

import base64
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from nio.crypto import InboundGroupSession, OutboundGroupSession
from nio.crypto.olm_machine import Olm
from nio.events import DummyEvent, ForwardedRoomKeyEvent, RoomKeyEvent
from vodozemac import AnyOlmMessage, DecodeException, MegolmDecryptionException, PreKeyMessage

from bot.domain.identifiers import Account, EventId, RoomId

from .device_lists import Device
from .foreign_json import parse, pruned
from .signatures import is_signed
from .store import KeyStore
from .trust import MEGOLM, Opened

OLM = "m.olm.v1.curve25519-aes-sha2"
MOST_SESSIONS = 20  # with one device: an honest one has a few
MOST_ROOM_KEYS = 1000  # of one device: an honest one makes one for each hundred messages, or each week


def silence_nio() -> None:
    """Keep every record of nio and its database layer away from all log handlers."""
    for name in ("nio", "peewee"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.handlers = [logging.NullHandler()]


class Malformed(Exception):
    """What arrived is not what it claims to be. Trying again cannot help."""


class _GuardedOlm(Olm):  # type: ignore[misc]  # nio is untyped
    """nio's machine; the overridden methods close the hazards named above."""

    def __init__(self, user_id: Account, device_id: str, store: Any) -> None:
        super().__init__(user_id, device_id, store)
        self.rooms_sessions: dict[str, Any] = {session.id: session for session in self.inbound_group_store}
        self._brought: defaultdict[str, dict[str, None]] = defaultdict(
            dict
        )  # room keys by who brought them, oldest first
        for session in self.rooms_sessions.values():
            self._brought[session.sender_key][session.id] = None
        self.wedged: set[tuple[str, str]] = set()

    def save_session(self, curve_key: str, session: Any) -> None:
        super().save_session(curve_key, session)
        theirs = self.session_store[curve_key]  # the most recently used comes first
        while len(theirs) > MOST_SESSIONS:
            self.store.forget_session(theirs.pop().id)

    def create_group_session(
        self, sender_key: str, sender_fp_key: str, room_id: RoomId, session_id: str, session_key: str
    ) -> None:
        session = InboundGroupSession(session_key, sender_fp_key, sender_key, room_id)
        if session.id != session_id:
            raise Malformed("room key for another session")
        self._keep(session)

    def _keep(self, session: InboundGroupSession) -> None:
        known = self.rooms_sessions.get(session.id)
        if known is not None:
            same_owner = _owner(known) == _owner(session)
            if not same_owner or known.first_known_index <= session.first_known_index:
                return
        self.rooms_sessions[session.id] = session
        self.save_inbound_group_session(session)
        theirs = self._brought[session.sender_key]
        theirs[session.id] = None
        while len(theirs) > MOST_ROOM_KEYS:
            oldest = next(iter(theirs))
            del theirs[oldest], self.rooms_sessions[oldest]
            self.store.forget_room_key(oldest)

    def _handle_forwarded_room_key_event(
        self, sender: Account, sender_key: str, payload: dict[str, Any]
    ) -> ForwardedRoomKeyEvent | None:
        content = payload["content"]
        claimed = (content.get("sender_key"), content.get("sender_claimed_ed25519_key"))
        if claimed != (sender_key, payload["keys"]["ed25519"]):
            return None  # hearsay: only the forwarder's word would say whose key it is
        event = ForwardedRoomKeyEvent.from_dict(payload, sender, sender_key)
        if not isinstance(event, ForwardedRoomKeyEvent):
            raise Malformed("forwarded key")
        session = InboundGroupSession.import_session(content["session_key"], claimed[1], sender_key, event.room_id, [])
        if session.id != event.session_id:
            raise Malformed("forwarded key for another session")
        self._keep(session)
        return event

    def handle_key_verification(self, _: object) -> None:
        return None

    def _mark_device_for_unwedging(self, sender: Account, sender_key: str) -> None:
        self.wedged.add((sender, sender_key))


def _owner(session: InboundGroupSession) -> tuple[str, str, str]:
    return session.sender_key, session.ed25519, session.room_id


class OlmMachine:
    """One device's cryptography. Synchronous, no network: `room_keys`, `own_keys` and `feed` carry things about."""

    def __init__(self, store: KeyStore, user_id: Account, device_id: str) -> None:
        silence_nio()
        self.user_id, self.device_id = user_id, device_id
        self._store = store
        self._renewed: set[str] = set()
        self._olm = _GuardedOlm(user_id, device_id, store.nio)

    # -- what this device is

    @property
    def curve25519(self) -> str:
        return str(self._olm.account.identity_keys["curve25519"])

    @property
    def ed25519(self) -> str:
        return str(self._olm.account.identity_keys["ed25519"])

    @property
    def published(self) -> bool:
        """Return whether the device keys are known to be on the homeserver."""
        return bool(self._olm.account.shared)

    def device_keys(self) -> dict[str, Any]:
        return self._signed(
            {
                "algorithms": [OLM, MEGOLM],
                "device_id": self.device_id,
                "user_id": self.user_id,
                "keys": {f"curve25519:{self.device_id}": self.curve25519, f"ed25519:{self.device_id}": self.ed25519},
            }
        )

    def one_time_keys(self, wanted: int) -> dict[str, Any]:
        """Return at least `wanted` keys that are not yet published; they are stored before they are returned."""
        account = self._olm.account
        missing = wanted - len(account.one_time_keys["curve25519"])
        if missing > 0:
            account.generate_one_time_keys(missing)
            self._olm.save_account()
        keys = account.one_time_keys["curve25519"]
        return {f"signed_curve25519:{key_id}": self._signed({"key": key}) for key_id, key in keys.items()}

    def fallback_key(self) -> dict[str, Any]:
        """Return a fresh fallback key, for when all one-time keys are taken: without it a sender could not reach the bot."""
        account = self._olm.account._account
        account.generate_fallback_key()
        self._olm.save_account()
        return {
            f"signed_curve25519:{key_id}": self._signed({"key": key.to_base64(), "fallback": True})
            for key_id, key in account.fallback_key.items()
        }

    def mark_published(self) -> None:
        self._olm.account.shared = True
        self._olm.mark_keys_as_published()
        self._olm.save_account()

    # -- what arrives

    def receive_to_device(self, sender: Account, content: Mapping[str, Any]) -> bool:
        """Open an Olm message; return whether it brought a room key. Raises `Malformed`."""
        if content.get("algorithm") != OLM:
            raise Malformed("unknown algorithm")
        try:
            own = content["ciphertext"][self.curve25519]
            sender_key, body, prekey = content["sender_key"], own["body"], own["type"] == 0
            message = PreKeyMessage.from_base64(body) if prekey else AnyOlmMessage.normal(_octets(body))
            event = self._olm.decrypt(sender, sender_key, message)
            if prekey:
                self._olm.save_account()  # nio leaves the used one-time key in the stored account
        except Malformed:
            raise
        except Exception as error:  # a member chose these bytes, and nio raises whatever they lead it to
            raise Malformed(type(error).__name__) from None
        if isinstance(event, DummyEvent):
            self._renewed.add(sender_key)
        return isinstance(event, (RoomKeyEvent, ForwardedRoomKeyEvent))

    def note_wedged(self, user_id: Account, curve25519: str) -> None:
        self._olm.wedged.add((user_id, curve25519))

    def take_renewed(self) -> set[str]:
        """Return the curve25519 keys of the devices that began a new Olm session, since last asked, because they could not
        read.
        """
        renewed, self._renewed = self._renewed, set()
        return renewed

    def take_wedged(self) -> set[tuple[str, str]]:
        """Return (user, curve25519) of the devices whose Olm session was found, since last asked, to open no longer."""
        wedged, self._olm.wedged = self._olm.wedged, set()
        return wedged

    def open(self, room_id: RoomId, event_id: EventId, content: Mapping[str, Any]) -> Opened | None:
        """Return the inside of an encrypted event; None while its key is missing. Raises `Malformed`."""
        session_id, ciphertext = content.get("session_id"), content.get("ciphertext")
        if content.get("algorithm") != MEGOLM or not isinstance(session_id, str) or not isinstance(ciphertext, str):
            raise Malformed("not a Megolm message")
        session = self._olm.rooms_sessions.get(session_id)
        if session is None:
            return None
        try:
            plaintext, index = session.decrypt(ciphertext)
        except MegolmDecryptionException:
            return None  # before the first index this device was given: an earlier key may still come
        except (DecodeException, ValueError) as error:
            raise Malformed(type(error).__name__) from None
        payload = _payload(plaintext)
        right_room = payload["room_id"] == room_id == session.room_id
        # A copy in the wrong room must not claim the index: the true event would then look like the replay.
        first = self._store.first_event_of(session_id, index, event_id) if right_room else event_id
        return Opened(
            type=payload["type"],
            content=payload["content"],
            right_room=right_room,
            replayed=first != event_id,
            curve25519=session.sender_key,
            ed25519=session.ed25519,
            session_id=session_id,
            message_index=index,
        )

    # -- what is sent

    def new_room_key(self) -> OutboundGroupSession:
        session = OutboundGroupSession()
        session.mark_as_shared()  # nio's own bookkeeping of who has it is not used
        return session

    def lacks_session(self, device: Device) -> bool:
        return self._olm.session_store.get(device.curve25519) is None

    def start_session(self, device: Device, one_time_key: Mapping[str, Any]) -> bool:
        """Begin an Olm session with a claimed key; return False when that device did not sign the key, or it is unusable."""
        key = one_time_key.get("key")
        if not isinstance(key, str) or not is_signed(one_time_key, device.user_id, device.device_id, device.ed25519):
            return False
        try:
            self._olm.create_session(key, device.curve25519)
        except ValueError:
            return False
        return True

    def encrypt_to_devices(
        self, devices: Iterable[Device], event_type: str, content: Mapping[str, Any]
    ) -> dict[Device, dict[str, Any]]:
        """Encrypt the same content for each device under its own session; every ratchet is stored before this returns."""
        with self._store.commit():
            return {
                device: self._olm._olm_encrypt(
                    self._olm.session_store.get(device.curve25519), device, event_type, content
                )
                for device in devices
            }

    def encrypt(self, session: OutboundGroupSession, payload: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "algorithm": MEGOLM,
            "sender_key": self.curve25519,
            "ciphertext": session.encrypt(json.dumps(payload, separators=(",", ":"), allow_nan=False)),
            "session_id": session.id,
            "device_id": self.device_id,
        }

    def _signed(self, value: dict[str, Any]) -> dict[str, Any]:
        return {**value, "signatures": {self.user_id: {f"ed25519:{self.device_id}": self._olm.sign_json(value)}}}


def _payload(plaintext: str) -> dict[str, Any]:
    payload = pruned(parse(plaintext))
    if not isinstance(payload, dict):
        raise Malformed("payload is not an object")
    if not (isinstance(payload.get("type"), str) and isinstance(payload.get("content"), dict)):
        raise Malformed("payload without type or content")
    return {**payload, "room_id": payload.get("room_id")}


def _octets(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
