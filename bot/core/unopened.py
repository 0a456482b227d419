"""Tell somebody when nothing shows that words were opened: a reply within a day, a patient's words within the hour.

A read receipt can be switched off, so nobody is ever told that something was not read: only that nothing shows that it was.
Whether anything is to be said, and to whom, is asked when it is said (R28). Each words are told of once.
"""

from __future__ import annotations

from datetime import timedelta

from bot.domain import rooms
from bot.domain.authority import hears, may_act_for_the_practice, treats
from bot.domain.document import Document, DocumentState
from bot.domain.entries import EntryKind
from bot.domain.identifiers import DocumentId
from bot.domain.image import Image
from bot.domain.intents import Hearing, LookIfOpened
from bot.domain.people import Person
from bot.words import about_reading

from .documents import REPLY
from .telling import tell_in_thread
from .transaction import Transaction
from .who_may_hear import may_be_told

OPENED_WITHIN = timedelta(days=1)  # a reply; a patient's words: `Policy.unread_duty`
WORDS = "words:"  # begins the key of the post by which somebody reads a patient's words, before the document's id


def post_of(document: Document) -> str:
    """Return the key of the post that carries these words."""
    return f"{REPLY if document.kind is EntryKind.REPLY else WORDS}{document.id}"


async def look_if_opened(tx: Transaction, document_id: DocumentId) -> None:
    """Ask the homeserver, now that it is time."""
    await tx.plan(LookIfOpened(document_id))


async def tell_of_unopened(tx: Transaction, document_id: DocumentId, words: str) -> None:
    """Tell whoever it concerns that nothing shows that this document's words were opened."""
    document = await tx.rows.documents.known(document_id)
    if document is None or document.state in {DocumentState.DROPPED, DocumentState.DESTROYED}:
        return
    image = await tx.rows.images.get(document.image_id)
    if not image.in_reach:
        return
    if document.kind is EntryKind.REPLY:
        await _tell_author(tx, document, image)
    elif not await _answered(tx, document, image):
        await tell_duty(tx, document, image, words, about_reading.unopened_words)


async def _tell_author(tx: Transaction, reply: Document, image: Image) -> None:
    """Tell its author, or whoever is on duty once the author has left, while its reader may still hear of it (R28a)."""
    reader = await tx.person(reply.reader_id)
    may = await may_be_told(tx.rows, reader, [image], Hearing.THEIRS, tx.today)
    if not may or not reply.counts_as_told:
        return
    author = await tx.person(reply.author_id)
    told = author if treats(author) else await duty_apart(tx, image)
    await tx.audit("bot", "reply.unopened", reply.id, to=told.id if told else "team")
    if told is None:
        await tell_in_thread(tx, image, about_reading.unopened_reply_in_the_team(image.ref, author.name))
        return
    by = "" if told.id == author.id else author.name
    await tx.say(rooms.own(told.id), about_reading.unopened_reply(image.ref, reader.name, by), image_id=image.id)


async def _answered(tx: Transaction, document: Document, image: Image) -> bool:
    written = await tx.rows.documents.of_image(image.id, kind=EntryKind.REPLY)
    return any(
        reply.at > document.at and reply.state is not DocumentState.DROPPED and reply.counts_as_told
        for reply in written
    )


async def tell_duty(
    tx: Transaction, document: Document, image: Image, words: str, text: about_reading.ToDuty
) -> Person | None:
    """Tell whoever is on duty what a patient wrote, and return them; None where they have it already or it is not theirs.

    Tell the managers where nobody on duty is here.
    """
    duty = await duty_beside(tx, image)
    taker = await taker_of(tx, image)
    name, who = taker.name if taker else "", await who_wrote(tx, document, image)
    if duty is not None:
        await tx.say(rooms.own(duty.id), text(image.ref, name, who, words), image_id=image.id)
        await tx.audit("bot", "words.escalated", document.id, to=duty.id)
    for manager in await instead_of_duty(tx, image):
        if taker is None or manager.id != taker.id:
            instead = about_reading.nobody_on_duty(image.ref, name, who, words)
            await tx.say(rooms.own(manager.id), instead, image_id=image.id)
            await tx.audit("bot", "words.escalated", document.id, to=manager.id)
    return duty


async def who_wrote(tx: Transaction, document: Document, image: Image) -> str:
    """Return how those who treat the patient read who wrote it: by name, and in what capacity."""
    person = await tx.person(document.author_id)
    if not image.patient_id:
        return person.name
    circle = await tx.circle(image.patient_id)
    return about_reading.who_writes(person, hears(circle, tx.today).get(person.id), circle.patient)


async def taker_of(tx: Transaction, image: Image) -> Person | None:
    """Return the clinician who has it, None while nobody has who works here and is none of the patient's people (R33, R33a)."""
    taker = await tx.person(image.taken_by) if image.taken_by else None
    if taker is None or not image.patient_id:
        return taker if taker is not None and treats(taker) else None
    apart = may_act_for_the_practice(await tx.circle(image.patient_id), taker, tx.today)
    return taker if treats(taker) and apart else None


async def duty_beside(tx: Transaction, image: Image) -> Person | None:
    """Return whoever is on duty, unless they have the image themselves, or are one of the patient's people."""
    duty = await duty_apart(tx, image)
    return None if duty is not None and duty.id == image.taken_by else duty


async def duty_apart(tx: Transaction, image: Image) -> Person | None:
    """Return whoever is on duty, unless they are, or speak for, the patient (R33)."""
    duty = await tx.on_duty()
    return duty if duty is not None and await _is_apart(tx, duty, image) else None


async def instead_of_duty(tx: Transaction, image: Image) -> list[Person]:
    """Return the managers who are told while nobody on duty is here, but none of the patient's people (R33)."""
    return [manager for manager in await tx.instead_of_duty() if await _is_apart(tx, manager, image)]


async def clinicians_apart(tx: Transaction, image: Image) -> list[Person]:
    """Return the clinicians who are none of the patient's people (R33)."""
    staff = await tx.rows.people.active_staff()
    return [person for person in staff if treats(person) and await _is_apart(tx, person, image)]


async def _is_apart(tx: Transaction, person: Person, image: Image) -> bool:
    if person.id == image.sender_id:
        return False
    return not image.patient_id or bool(may_act_for_the_practice(await tx.circle(image.patient_id), person, tx.today))
