"""The images somebody may ask about: those they may hear of, and what they sent as long as it is in no record.

Questions about anybody else's are answered as if it did not exist (R24, R33, R33a). When a child turns 18, or a photo turns
out to be somebody else's, the sender no longer sees what became of it.
"""

from __future__ import annotations

from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.core.who_may_hear import hears_of_patients, may_name
from bot.domain.errors import Refused
from bot.domain.image import Image
from bot.domain.people import Person
from bot.domain.references import as_reference
from bot.words import to_patients


async def own_image(ref: str | None, request: Request, tx: Transaction) -> Image:
    """Return the image with this reference; without one, their only image."""
    images = await own_images(request.person, tx)
    if ref is None:
        if len(images) != 1:
            raise Refused(to_patients.which_photo())
        return images[0]
    named = as_reference(ref)
    image = next((image for image in images if image.ref == named), None)
    if image is None:
        raise Refused(to_patients.unknown_to_them(ref.strip()[:20]))
    return image


async def own_images(person: Person, tx: Transaction) -> list[Image]:
    """Return the images that they may name, oldest first, without what was not kept."""
    sent = await tx.rows.images.sent_by(person.id)
    theirs = [patient.id for patient in await hears_of_patients(tx.rows, person.id, tx.today)]
    of_theirs = await tx.rows.images.of_patients(theirs)
    every = {image.id: image for image in (*sent, *of_theirs)}.values()
    named = [image for image in every if await may_name(tx.rows, person.id, image, tx.today)]
    return sorted(named, key=lambda image: image.received_at)


async def images_as_a_patient(person: Person, tx: Transaction) -> list[Image]:
    """Return the same without what they sent as a colleague: what they say as a patient is not about that (R15, R33)."""
    every = await own_images(person, tx)
    return [image for image in every if not (image.from_colleague and image.sender_id == person.id)]
