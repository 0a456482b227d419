"""What shows that an event was opened: a read receipt on it or on what follows it, or anything written after it.

A thread is read for itself: only what is in the same thread, or outside of any, follows it. Which thread a receipt is meant for
the homeserver does not tell for one room alone, so the event that it stands on decides. Receipts that apps keep to themselves
(m.read.private) are nowhere to be seen. All of this the homeserver says, unproved: it decides nothing but whether somebody is
asked to look, or to call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.identifiers import Account, EventId

from .foreign_json import as_list, as_object

LOOKED_AT = 200  # events, from the latest back
_WRITTEN = frozenset({"m.room.encrypted", "m.room.message", "m.reaction"})
_NO_THREAD = ""


def shows_opened(room: Mapping[str, Any], event_id: EventId, bot: Account) -> bool:
    """Return whether a snapshot of the room shows that anybody but the bot opened this event.

    What stands before all that is looked at has everything there after it.
    """
    events = [as_object(event) for event in as_list(as_object(room.get("messages")).get("chunk"))]
    place = next((place for place, event in enumerate(events) if event.get("event_id") == event_id), None)
    thread = _NO_THREAD if place is None else _thread_of(events[place])
    later = events if place is None else events[place + 1 :]
    if any(_wrote(event, bot) and (_reacts_to(event, event_id) or _thread_of(event) == thread) for event in later):
        return True
    read = set(_receipts(room, bot))
    return event_id in read or any(event.get("event_id") in read and _thread_of(event) == thread for event in later)


def _wrote(event: Mapping[str, Any], bot: Account) -> bool:
    return event.get("sender") != bot and event.get("type") in _WRITTEN


def _reacts_to(event: Mapping[str, Any], event_id: EventId) -> bool:
    return event.get("type") == "m.reaction" and _relation(event).get("event_id") == event_id


def _thread_of(event: Mapping[str, Any]) -> str:
    relation = _relation(event)
    return str(relation.get("event_id")) if relation.get("rel_type") == "m.thread" else _NO_THREAD


def _relation(event: Mapping[str, Any]) -> dict[str, Any]:
    return as_object(as_object(event.get("content")).get("m.relates_to"))


def _receipts(room: Mapping[str, Any], bot: Account) -> Iterator[str]:
    """Yield the events that read receipts of anybody but the bot stand on."""
    for receipt in as_list(room.get("receipts")):
        for event_id, kinds in as_object(as_object(receipt).get("content")).items():
            if as_object(as_object(kinds).get("m.read")).keys() - {bot}:
                yield event_id
