"""R20 under a picture, wherever it is shown or sent on: what is secondary is to be judged on its own platform."""

from __future__ import annotations

from bot.domain.image import Image
from bot.domain.screening import Hint
from bot.domain.wording import see_original
from bot.domain.wording_pictures import LOOKS_SECONDARY
from bot.transaction import Transaction


async def with_caution(caption: str, image: Image, tx: Transaction) -> str:
    """What its sender said of it counts; else what it looks like, as no more than a hint: whoever looks decides."""
    if image.needs_its_original:
        return caption + see_original(image)
    screening = await tx.rows.screenings.first(id=image.id)
    looks = screening is not None and screening.found is not None and Hint.SECONDARY in screening.found.hints
    return f"{caption} {LOOKS_SECONDARY}" if looks else caption
