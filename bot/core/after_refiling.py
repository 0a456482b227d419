"""What follows when an image was moved to the right patient: both records keep the trace, and all who saw it hear of it (R15).

What reached people whom it proves not to be for is taken back, and is one breach for each move (R25, R29).

Neither record names the other patient: each holds the other's opaque id, which only the practice's journal resolves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain import rooms
from bot.domain.authority import may_answer_about, may_write
from bot.domain.breach import with_step
from bot.domain.document import Document
from bot.domain.entries import EntryKind
from bot.domain.identifiers import NO_PERSON, NO_ROOM, PatientId, PersonId
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.domain.people import Person, Standing
from bot.domain.rooms import RoomKind
from bot.words import about_incidents as words
from bot.words import about_wrong_readers as wrong_readers

from .breaches import new_breach, open_breach
from .circles import BOTH
from .documents import write
from .how_far import Come, how_far, may_have_come
from .transaction import Transaction
from .wrong_readers import WronglyReached, take_back, what_reached


async def record_and_tell(
    tx: Transaction, image: Image, from_id: PatientId, by: PersonId, moved: Sequence[Document]
) -> None:
    """Note the move in both records, and tell those who saw the image.

    `image` is its new patient's already; `moved` are the documents that went with it.
    """
    mover, since = await tx.person(by), await _moved_last(tx, image)
    along = Counter(document.kind.value for document in moved)
    facts: dict[str, object] = {
        "image": image.id,
        "sha256": image.sha256,
        "size": image.size,
        "media_type": image.media_type,
        "received_at": image.received_at.isoformat(),
        "filed_at": image.filed_at.isoformat() if image.filed_at else None,
        "moved_at": tx.now.isoformat(),
        "moved_by": mover.name,
        "moved_along": dict(along),
    }
    away, here = words.moved_away(image, along), words.moved_here(image, along)
    await write(tx, EntryKind.CORRECTION, image, from_id, by, away, {**facts, "moved": "away", "to": image.patient_id})
    await write(
        tx, EntryKind.CORRECTION, image, image.patient_id, by, here, {**facts, "moved": "here", "from": from_id}
    )
    await _tell(tx, image, from_id, mover, since)


async def _tell(tx: Transaction, image: Image, from_id: PatientId, mover: Person, since: datetime | None) -> None:
    """Tell all who saw it, take back what reached people whom it was not for, and tell the mover who they are (R15, R25)."""
    reached_wrongly = await _reached_wrongly(tx, image, from_id, since)
    for reached in reached_wrongly:
        await take_back(tx, reached)
    breached = {reached.person.id: reached for reached in reached_wrongly if reached.is_breach}
    seen = await tx.rows.disclosures.of_image(image.id)
    far = await how_far(tx.rows, seen)
    saw_it = {shown.to_person_id for shown in seen if far[shown.id] is Come.ARRIVED and shown.how != "copy"}
    perhaps = {shown.to_person_id for shown in seen if far[shown.id] is Come.PERHAPS and shown.how != "copy"} - saw_it
    saw = saw_it | perhaps | breached.keys()
    involved = saw | {image.taken_by or NO_PERSON, image.sender_id}
    people = await tx.rows.people.among(involved - {NO_PERSON, mover.id})
    here = await tx.reached(person.id for person in people if person.standing is Standing.ACTIVE)
    circle = await tx.circle(image.patient_id)
    matter = await tx.matter(image, circle)
    for person in people:
        if person.id in here and person.id not in breached:
            mine = bool(may_write(circle, matter, person.id, tx.today))
            await _tell_of_move(tx, image, person, mine=mine, perhaps=person.id in perhaps)
    breach = await _breach(tx, image, list(breached.values()), here, mover) if breached else ""
    told = [person.name for person in people if person.id in here]
    not_told = [person.name for person in people if person.id in saw and person.id not in here]
    back = [reached.person.name for reached in reached_wrongly if reached.messages]
    text = wrong_readers.refiled(image.ref, told, not_told, back, breach)
    await tx.say(rooms.own(mover.id), text, image_id=image.id)


async def _tell_of_move(tx: Transaction, image: Image, person: Person, *, mine: bool, perhaps: bool) -> None:
    """Tell its sender, or somebody of the practice or beside it who saw it.

    A colleague hears *wrong patient*; a sender who speaks for the right one, of the record; any other, neither (R29, R30).
    """
    if person.id != image.sender_id:
        said = words.REFILED_TO_WHO_MAY_HAVE_SEEN if perhaps else words.REFILED_TO_VIEWER
        await tx.say(rooms.own(person.id), said.format(ref=image.ref), image_id=image.id)
        return
    to_patient = words.REFILED_TO_SENDER if mine else words.CORRECTED_TO_SENDER
    text = words.REFILED_TO_COLLEAGUE if image.from_colleague else to_patient
    await tx.say(rooms.own(person.id), text.format(ref=image.ref), image_id=image.id, hearing=Hearing.SENDING)


async def _moved_last(tx: Transaction, image: Image) -> datetime | None:
    """Return when it came to the patient from whom it is moved now; None where it was theirs from the start.

    Each move left a note in both records, with one moment.
    """
    notes = Counter(note.at for note in await tx.rows.documents.of_image(image.id, kind=EntryKind.CORRECTION))
    return max((at for at, number in notes.items() if number >= BOTH), default=None)


async def _reached_wrongly(
    tx: Transaction, image: Image, from_id: PatientId, since: datetime | None
) -> list[WronglyReached]:
    """Return what reached people who may not hear of it now that it is the right patient's."""
    if await _goes_with_its_image(tx, image):
        return []
    images = [image, *await tx.rows.images.forms_of(image.id)]
    ids = [each.id for each in images]
    shown = await tx.rows.copies.of_images(ids)
    there = [await tx.rows.rooms.known(room_id) for room_id in {copy.room_id for copy in shown} - {NO_ROOM}]
    got = {
        disclosure.to_person_id
        for disclosure in await may_have_come(tx.rows, await tx.rows.disclosures.of_images(ids))
        if disclosure.how == "copy"
    }
    readers = got | {room.person_id for room in there if room is not None and room.kind is RoomKind.OWN}
    circle = await tx.circle(image.patient_id)
    matter = await tx.matter(image, circle)
    answering = may_answer_about(circle, matter, tx.today)
    found = []
    for person in await tx.rows.people.among(readers - {NO_PERSON}):
        away = person.id in answering and person.standing is not Standing.ACTIVE  # it is for them once they are back
        if not away and not may_write(circle, matter, person.id, tx.today):
            found.append(await what_reached(tx, person, images, from_id, since))
    return found


