"""What the homeserver brings, already judged. Handlers read these and never query keys themselves.

Who sent it and how far that is trusted is settled once, in `bot.matrix.trust`, and stored with the inbox row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from .identifiers import Account, EventId, RoomId

# How long an event whose key is late may still need what came before it, or what it was sent with.
KEY_MAY_COME = timedelta(hours=24)


class ArrivalKind(StrEnum):
    MESSAGE = "message"  # decrypted; `type` and `content` come from inside the ciphertext
    PLAINTEXT = "plaintext"  # sent without encryption, in whatever room
    UNDECRYPTABLE = "undecryptable"  # kept whole in `content`, tried again when a room key arrives
    REDACTION = "redaction"  # `target` was deleted by `sender`; not authenticated
    MEMBERSHIP = "membership"  # `target` (a user) is now content["membership"] in the room
    INVITED = "invited"  # the bot was invited by `sender`
    TO_DEVICE = (
        "to-device"  # part of a verification, sent to the bot's device alone; not authenticated, `room_id` is ""
    )
    MALFORMED = "malformed"  # could not be parsed; `content` holds only an error class name


class Proof(StrEnum):
    """How well the sender of a decrypted event is proved. Only SIGNED is ever acted upon."""

    SIGNED = "signed"  # the room in the payload matches, the keys are a sender's device's, and its owner's identity signed it
    UNSIGNED = "unsigned"  # a device of the sender, but not cross-signed by its owner
    UNKNOWN_DEVICE = "unknown-device"  # no device of this sender has these keys: forged, or deleted since
    WRONG_ROOM = "wrong-room"  # the payload was encrypted for another room
    REPLAYED = "replayed"  # this session index was seen before under another event id
    NONE = "none"  # nothing to judge: not a decrypted event


@dataclass(frozen=True, slots=True)
class TrustVerdict:
    """The trust verdict and the keys it rests on. Keys are unpadded base64; `identity` is the master key's public part."""

    standing: Proof
    device_id: str = ""
    identity: str = ""  # Ed25519 master cross-signing key of the sender at that moment; "" when there is none
    curve25519: str = ""  # identity key of the sending device
    ed25519: str = ""  # fingerprint key of the sending device
    session_id: str = ""
    message_index: int = -1


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that arrived. `sent_at` is the time by the homeserver's clock: UTC and unauthenticated."""

    kind: ArrivalKind
    room_id: RoomId
    event_id: EventId  # unique; for kinds without one, a stable digest made by the adapter
    sender: Account
    sent_at: datetime
    type: str = ""  # e.g. m.room.message
    content: dict[str, Any] | None = None
    target: str = ""
    verdict: TrustVerdict = TrustVerdict(Proof.NONE)


@dataclass(frozen=True, slots=True)
class Batch:
    """One sync response. `token` may be stored only in the commit that stores the arrivals."""

    token: str
    arrivals: tuple[Arrival, ...]
    new_room_keys: bool = False  # undecryptable arrivals are worth another try
    withheld_by: tuple[Account, ...] = ()  # whose app refuses the bot's device (m.room_key.withheld, m.unverified)


def storable(arrival: Arrival) -> Arrival:
    """Return the arrival with whatever is not text replaced: JSON can carry half a character, which no store or record can."""
    text = json.dumps(arrival.content, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return replace(arrival, content=json.loads(text.encode(errors="replace")))
    return arrival


def proof_of(arrival: Arrival) -> dict[str, object]:
    """Return what an answer or a sending rests on, to be kept after the chat event is purged; JSON values only.

    That is the decrypted payload, who signed it, and how far that was trusted.
    Attachment keys are left out: with them, whoever reads the record could open ciphertext kept elsewhere. Hashes stay.
    """
    content = dict(arrival.content or {})
    if isinstance(content.get("file"), dict):
        content["file"] = _without_key(content["file"])
    info = content.get("info")
    if isinstance(info, dict) and isinstance(info.get("thumbnail_file"), dict):
        content["info"] = {**info, "thumbnail_file": _without_key(info["thumbnail_file"])}
    verdict = arrival.verdict
    return {
        "payload": content,
        "type": arrival.type,
        "event_id": arrival.event_id,
        "room_id": arrival.room_id,
        "sender": arrival.sender,
        "sent_at": arrival.sent_at.isoformat(),
        "trust": verdict.standing.value,
        "identity": verdict.identity,
        "device_id": verdict.device_id,
        "curve25519": verdict.curve25519,
        "ed25519": verdict.ed25519,
        "session_id": verdict.session_id,
        "message_index": verdict.message_index,
    }


def _without_key(file: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in file.items() if name not in {"key", "iv"}}
