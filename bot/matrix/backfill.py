"""Gaps in timelines: what was sent while the bot was away, read in portions, forward from where it stopped.

Guarantees: the caller's token does not move before every gap is filled, so a crash in between starts the gaps again and loses
nothing. However long the gaps are, no more than one portion is in memory. Meanwhile the feed goes on from `token`: nobody
waits for somebody else's long gap.

A gap ends after `MOST_PAGES`, because a homeserver could otherwise make up pages for ever. The log says when a rest is left out.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from bot.domain.identifiers import RoomId

from .foreign_json import as_list
from .homeserver_client import HomeserverClient, path

log = logging.getLogger(__name__)

PORTION = 20  # pages of at most a hundred events
LONGEST_TOKEN = 2000
MOST_PAGES = 20_000  # of one room: two million events


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing in one room between `position` and `end`, and the `newest` events, which follow it."""

    room_id: RoomId
    position: str
    end: str
    newest: list[object]
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Backfill:
    """The gaps since the caller's token `since`; once they are filled, `token` may be stored."""

    since: str
    token: str
    gaps: tuple[Gap, ...]

    async def portion(self, client: HomeserverClient) -> tuple[list[tuple[RoomId, list[object]]], tuple[Gap, ...]]:
        """Return the next events, by room, oldest first, and the gaps that are then left. This changes
        nothing: it may be repeated.
        """
        events: list[tuple[RoomId, list[object]]] = []
        gaps = list(self.gaps)
        for _ in range(PORTION):
            if not gaps:
                break
            gap = gaps[0]
            page, position = await _page(client, gap)
            events.append((gap.room_id, page))
            if position:
                gaps[0] = replace(gap, position=position, pages=gap.pages + 1)
            else:
                events.append((gap.room_id, gap.newest))
                del gaps[0]
        return events, tuple(gaps)


async def _page(client: HomeserverClient, gap: Gap) -> tuple[list[object], str]:
    query = {"dir": "f", "from": gap.position, "to": gap.end, "limit": "100"}
    answer = await client.call("GET", path("rooms", gap.room_id, "messages"), query=query, timeout=60)
    events, end = as_list(answer.get("chunk")), answer.get("end")
    if gap.pages + 1 >= MOST_PAGES:
        log.error("room %s: more than %d pages missed, the rest is left out", gap.room_id, MOST_PAGES)
        return events, ""
    goes_on = isinstance(end, str) and len(end) <= LONGEST_TOKEN and end != gap.position and events
    position = str(end) if goes_on else ""
    return events, position
