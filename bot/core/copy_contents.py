"""Say what of a record somebody's copy holds: what they may hear of, and no words that mention anything else (R24, R33, R33a)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from bot.domain import authority, rooms
from bot.domain.authority import Circle
from bot.domain.consent import Disclosure
from bot.domain.entries import EntryKind, HeldEntry, Unnamed
from bot.domain.identifiers import DocumentId, ImageId, PatientId, PersonId
from bot.domain.image import Image
from bot.domain.people import Person, Standing
from bot.ports import Commit

from .circles import circle_of, matter_of, told_of, whose_then
from .documents import of_whom, was_told
from .how_far import may_have_come


async def open_to(
    rows: Commit, person_id: PersonId, patient_id: PatientId, entries: Iterable[HeldEntry], day: date
) -> list[HeldEntry]:
    """Return those of these entries of a patient's record that this person may have today; none if they may have nothing.

    An entry that is neither an image nor a document in the journal is left out: nobody knows what it says.
    """
    person = await rows.people.known(person_id)
    circle = await circle_of(rows, patient_id)
    if person is None or person.standing is not Standing.ACTIVE or person_id not in authority.hears(circle, day):
        return []
    images = {image.id: image for image in await rows.images.of_patient(patient_id)}
    documents = {document.id: document for document in await rows.documents.of_patient(patient_id)}
    documents |= {document.id: document for document in await rows.documents.of_images(images)} if images else {}
    other = {document.image_id for document in documents.values()} - images.keys() - {""}
    elsewhere = {image.id: image for image in await rows.images.among(other)} if other else {}
    given = await rows.disclosures.of_images(other, person_id)
    had = {disclosure.image_id for disclosure in await may_have_come(rows, given)}
    had |= {image.id for image in elsewhere.values() if image.sender_id == person_id}
    hears_of = {image.id for image in images.values() if await _may_hear(rows, circle, image, person_id, day)}
    closed = {image.ref for image in images.values() if image.id not in hears_of}
    closed |= {image.ref for image in elsewhere.values() if image.id not in had}
    theirs_there = {image.id for image in elsewhere.values() if await _may_hear_there(rows, image, person_id, day)}
    told = await told_of(rows, circle)
    of_others = _of_others(images.values(), person_id)

    def may_have(entry: HeldEntry) -> bool:
        if entry.mentions & closed:
            return False
        if entry.entry_id in images:
            return entry.entry_id in hears_of
        document = documents.get(DocumentId(entry.entry_id))
        if document is None or document.is_called_back:
            return False
        about = images.get(document.image_id) or elsewhere.get(document.image_id)
        involved = of_whom(document, about, circle.people)
        if not all(authority.may_know_of(circle, id, person_id, told, day, document.at) for id in involved):
            return False
        if document.kind is EntryKind.ORIGIN and document.image_id in of_others:
            return False  # where they were when they took it
        if document.image_id in images and of_a_stranger(circle, images[document.image_id], document.author_id):
            return False  # the words of a patient in whose record it lay by mistake (R29)
        if document.image_id in images:
            return document.image_id in hears_of
        # Words about no image that is here: about the patient, or the trace of a photo that lay here by mistake, which is for
        # whoever sent it or got it from us, and for nobody else (R30). What else was written of it is somebody else's: also a
        # reply that had reached them, and was taken back (R29).
        of = elsewhere.get(document.image_id)
        if of is not None and (of.id not in had or not was_told(document, of, person_id)):
            return False
        if of is not None and document.kind is EntryKind.REPLY and of.id not in theirs_there:
            return False
        return bool(authority.may_hear_of_patient(circle, person_id, day))

    return [entry for entry in entries if may_have(entry)]


async def _may_hear_there(rows: Commit, image: Image, person_id: PersonId, day: date) -> bool:
    """Return whether they may hear of an image in the record where it stands now, if it stands in one."""
    return bool(image.patient_id) and await _may_hear(
        rows, await circle_of(rows, image.patient_id), image, person_id, day
    )


async def _may_hear(rows: Commit, circle: Circle, image: Image, person_id: PersonId, day: date) -> bool:
    return bool(authority.may_hear(circle, await matter_of(rows, image, circle), person_id, day))


def of_a_stranger(circle: Circle, image: Image, author_id: PersonId | None = None) -> bool:
    """Return whether it is from the sender of a photo that lay in a wrong record, who never was one of this patient's people."""
    author_id = image.sender_id if author_id is None else author_id
    stranger = author_id not in {held.person_id for held in circle.authorities}
    return image.misfiled and not image.from_colleague and author_id == image.sender_id and stranger


