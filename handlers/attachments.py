"""What an image-like event carries: its caption, its encrypted file, and every media id that must be accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.arrivals import Arrival
from bot.domain.copies import Copy, What
from bot.domain.image import Image, State
from bot.domain.wording_practice import PREVIEW_IN_CLEAR
from bot.transaction import Transaction

_MEDIA = re.compile(r"mxc://[^/\s]{1,255}/[^/\s]{1,255}")


def caption_of(content: Mapping[str, Any]) -> str:
    """The sender's words. `body` is a caption only where a different `filename` stands beside it (MSC2530)."""
    body, name = content.get("body"), content.get("filename")
    if not isinstance(body, str) or not isinstance(name, str) or body.strip() == name.strip():
        return ""
    return body.strip()


def claimed_size(content: Mapping[str, Any]) -> int:
    """What the sender's app says the file weighs, 0 when it does not say: only to plan with, never to believe."""
    info = content.get("info")
    size = info.get("size") if isinstance(info, dict) else None
    return size if isinstance(size, int) and not isinstance(size, bool) and 0 < size < 2**31 else 0


def encrypted_file(content: Mapping[str, Any]) -> dict[str, Any] | None:
    file = content.get("file")
    return dict(file) if isinstance(file, dict) and isinstance(file.get("url"), str) else None


async def tell_of_clear_preview(tx: Transaction, content: Mapping[str, Any], image: Image) -> None:
    """The photo is encrypted; what its app shows of it before that is opened need not be."""
    info = content.get("info")
    if isinstance(info, dict) and isinstance(info.get("thumbnail_url"), str):
        await tx.audit("bot", "image.preview-in-clear", image.id)
        await tx.tell_practice(PREVIEW_IN_CLEAR.format(ref=image.ref), image_id=image.id)


def media_of(content: Mapping[str, Any]) -> Iterator[tuple[What, str]]:
    """Every media id the event names, wherever: files, thumbnails, galleries, edits, what apps may think of next; each once."""
    seen: set[str] = set()
    open_: list[tuple[What, object]] = [(What.FILE, content)]
    while open_:
        what, value = open_.pop()
        if isinstance(value, dict):
            open_ += [(What.THUMBNAIL if "thumbnail" in key else what, inner) for key, inner in value.items()]
        elif isinstance(value, list):
            open_ += [(what, inner) for inner in value]
        elif isinstance(value, str) and _MEDIA.fullmatch(value) and value not in seen:
            seen.add(value)
            yield what, value


async def ledger_attachments(tx: Transaction, arrival: Arrival, image_id: str = "") -> None:
    """Account for the event and all its media. They go with the image; without one, or once it is verified, at once."""
    event = Copy(tx.ids.new(), What.MESSAGE, arrival.room_id, arrival.event_id, image_id=image_id)
    media = [
        Copy(tx.ids.new(), what, arrival.room_id, arrival.event_id, url, arrival.sender, image_id=image_id)
        for what, url in media_of(arrival.content or {})
    ]
    await tx.rows.copies.add(*media, event)
    if not image_id or (await tx.rows.images.get(image_id)).state is State.VERIFIED:
        await tx.erase(*media, event)
