"""Whether a photo was sent before: apps that forward one name the same media again."""

from __future__ import annotations

from bot.domain.identifiers import Account, MediaId, PersonId
from bot.domain.image import Image, State
from bot.ports import Commit


async def sent_before(rows: Commit, mxc: MediaId, account: Account, sender_id: PersonId) -> Image | None:
    """Return the photo that this person sent with this media, if it is in the record or on its way there."""
    ids = {copy.image_id for copy in await rows.copies.of_media_of(mxc, account) if copy.image_id}
    sent = await rows.images.sent_before(ids, sender_id)
    return next((image for image in sent if image.stands_for_repeats and image.state is not State.RECEIVED), None)
