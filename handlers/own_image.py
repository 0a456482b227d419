"""The image a patient means: one they sent themselves. Anybody else's is answered as if it did not exist (R24)."""

from __future__ import annotations

from bot.dispatch import Request
from bot.domain.errors import Refused
from bot.domain.image import Image, State
from bot.transaction import Transaction


async def own_image(ref: str, request: Request, tx: Transaction) -> Image:
    """By reference; without one, their only image, or the latest."""
    if not ref.strip():
        sent = await tx.rows.images.find(sender_id=request.person.id)
        kept = [image for image in sent if image.state is not State.DISCARDED]
        if len(kept) != 1:
            raise Refused("Which photo? Please add its reference, like IMG-7F3K. “my images” lists them.")
        return kept[0]
    image = await tx.image_named(ref)
    if image.sender_id != request.person.id:
        raise Refused(f"I don't know {ref.strip()[:20]}. “my images” lists your photos.")
    return image
