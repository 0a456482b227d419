"""Which photo a wish to have one back is about, where the words alone do not say (R29, R34)."""

from __future__ import annotations

from bot.domain.image import HeldFor, Image

from .around import Surroundings
from .written_about import last_talked_of, photos_asked_about


async def photos_to_hold(around: Surroundings) -> list[Image]:
    """Return the photos meant: named or replied to, else those of what is open, else what was last sent or written about."""
    theirs = [image for image in around.theirs if image.held_for is not HeldFor.WITHDRAWAL]
    if around.photo_meant() is not None:
        kept = {image.id for image in theirs}
        return [image for image in around.meant if image.id in kept]
    if asked := await photos_asked_about(theirs, around):
        return asked
    latest = await last_talked_of(theirs, around)
    return [latest] if latest is not None else []
