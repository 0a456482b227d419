"""Words about a photo go to the clinician who took it, or to the team, and are filed with the photo. Nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.dispatch import Request
from bot.core.documents import write
from bot.core.transaction import Transaction
from bot.core.who_may_hear import hears_of_patients
from bot.domain.authority import treats
from bot.domain.entries import EntryKind
from bot.domain.image import Image
from bot.domain.people import Person
from bot.words import to_patients

from .own_image import images_as_a_patient
from .photo_meant import photo_meant, who_has_it


async def pass_on(request: Request, tx: Transaction, about: Image | None = None) -> tuple[Image | None, str]:
    """Pass the words on; return the photo that they go with, None where there is none, and what to say.

    That is the photo they name or reply to, else the one they are `about`, else the latest sent.
    """
    meant = await photo_meant(request, tx)
    image = meant or about or latest_sent(await images_as_a_patient(request.person, tx), request.person)
    if image is None or not request.text.strip():
        return None, to_patients.NOTHING_TO_PASS_ON.format(practice=tx.policy.practice)
    await file_and_tell(image, request.text, request, tx)
    return image, await _passed_on(image, request.person, tx)


async def file_and_tell(image: Image, words: str, request: Request, tx: Transaction, *, ledger: bool = True) -> None:
    """File the words with the photo, and tell whoever has it. A photo's own message is in the ledger already."""
    document = await write(tx, EntryKind.ANSWER, image, image.patient_id, request.person.id, words, {})
    if ledger:
        await tx.ledger_message(request.arrival, image_id=image.id, document_id=document.id)
    told = to_patients.words_from_patient(image.ref, words)
    await tx.say(await who_has_it(image, tx), told, image_id=image.id)


async def taker_of(image: Image, tx: Transaction) -> str:
    """Return the name of the clinician who has it, "" while nobody who works here has."""
    taker = await tx.person(image.taken_by) if image.taken_by else None
    return taker.name if taker is not None and treats(taker) else ""


def latest_sent(theirs: Sequence[Image], person: Person) -> Image | None:
    """Return the latest photo they sent and may still write under; without one, the latest that they may hear of (R29)."""
    sent = [image for image in theirs if image.sender_id == person.id]
    return next(reversed(sent or theirs), None)


async def _passed_on(image: Image, person: Person, tx: Transaction) -> str:
    """Say that the words are passed on; somebody who answers for several reads whose photo it is, so that they see a mistake."""
    several = await hears_of_patients(tx.rows, person.id, tx.today)
    patient = next((other for other in several if other.id == image.patient_id), None)
    if patient is None or len(several) == 1:
        return to_patients.PASSED_ON.format(ref=image.ref)
    return to_patients.PASSED_ON_OF.format(ref=image.ref, name=patient.name)
