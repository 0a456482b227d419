"""For tests about media that several events show: messages as apps make them, and what they name."""

from __future__ import annotations

from typing import Any

from bot.domain.arrivals import Arrival
from tests.practice import Practice, Someone


def media(photo: Arrival) -> str:
    assert photo.content is not None
    return str(photo.content["file"]["url"])


def shown_again(who: Someone, photo: Arrival, *, room: str = "", **more: Any) -> Arrival:
    """As apps forward: another message that names the same media."""
    assert photo.content is not None
    return who.arrival(room or photo.room_id, photo.content | more)


def with_caption(who: Someone, photo: Arrival, caption: str) -> Arrival:
    """As Element X edits a caption: the whole message again, with its file, as a replacement."""
    assert photo.content is not None
    new = photo.content | {"body": caption, "filename": "photo.jpg"}
    relation = {"rel_type": "m.replace", "event_id": photo.event_id}
    return who.arrival(photo.room_id, new | {"m.new_content": new, "m.relates_to": relation})


async def comes(practice: Practice, *arrivals: Arrival) -> None:
    await practice.receive(*arrivals)
    await practice.settle()
