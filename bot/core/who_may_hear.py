"""Ask who may be told of images, with the facts of this moment; `domain.authority` decides (R28, R29)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.domain import authority
from bot.domain.authority import Verdict
from bot.domain.identifiers import NO_PERSON, PatientId, PersonId
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.domain.people import Patient, Person, Relation, Standing
from bot.ports import Commit

from .circles import circle_of, circles_of_person, matter_of, told_of


async def may_be_told(rows: Commit, person: Person, images: Iterable[Image], hearing: Hearing, day: date) -> Verdict:
    """Return whether words about all of these images may stand in this person's own room, or what forbids it.

    People who work here, or advise, are told whatever they have to do with it, and nothing any more once they have left (R28a).
    What is said to them as a patient, or as one of a patient's people, is judged like anybody else's.
    """
    if person.standing is Standing.LEFT:
        return Verdict(False, "R28a", "left")
    if hearing == Hearing.RECALL or (person.is_professional and hearing == Hearing.SPEAKS):
        return Verdict(True, "R28")
    for image in images:
        if image.from_colleague and hearing == Hearing.SENDING and person.is_professional:
            continue  # their own to look after
        verdict = await _may_hear(rows, person.id, image, hearing, day)
        if not verdict:
            return verdict
    return Verdict(True, "R29")


async def may_be_told_of(
    rows: Commit, person_id: PersonId, patient_ids: Iterable[PatientId], hearing: Hearing, day: date
) -> Verdict:
    """Return whether words that name these patients, and are about no image, may stand in this person's own room (R28, R33a).

    They are judged as one of these patients' people, whatever else they are here.
    """
    asked = {Hearing.SENDING: authority.may_send, Hearing.LINKED: authority.is_linked}
    for patient_id in patient_ids:
        may = asked.get(Hearing(hearing), authority.may_hear_of_access)
        if not (verdict := may(await circle_of(rows, patient_id), person_id, day)):
            return verdict
    return Verdict(True, "R28")


async def _may_hear(rows: Commit, person_id: PersonId, image: Image, hearing: Hearing, day: date) -> Verdict:
    circle = await circle_of(rows, image.patient_id) if image.patient_id else None
    matter = await matter_of(rows, image, circle)
    if circle is None or hearing == Hearing.SENDING:
        return authority.may_hear_of_sending(circle, matter, person_id)
    unsettled = image.filed_at is None or authority.is_doubted(circle, matter, day)
    if hearing in {Hearing.LISTED, Hearing.SAYS} and unsettled and _own_sending(person_id, image):
        return authority.may_send(circle, person_id, day)  # how it stands with their own photo
    if hearing == Hearing.SAYS:
        return authority.may_write(circle, matter, person_id, day)
    return authority.may_hear(circle, matter, person_id, day)


async def may_be_listed(rows: Commit, person_id: PersonId, image: Image, day: date) -> Verdict:
    """Return whether the image stands in this person's list."""
    return await _theirs(rows, person_id, image, Hearing.LISTED, day)


async def may_name(rows: Commit, person_id: PersonId, image: Image, day: date) -> Verdict:
    """Return whether this person may name the image: to say no, also while it stands in nobody's list (R15, R29a)."""
    return await _theirs(rows, person_id, image, Hearing.SAYS, day)


async def _theirs(rows: Commit, person_id: PersonId, image: Image, hearing: Hearing, day: date) -> Verdict:
    """Return the same of their own images: a colleague's is once it is filed; a signed form is no image of the patient's."""
    if not image.in_reach or (image.from_colleague and (not image.in_record or image.form_of)):
        return Verdict(False, "R24", "not-theirs-to-see")
    return await _may_hear(rows, person_id, image, hearing, day)


def _own_sending(person_id: PersonId, image: Image) -> bool:
    return image.sender_id == person_id and not image.from_colleague


async def may_hear(rows: Commit, person_id: PersonId, image: Image, day: date) -> Verdict:
    """Return whether words about this image may reach them."""
    return await _may_hear(rows, person_id, image, Hearing.SPEAKS, day)


async def may_write(rows: Commit, person_id: PersonId, image: Image, day: date) -> Verdict:
    """Return whether what they say counts for this image, and may be filed under it."""
    circle = await circle_of(rows, image.patient_id) if image.patient_id else None
    matter = await matter_of(rows, image, circle)
    if circle is None:
        return authority.may_hear_of_sending(circle, matter, person_id)
    return authority.may_write(circle, matter, person_id, day)


async def hears_of_patients(rows: Commit, person_id: PersonId, day: date) -> list[Patient]:
    """Return the patients whom this person speaks for or is, in the order they were linked.

    Each image still has to be asked about by itself.
    """
    circles = await circles_of_person(rows, person_id)
    return [circle.patient for circle in circles if person_id in authority.hears(circle, day)]


async def who_may_hear(rows: Commit, image: Image, day: date) -> dict[PersonId, Relation]:
    """Return all who may hear of this image, as a map from person id to capacity; nobody while it is not known whose it is."""
    if not image.patient_id:
        return {}
    circle = await circle_of(rows, image.patient_id)
    matter = await matter_of(rows, image, circle)
    able = authority.hears(circle, day)
    return {id: relation for id, relation in able.items() if authority.may_hear(circle, matter, id, day)}


async def unheard_of(rows: Commit, person: Person, day: date) -> set[PersonId]:
    """Return the people of whom this member of staff may not know, as they are one of the same patient's people (R33a)."""
    found = set[PersonId]()
    for circle in await circles_of_person(rows, person.id):
        if not authority.may_act_for_the_practice(circle, person, day):
            told = await told_of(rows, circle)
            theirs = {held.person_id for held in circle.authorities}
            found |= {id for id in theirs if not authority.may_know_of(circle, id, person.id, told, day)}
    return found


async def reads_words_as_staff(rows: Commit, reader: Person, image: Image, day: date) -> bool:
    """Return whether this person, who works here, may read what the image's sender wrote with it (R33a)."""
    return await _all_read([reader], image.sender_id, image, rows, day)


async def reads_words_in_the_team(rows: Commit, image: Image, day: date, author_id: PersonId = NO_PERSON) -> bool:
    """Return whether what its sender, or this author, wrote may stand where all who work here read it: none of them is held back
    from it (R33a).
    """
    return await _all_read(None, author_id or image.sender_id, image, rows, day)


async def _all_read(
    readers: Iterable[Person] | None, author_id: PersonId, image: Image, rows: Commit, day: date
) -> bool:
    """Return whether all of the readers may read it; for None, all of the staff.

    Until it is known whose image it is, it may be of any patient for whom the author answers.
    """
    known = [await circle_of(rows, image.patient_id)] if image.patient_id else []
    for circle in known or await circles_of_person(rows, author_id):
        staff = [one for one in circle.people.values() if one.is_staff and one.standing is not Standing.LEFT]
        asked = staff if readers is None else readers
        involved = [person for person in asked if not authority.may_act_for_the_practice(circle, person, day)]
        told = await told_of(rows, circle) if involved else {}
        at = image.received_at
        if not all(authority.may_read_as_staff(circle, author_id, person, told, day, at) for person in involved):
            return False
    return True
