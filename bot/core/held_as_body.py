"""Whether a picture is held here as a body, or was made from one: then it is no document, whatever is said of it (R3)."""

from __future__ import annotations

from bot.domain.identifiers import ImageId
from bot.domain.image import Image
from bot.domain.use_rules import Kind
from bot.ports import Commit


async def held_as_body(rows: Commit, sha256: str, image_id: ImageId) -> bool:
    """Return whether another image than `image_id` has these bytes, or was shown as these bytes, and is a body."""
    if not sha256:
        return False
    shown = {copy.image_id for copy in await rows.copies.with_digest(sha256)}
    same = await rows.images.with_digest(sha256)
    made_from = await rows.images.among(shown)
    return any(_is_a_body(image) for image in (*same, *made_from) if image.id != image_id)


def _is_a_body(image: Image) -> bool:
    """Return whether it is a patient's image, or one that a colleague attested as a body: until described it is neither."""
    described = not image.from_colleague or image.attested_at is not None
    return image.kind is Kind.BODY and described and image.in_reach
