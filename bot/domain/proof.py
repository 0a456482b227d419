"""What an answer or a sending rests on, kept after the chat event is purged: payload, keys, and the trust verdict."""

from __future__ import annotations

from .arrivals import Arrival


def proof_of(arrival: Arrival) -> dict[str, object]:
    """The decrypted payload, who signed it, and how far that was trusted; JSON values only.

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
