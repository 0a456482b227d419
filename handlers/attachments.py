"""What an image-like event carries: its caption, its encrypted file, and every media id that must be accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.arrivals import Arrival
from bot.domain.copies import Copy, What
from bot.transaction import Transaction


def caption_of(content: Mapping[str, Any]) -> str:
    """The sender's words. `body` is a caption only where a different `filename` stands beside it (MSC2530)."""
    body, name = content.get("body"), content.get("filename")
    if not isinstance(body, str) or not isinstance(name, str) or body.strip() == name.strip():
        return ""
    return body.strip()


def encrypted_file(content: Mapping[str, Any]) -> dict[str, Any] | None:
    file = content.get("file")
    return dict(file) if isinstance(file, dict) and isinstance(file.get("url"), str) else None


def media_of(content: Mapping[str, Any]) -> Iterator[tuple[What, str]]:
    """Every media id the event names, file and thumbnail, encrypted or not."""
    info = content.get("info")
    places: list[tuple[What, Any, str]] = [(What.FILE, content.get("file"), "url"), (What.FILE, content, "url")]
    if isinstance(info, dict):
        places += [(What.THUMBNAIL, info.get("thumbnail_file"), "url"), (What.THUMBNAIL, info, "thumbnail_url")]
    for what, place, name in places:
        url = place.get(name) if isinstance(place, dict) else None
        if isinstance(url, str) and url.startswith("mxc://") and len(url) < 300:
            yield what, url


async def ledger_attachments(tx: Transaction, arrival: Arrival, image_id: str = "") -> None:
    """Account for the event and all its media. Without an image they are not kept, and are erased at once."""
    event = Copy(tx.ids.new(), What.MESSAGE, arrival.room_id, arrival.event_id, image_id=image_id)
    media = [
        Copy(tx.ids.new(), what, arrival.room_id, arrival.event_id, url, arrival.sender, image_id=image_id)
        for what, url in media_of(arrival.content or {})
    ]
    await tx.rows.copies.add(*media, event)
    if not image_id:
        await tx.erase(*media, event)
