"""`!mine IMG-7F3K`: a clinician takes it, and the practice room shows that."""

from __future__ import annotations

from bot.core.consequences import note_fact
from bot.core.dispatch import Request
from bot.core.telling import refresh_announcement
from bot.core.transaction import Transaction
from bot.domain.errors import Refused
from bot.domain.image import Image, Taken
from bot.domain.message import Message
from bot.domain.people import Person
from bot.domain.staff_deeds import TakePhoto
from bot.words import about_handling
from handlers.people.two_people import look_after


async def mine(deed: TakePhoto, request: Request, tx: Transaction) -> Message | None:
    image = await tx.image_named(deed.ref)
    await look_after(request.person, image, tx)
    if image.taken_by and image.taken_by != request.person.id:
        taker = await tx.person(image.taken_by)
        raise Refused(about_handling.taken_by_another(image.ref, taker.name))
    await take(image, request.person, tx)
    return about_handling.taken(image.ref)


async def take(image: Image, person: Person, tx: Transaction) -> Image:
    """Let `person` have the image from now on. Taking it twice changes nothing."""
    await look_after(person, image, tx)
    if image.taken_by:
        return image
    taken = await note_fact(tx, image, Taken(person.id))
    await tx.audit(person.id, "image.taken", image.id)
    await refresh_announcement(tx, taken)
    return taken
