"""What one event of a room is, before anyone asks who sent it.

Every event is read on its own: what cannot be read is MALFORMED, with the name of what was wrong and nothing else, and never
stops the next. The bot's own events, state other than membership, and events already redacted concern nobody. Relations are what
the ciphertext says; those in the clear belong to whoever moves events. A part of an event that nobody needs spoils nothing,
however odd it is: it is left out, or taken for missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.arrivals import Arrival, ArrivalKind
from bot.domain.identifiers import NO_ROOM, Account, EventId, RoomId

from .foreign_json import as_object, pruned, too_deep
from .olm_machine import Malformed, OlmMachine
from .trust import Opened

VERIFICATION = "m.key.verification."


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """An arrival, and for a decrypted one what `trust.who_said` judges."""

    arrival: Arrival
    opened: Opened | None = None


def read_event(machine: OlmMachine, room_id: RoomId, event: object) -> ReadEvent | None:
    """Return one event of a timeline; None when it concerns nobody."""
    try:
        return _read(machine, room_id, event)
    except Exception as error:  # any member may have made this event, and it must not stop the others
        return ReadEvent(_malformed(room_id, event, type(error).__name__))


def read_invitation(user_id: Account, room_id: RoomId, room: object, since: str | None, now: datetime) -> ReadEvent:
    """Return an invitation of the bot. It has no event id: its digest stays the same when the same sync is asked for again."""
    try:
        state = room["invite_state"]["events"]  # type: ignore[index]
        [invitation] = [
            event for event in state if event.get("type") == "m.room.member" and event.get("state_key") == user_id
        ]
        sender = Account(_text(invitation, "sender"))
    except Exception as error:  # whoever invites the bot made this
        return ReadEvent(_malformed(room_id, room, type(error).__name__))
    event_id = invitation.get("event_id")
    if not isinstance(event_id, str):
        event_id = f"invitation:{_digest([room_id, sender, since])}"
    return ReadEvent(
        Arrival(ArrivalKind.INVITED, room_id, EventId(event_id), sender, now, type="m.room.member", target=user_id)
    )


def read_to_device(source: Mapping[str, Any], error: str = "") -> Arrival:
    """Read a message to this device on which people's decisions depend.

    It has no event id: its digest tells it from others.
    """
    if error:
        return _malformed(NO_ROOM, source, error)
    content = as_object(source.get("content"))
    return Arrival(
        ArrivalKind.TO_DEVICE,
        NO_ROOM,
        EventId(f"to-device:{_digest([source.get('sender'), source.get('type'), content])}"),
        Account(str(source.get("sender"))),
        datetime.now(UTC),
        str(source.get("type")),
        content,
    )


def reopen(machine: OlmMachine, arrival: Arrival) -> ReadEvent | None:
    """Return an undecryptable arrival, opened; None while its key is still missing."""
    read = read_event(machine, arrival.room_id, arrival.content)
    if read is None or read.arrival.kind is ArrivalKind.UNDECRYPTABLE:
        return None
    return read


def undecryptable(arrival: Arrival, source: Mapping[str, Any]) -> Arrival:
    """Return the arrival with its whole source, kept for another try."""
    return replace(arrival, kind=ArrivalKind.UNDECRYPTABLE, type="m.room.encrypted", content=dict(source))


def _read(machine: OlmMachine, room_id: RoomId, event: object) -> ReadEvent | None:
    event = pruned(event)
    if not isinstance(event, dict):
        raise Malformed("not an object")
    sender, event_id = Account(_text(event, "sender")), EventId(_text(event, "event_id"))
    event_type = _text(event, "type")
    content, unsigned = event.get("content"), event.get("unsigned")
    if sender == machine.user_id:
        return None
    if not isinstance(content, dict):
        raise Malformed("content is not an object")
    if isinstance(unsigned, dict) and "redacted_because" in unsigned:
        return None
    arrival = Arrival(ArrivalKind.PLAINTEXT, room_id, event_id, sender, _sent_at(event), event_type, content)
    if event.get("state_key") is not None:
        return _membership(arrival, event) if event_type == "m.room.member" else None
    if event_type == "m.room.redaction":
        target = content.get("redacts") or event.get("redacts")
        if not isinstance(target, str):
            raise Malformed("redacts nothing")
        return ReadEvent(replace(arrival, kind=ArrivalKind.REDACTION, content=None, target=target))
    if event_type != "m.room.encrypted":
        return ReadEvent(arrival)
    opened = machine.open(room_id, event_id, content)
    if opened is None:
        return ReadEvent(undecryptable(arrival, event))
    decrypted = replace(arrival, kind=ArrivalKind.MESSAGE, type=opened.type, content=opened.content)
    return ReadEvent(decrypted, opened)


def _membership(arrival: Arrival, event: Mapping[str, Any]) -> ReadEvent | None:
    membership, target = _text(event["content"], "membership"), _text(event, "state_key")
    unsigned = event.get("unsigned")
    before = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
    if isinstance(before, dict) and before.get("membership") == membership:
        return None  # a new name or picture
    changed = replace(arrival, kind=ArrivalKind.MEMBERSHIP, content={"membership": membership}, target=target)
    return ReadEvent(changed)


def _sent_at(event: Mapping[str, Any]) -> datetime:
    """Return the time by the homeserver's clock, or by this one when that says nothing usable."""
    milliseconds = event.get("origin_server_ts")
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)  # type: ignore[operator]
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.now(UTC)


def _text(event: Mapping[str, Any], key: str) -> str:
    value = event.get(key)
    if not isinstance(value, str) or not value:
        raise Malformed(f"no {key}")
    return value


def _malformed(room_id: RoomId, event: object, error: str) -> Arrival:
    source = event if isinstance(event, dict) else {}
    sender, event_id = source.get("sender"), source.get("event_id")
    return Arrival(
        ArrivalKind.MALFORMED,
        room_id,
        EventId(event_id if isinstance(event_id, str) and event_id else f"malformed:{_digest([room_id, event])}"),
        Account(sender if isinstance(sender, str) else ""),
        datetime.fromtimestamp(0, UTC),
        content={"error": error},
    )


def _digest(value: object) -> str:
    return hashlib.sha256(("too deep" if too_deep(value) else json.dumps(value, sort_keys=True)).encode()).hexdigest()
