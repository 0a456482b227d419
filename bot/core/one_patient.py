"""Words that staff write about an image are about its patient alone."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.transaction import Transaction
from bot.domain.errors import Refused
from bot.domain.image import Image
from bot.domain.references import references_in
from bot.words import about_handling


async def of_one_patient(words: str, images: Sequence[Image], tx: Transaction) -> None:
    """Refuse words about these images that name a photo of somebody else: they would be read in the wrong record (R15, R29)."""
    patients = {image.patient_id for image in images}
    for ref in sorted(references_in(words)):
        other = await tx.rows.images.with_ref(ref)
        if other is not None and other.patient_id not in patients:
            raise Refused(about_handling.names_another(images[0].ref, other.ref), "R15")
