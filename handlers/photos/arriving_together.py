"""The pictures of one message, from whoever sent it: each is ledgered and fetched by itself, and those under one caption belong
together.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.dispatch import ChatRequest, caption_of
from bot.core.transaction import Transaction
from bot.domain.image import Image
from bot.domain.intents import CaptureImage

from .media_named import ledger_attachments, tell_of_clear_preview


def by_caption(pictures: Sequence[ChatRequest]) -> list[tuple[str, list[ChatRequest]]]:
    """Return the captions in the order they first stand there, each with its pictures."""
    under: dict[str, list[ChatRequest]] = {}
    for picture in pictures:
        under.setdefault(caption_of(picture.content), []).append(picture)
    return list(under.items())


async def begin_capture(image: Image, request: ChatRequest, tx: Transaction) -> None:
    """Account for the picture and its media, and have it fetched."""
    await ledger_attachments(tx, request.arrival, image.id)
    await tx.audit(image.sender_id, "image.received", image.id, ref=image.ref, event=image.event_id)
    await tell_of_clear_preview(tx, request.content, image)
    await tx.plan(CaptureImage(image.id), lane=image.id, crowd=f"captures:{image.sender_id}")
