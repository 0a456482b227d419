"""The pictures of one message, from whoever sent it: each is ledgered and fetched by itself, and those under one caption belong
together.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.dispatch import ChatRequest
from bot.core.transaction import Transaction
from bot.domain.image import Image
from bot.domain.intents import CaptureImage

from .media_named import ledger_attachments, tell_of_clear_preview


def by_caption(pictures: Sequence[ChatRequest]) -> list[list[ChatRequest]]:
    """Return the pictures under each caption, in the order in which the captions first stand there."""
    under: dict[str, list[ChatRequest]] = {}
    for picture in pictures:
        under.setdefault(picture.said.words, []).append(picture)
    return list(under.values())


async def begin_capture(image: Image, request: ChatRequest, tx: Transaction) -> None:
    """Account for the picture and its media, and have it fetched."""
    await ledger_attachments(tx, request.arrival, image.id)
    await tx.audit(image.sender_id, "image.received", image.id, ref=image.ref, event=image.event_id)
    await tell_of_clear_preview(tx, request.content, image)
    await tx.plan(CaptureImage(image.id), lane=image.id, crowd=f"captures:{image.sender_id}")