async def as_told(rows: Commit, image: Image, disclosure: Disclosure) -> Disclosure:
    """Return a disclosure as the image's patient reads it: for one made under another name, without its basis (R13a, R30)."""
    here = not disclosure.detail or await whose_then(rows, image, disclosure.at) == image.patient_id
    return disclosure if here else replace(disclosure, detail="")


async def sent_unknown_to(
    rows: Commit, circle: Circle, images: Iterable[Image], reader_id: PersonId, day: date
) -> frozenset[ImageId]:
    """Return those that somebody of whom the reader may not know sent for the patient, or consented to (R33a)."""
    images, told = list(images), await told_of(rows, circle)
    given = await rows.consents.of_images({image.id for image in images}, circle.patient.id)
    from_them = {(image.id, image.sender_id, image.received_at) for image in images if not image.from_colleague}
    from_them |= {(consent.image_id, consent.person_id, consent.at) for consent in given}
    return frozenset(
        image_id
        for image_id, person_id, at in from_them
        if not authority.may_know_of(circle, person_id, reader_id, told, day, at)
    )


async def unnamed_to(rows: Commit, person_id: PersonId, patient_id: PatientId, day: date) -> Unnamed:
    """Return what this person's copy leaves out (R29, R30, R33a).

    That is whatever shows somebody else who answers for the patient, where nobody chose to tell it, the name of a patient in
    whose record a photo lay, and the line a colleague wrote with their photo, which may name another patient.
    """
    circle = await circle_of(rows, patient_id)
    images = {image.id: image for image in await rows.images.of_patient(patient_id)}
    documents = await rows.documents.of_images(images)
    ids = {held.person_id for held in circle.authorities}
    ids |= {image.sender_id for image in images.values()} | {document.author_id for document in documents}
    people, told = await rows.people.among(ids - {""}), await told_of(rows, circle)
    known = {person.id for person in people if authority.may_be_named(circle, person, person_id, told)}
    names = {name for person in people if person.id not in known for name in (person.name, person.account)}
    spared = {circle.patient.name, *(person.name for person in people if person.id in known)}
    given = await rows.consents.of_images(images, patient_id)
    strangers = {image.id for image in images.values() if of_a_stranger(circle, image)}
    not_consented = images.keys() - {consent.image_id for consent in given}
    colleagues = {image.id for image in images.values() if image.from_colleague}
    return Unnamed(
        frozenset(names - spared - {""}),
        frozenset(not_consented),
        frozenset(strangers),
        frozenset(colleagues),
        await sent_unknown_to(rows, circle, images.values(), person_id, day),
        await _in_chats_unknown_to(rows, circle, people, images, person_id, day),
        _of_others(images.values(), person_id),
    )


def _of_others(images: Iterable[Image], reader_id: PersonId) -> frozenset[ImageId]:
    """Return those that somebody else sent for the patient, told of or not: in them, and in their origin, may stand where they
    live (R33a).
    """
    return frozenset(image.id for image in images if not image.from_colleague and image.sender_id != reader_id)


async def _in_chats_unknown_to(
    rows: Commit,
    circle: Circle,
    people: Iterable[Person],
    images: Mapping[ImageId, Image],
    reader_id: PersonId,
    day: date,
) -> frozenset[str]:
    """Return the events and media about these images that lay in chats of people, or came from people, of whom the reader may
    not know what they had then (R33a).
    """
    told, found = await told_of(rows, circle), set[str]()
    copies = await rows.copies.of_images(images)
    for person in people:
        own = await rows.rooms.at(rooms.own(person.id))
        theirs = {person.account, own.id if own is not None else person.account}
        for copy in copies:
            at = images[copy.image_id].received_at
            known = theirs.isdisjoint({copy.room_id, copy.owner}) or authority.may_know_of(
                circle, person.id, reader_id, told, day, at
            )
            found |= set() if known else {copy.event_id, copy.mxc}
    return frozenset(found - {""})
