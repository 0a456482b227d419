"""What was filed before somebody was linked, and opens to them once a second person, or the patient, lets it (R33).

What is a mature minor's own never opens to a parent or guardian, so it is not counted for them: neither a sentence nor a
question may show that it is there (R33a). The person who decides after the 18th birthday is asked about all of it.
"""

from __future__ import annotations

from bot.core.transaction import Transaction
from bot.domain.authority import Circle, is_their_own
from bot.domain.document import DocumentState
from bot.domain.image import Image
from bot.domain.people import Relation


async def images_filed(circle: Circle, relation: Relation, tx: Transaction) -> list[Image]:
    """Return the patient's images in the record that may ever open to somebody in this capacity."""
    filed = [image for image in await tx.rows.images.of_patient(circle.patient.id) if image.filed_at is not None]
    if relation not in {Relation.PARENT, Relation.GUARDIAN}:
        return filed
    return [image for image in filed if not is_their_own(circle, await tx.matter(image, circle), tx.today)]


async def anything_filed(circle: Circle, relation: Relation, tx: Transaction) -> bool:
    """Return whether there are images or words that may ever open to somebody in this capacity."""
    images = {image.id for image in await images_filed(circle, relation, tx)}
    written = await tx.rows.documents.of_patient(circle.patient.id, DocumentState.VERIFIED)
    return bool(images) or any(not document.image_id for document in written)