async def _goes_with_its_image(tx: Transaction, form: Image) -> bool:
    """Return whether this is a signed form that moves with its image: what was read of it is found with that."""
    image = await tx.rows.images.known(form.form_of) if form.form_of else None
    return image is not None and form.patient_id in {image.patient_id, image.moving_to}


async def _breach(
    tx: Transaction, image: Image, breached: Sequence[WronglyReached], here: Collection[PersonId], mover: Person
) -> str:
    """Open one breach for all whom it reached wrongly, even if they have left; tell those who are here; return its reference."""
    what = wrong_readers.reached_by_misfiling(
        image.ref, [(reached.person.name, reached.in_words()) for reached in breached]
    )
    breach = await new_breach(tx, image.id, what, [reached.person for reached in breached])
    breach = with_step(breach, mover.name, "moved to the right record", tx.now)
    for reached in breached:
        person = reached.person
        breach = with_step(breach, "consentry", wrong_readers.being_taken_back(person.name, reached.messages), tx.now)
        told = person.id in here
        step = wrong_readers.told_to_delete if told else wrong_readers.cant_be_told
        breach = with_step(breach, "consentry", step(person.name), tx.now)
        if told:
            text = wrong_readers.not_yours(
                image.ref, copied=bool(reached.copied), read=reached.is_read, copy_stood=bool(reached.files)
            )
            await tx.say(rooms.own(person.id), text, image_id=image.id, hearing=Hearing.RECALL)
    await open_breach(tx, breach, mover.id)
    return breach.ref
