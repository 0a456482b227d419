"""A snapshot of a room shows that an event was opened, or it does not; whatever else stands in it is no reason to fail."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.identifiers import Account, EventId
from bot.matrix.opened import shows_opened

BOT, SAM = Account("@bot:hs.test"), "@sam:hs.test"
POST = EventId("$post")


def event(id_: str, sender: str = BOT, kind: str = "m.room.encrypted", **relates_to: str) -> dict[str, Any]:
    return {
        "event_id": id_,
        "sender": sender,
        "type": kind,
        "content": {"m.relates_to": relates_to} if relates_to else {},
    }


def receipt(event_id: str, who: str = SAM, kind: str = "m.read") -> dict[str, Any]:
    return {"type": "m.receipt", "content": {event_id: {kind: {who: {"ts": 1}}}}}


def room(events: list[Any], *receipts: Any) -> dict[str, Any]:
    return {"messages": {"chunk": events}, "receipts": list(receipts)}


IN_THREAD = event(POST, rel_type="m.thread", event_id="$root")
EARLIER, LATER = event("$earlier"), event("$later")


@pytest.mark.parametrize(
    "snapshot",
    [
        room([EARLIER, event(POST)], receipt(POST)),
        room([event(POST), LATER], receipt("$later")),
        room([event(POST), event("$answer", SAM)]),
        room([event(POST), event("$reaction", SAM, "m.reaction", rel_type="m.annotation", event_id=POST)]),
        room([LATER], receipt("$later")),  # so long ago that it is not among the latest
        room([LATER, event("$answer", SAM)]),
        room([IN_THREAD], receipt(POST)),
        room([IN_THREAD, event("$next", rel_type="m.thread", event_id="$root")], receipt("$next")),
        room([IN_THREAD, event("$answer", SAM, rel_type="m.thread", event_id="$root")]),
        room([IN_THREAD, event("$reaction", SAM, "m.reaction", rel_type="m.annotation", event_id=POST)]),
    ],
)
def test_what_shows_that_it_was_opened(snapshot: dict[str, Any]) -> None:
    assert shows_opened(snapshot, POST, BOT)


@pytest.mark.parametrize(
    "snapshot",
    [
        room([EARLIER, event(POST), LATER]),
        room([EARLIER, event(POST)], receipt("$earlier")),
        room([event(POST)], receipt("$long-ago")),
        room([event(POST)], receipt(POST, kind="m.read.private")),
        room([event(POST)], receipt(POST, who=BOT)),
        room([event("$answer", SAM), event(POST)]),
        room([event(POST), event("$left", SAM, "m.room.member")]),
        room([IN_THREAD, LATER], receipt("$later")),
        room([event(POST), event("$aside", rel_type="m.thread", event_id="$root")], receipt("$aside")),
        room([IN_THREAD, event("$chat", SAM)]),
        room([], receipt("$somewhere")),
        {},
        {"messages": 7, "receipts": [None, {"content": {POST: [SAM]}}]},
        room([None, {"event_id": 7, "content": "odd"}, event(POST)], {"content": {POST: {"m.read": 7}}}),
    ],
)
def test_what_does_not_show_it(snapshot: dict[str, Any]) -> None:
    assert not shows_opened(snapshot, POST, BOT)
