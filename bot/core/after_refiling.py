"""What follows when an image was moved to the right patient: both records keep the trace, and all who saw it hear of it (R15).

Neither record names the other patient: each holds the other's opaque id, which only the practice's journal resolves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.domain import rooms
from bot.domain.authority import hears, may_answer, may_write
from bot.domain.breach import with_step
from bot.domain.document import Document
from bot.domain.entries import EntryKind
from bot.domain.identifiers import PatientId, PersonId
from bot.domain.image import Image
from bot.domain.intents import Hearing
from bot.domain.people import Person, Standing
from bot.words import about_incidents as words

from .breaches import new_breach, open_breach
from .documents import write
from .transaction import Transaction


async def record_and_tell(
    tx: Transaction, image: Image, from_id: PatientId, by: PersonId, moved: Sequence[Document]
) -> None:
    """Note the move in both records, and tell those who saw the image.

    `image` is its new patient's already; `moved` are the documents that went with it.
    """
    mover = await tx.person(by)
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
    await _tell(tx, image, from_id, mover)


async def _tell(tx: Transaction, image: Image, from_id: str, mover: Person) -> None:
    await tx.say(rooms.own(mover.id), words.refiled(image.ref), image_id=image.id)
    seen = await tx.rows.disclosures.of_image(image.id)
    copied = {disclosure.to_person_id for disclosure in seen if disclosure.how == "copy"}
    involved = dict.fromkeys((image.taken_by, image.sender_id, *(disclosure.to_person_id for disclosure in seen)))
    people = await tx.rows.people.among([person_id for person_id in involved if person_id])
    circle = await tx.circle(image.patient_id)
    matter = await tx.matter(image, circle)
    for person in people:
        if person.id in copied and person.id not in hears(circle, tx.today) | may_answer(circle, tx.today):
            await _somebody_elses_copy(tx, image, person, mover)
        elif person.standing is not Standing.ACTIVE:
            continue
        elif person.id == image.sender_id:
            mine = bool(may_write(circle, matter, person.id, tx.today))
            own = rooms.own(person.id)
            text = _to_sender(image, mine=mine)
            await tx.say(own, text, image_id=image.id, hearing=Hearing.SENDING)
        elif person.id != mover.id:
            await tx.say(rooms.own(person.id), words.REFILED_TO_VIEWER.format(ref=image.ref), image_id=image.id)


def _to_sender(image: Image, *, mine: bool) -> str:
    """Return what its sender hears.

    A colleague hears *wrong patient*; somebody who speaks for the right one, of the record; anybody else of neither (R29, R30).
    """
    if image.from_colleague:
        return words.REFILED_TO_COLLEAGUE.format(ref=image.ref)
    return (words.REFILED_TO_SENDER if mine else words.CORRECTED_TO_SENDER).format(ref=image.ref)


async def _somebody_elses_copy(tx: Transaction, image: Image, person: Person, mover: Person) -> None:
    """Open a breach for somebody whose copy of their record holds this picture of somebody else, even if they have left (R25)."""
    here = person.standing is Standing.ACTIVE
    if here:
        text = words.NOT_YOURS.format(ref=image.ref)
        await tx.say(rooms.own(person.id), text, image_id=image.id, hearing=Hearing.RECALL)
    breach = await new_breach(tx, image.id, words.in_anothers_copy(image.ref, person.name))
    breach = with_step(breach, mover.name, "moved to the right record", tx.now)
    step = "told, and asked to delete it" if here else "can't be told from here: please call them"
    breach = with_step(breach, "consentry", f"{person.name} {step}", tx.now)
    await open_breach(tx, breach, mover.id)
