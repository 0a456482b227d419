"""What staff may not do themselves: act for a patient they are or speak for, or on a photo they sent as a patient (R33).

Nor look after what is a mature minor's own, where they are the minor's parent, and hear from nobody that it is (R33a).
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.transaction import Transaction
from bot.domain.authority import may_act_for_the_practice, may_look_after
from bot.domain.errors import Refused
from bot.domain.identifiers import PatientId
from bot.domain.image import Image
from bot.domain.people import Person
from bot.words import about_admission, about_handling


async def act_for_the_practice(person: Person, image: Image, patient_id: PatientId, tx: Transaction) -> None:
    """Refuse unless this is somebody else's matter. `patient_id`: whose the image is, or is to be; "" if nobody knows yet."""
    await look_after(person, image, tx)
    sent_as_patient = image.sender_id == person.id and not image.from_colleague
    if sent_as_patient:
        raise Refused(about_admission.not_for_your_own(), "R33")
    if patient_id:
        await act_about(person, patient_id, tx)


async def act_about(person: Person, patient_id: PatientId, tx: Transaction) -> None:
    """Refuse unless they neither are this patient nor speak for them: before it shows whom there is to be found."""
    if not may_act_for_the_practice(await tx.circle(patient_id), person, tx.today):
        raise Refused(about_admission.not_for_your_own(), "R33")


async def look_after(person: Person, image: Image, tx: Transaction) -> None:
    """Refuse to let them see it, or have it, where it is kept from them; who it shows is not said."""
    if not image.patient_id:
        return
    circle = await tx.circle(image.patient_id)
    verdict = may_look_after(circle, await tx.matter(image, circle), person, tx.today)
    if not verdict and verdict.rule == "R33a":
        raise Refused(about_handling.for_a_colleague(image.ref))


async def apart(people: Iterable[Person], patient_id: PatientId, tx: Transaction) -> list[Person]:
    """Return those of the staff who may hear who is whose: none who are, or speak for, this patient (R33, R33a).

    Whoever they may know of as one of the patient's people, they hear as one of these.
    """
    circle = await tx.circle(patient_id)
    return [person for person in people if may_act_for_the_practice(circle, person, tx.today)]
