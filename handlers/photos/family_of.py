"""Whom the words of somebody who answers for several may name, as the facts are now (R15, R28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.circles import answers_for_others
from bot.core.transaction import Transaction
from bot.domain.identifiers import NO_PATIENT, ImageId
from bot.domain.image import Image
from bot.domain.people import Patient, Person, Relation
from bot.heard.family import Family


async def family_of(person: Person, tx: Transaction) -> Family:
    """Return whom their words may name: all they answer for today, with the name of each."""
    patients = await tx.answers_for(person)
    own = [one.id for one in patients if await tx.capacity(person.id, one.id) is Relation.SELF]
    for_others = await answers_for_others(tx.rows, person.id)
    return Family({one.id: one.name for one in patients}, own[0] if own else NO_PATIENT, for_others)


async def says_it_shows_another(words: str, image: Image, person: Person, tx: Transaction) -> bool:
    """Return whether words about this photo say that it shows somebody other than the patient it stands under (R15)."""
    return (await family_of(person, tx)).says_it_shows_another(words, image.patient_id)


async def whose_they_are(images: Sequence[Image], person: Person, tx: Transaction) -> Mapping[ImageId, Patient]:
    """Return whose these photos are, where the person answers for several and may so be told by name; nothing else."""
    theirs = {patient.id: patient for patient in await tx.answers_for(person)}
    several = len(theirs) > 1
    return {image.id: theirs[image.patient_id] for image in images if several and image.patient_id in theirs}
