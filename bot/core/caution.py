"""What is said under a picture, wherever it is shown or sent on: R20, and what there is to a document besides its pages."""

from __future__ import annotations

from bot.domain.image import Image
from bot.domain.screening import Hint
from bot.words.about_pictures import LOOKS_SECONDARY, not_shown
from bot.words.phrases import see_original

from .transaction import Transaction


async def with_caution(caption: str, image: Image, tx: Transaction) -> str:
    """Return the caption with what must be said under the picture.

    What its sender said of it counts; otherwise what it looks like, only as a hint: the person who looks decides.
    """
    screening = await tx.rows.screenings.known(image.id)
    found = None if screening is None else screening.found
    if found is not None and (missing := not_shown(found)):
        caption = f"{caption} {missing}"
    if image.needs_its_original:
        return caption + see_original(image)
    looks = found is not None and Hint.SECONDARY in found.hints
    return f"{caption} {LOOKS_SECONDARY}" if looks else caption
