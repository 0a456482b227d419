"""Somebody who answers for several says that a photo is another's than was said: “sorry, 3”, “wrong child”, “it's Leo” (R15).

It is held at once, and the team hears whose it is said to be. They may have meant a photo that is still to come: one tap, with
two identifiers, takes back what they said. Nothing else is taken back by it: not what others said, nor what else holds it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.core.consequences import apply
from bot.core.dispatch import Request
from bot.core.documents import write
from bot.core.polls import ask, close_polls
from bot.core.transaction import Transaction
from bot.core.who_reads import tell_unfiled
from bot.core.wishes import wanted_back
from bot.domain.authority import decides_not, may_send
from bot.domain.choices import Choice
from bot.domain.document import DOUBTS
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import ImageId, PatientId
from bot.domain.image import HeldFor, Image, KeepAsked, State
from bot.domain.intents import Hearing
from bot.domain.message import Message
from bot.domain.people import Patient, Person
from bot.words import about_whose, phrases
from bot.words.to_patients import who_is_meant

from .somebody_else import CONFIRMED, shows_another

TIME_TO_ANSWER = timedelta(days=7)
_NOBODY = "nobody"


async def doubt_whose(
    images: Sequence[Image], said: Collection[PatientId], request: Request, tx: Transaction
) -> Message | None:
    """Hold these photos, tell the team whose they are said to be, and ask their sender whose they are after all."""
    held = await shows_another(images, request, tx)
    theirs = {patient.id: patient for patient in await tx.answers_for(request.person)}
    named = theirs.get(next(iter(said))) if len(said) == 1 else None
    refs = [image.ref for image in images]
    if named is not None:
        told = about_whose.said_to_show(refs, named.name, request.said.words)
        await tell_unfiled(images[0], request.person.id, told, tx)
    filed_for = theirs.get(images[0].patient_id)
    if filed_for is None or any(not _is_one(image, images[0], request.person) for image in images):
        return held
    await _ask_whose(images, filed_for, [named] if named else [*theirs.values()], request.person, tx)
    return None


def _is_one(image: Image, first: Image, person: Person) -> bool:
    """Return whether it is of the same patient, and theirs to speak of: they sent it."""
    return image.patient_id == first.patient_id and image.sender_id == person.id


async def _ask_whose(
    images: Sequence[Image], filed_for: Patient, offered: Sequence[Patient], person: Person, tx: Transaction
) -> None:
    ids, others = ",".join(image.id for image in images), [one for one in offered if one.id != filed_for.id]
    answers = [(f"{one.id}>{ids}", who_is_meant(one)) for one in others]
    answers += [
        (f"{filed_for.id}>{ids}", about_whose.as_filed(filed_for)),
        (f"{_NOBODY}>{ids}", about_whose.NOBODY_LISTED),
    ]
    subject = _subject(images[0].id)
    await close_polls(tx, subject)
    said = others[0] if len(others) == 1 and len(offered) == 1 else None
    await ask(
        tx,
        person,
        about_whose.shown_after_all([image.ref for image in images], filed_for, said, tx.policy.practice),
        answers,
        about="whose-after-all",
        subject=subject,
        lasts=TIME_TO_ANSWER,
        image_id=images[0].id,
        needs_number=True,  # a name alone may answer whose the next photo is
        hearing=Hearing.SENDING,
        patient_ids=[filed_for.id, *(one.id for one in others)],
    )


async def tapped(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    """Tell the team whose they say it is; or take back that it is another's, as the facts are now (R28)."""
    whose, _, ids = choice.value.partition(">")
    images = await tx.rows.images.among([ImageId(one) for one in ids.split(",")])
    if any(image.held_for is not HeldFor.SOMEBODY_ELSE or image.sender_id != request.person.id for image in images):
        raise Refused(phrases.answered_already(), "R15")
    await tx.ledger_message(request.arrival, image_id=images[0].id)
    if whose == images[0].patient_id:
        for image in images:
            await _take_back(image, request, tx)
        return None
    named = (await tx.circle(PatientId(whose))).patient.name if whose != _NOBODY else about_whose.NOBODY_THEY_ANSWER_FOR
    told = about_whose.said_to_show([image.ref for image in images], named, choice.label)
    await tell_unfiled(images[0], request.person.id, told, tx)
    return about_whose.moved_after_checking([image.ref for image in images], tx.policy.practice)


async def _take_back(image: Image, request: Request, tx: Transaction) -> None:
    """Let go of what their own words alone hold, where they still decide for the patient; keep that they said so."""
    circle = await tx.circle(image.patient_id)
    may = may_send(circle, request.person.id, tx.today) and not decides_not(circle, request.person.id, tx.today)
    written = await tx.rows.documents.of_images([image.id])
    doubts = [one for one in written if one.patient_id == image.patient_id and one.facts.get("as") in DOUBTS]
    if not may or image.state is not State.HELD or any(one.author_id != request.person.id for one in doubts):
        raise Refused(phrases.answered_already(), "R15")
    text = about_whose.MISTAKEN.format(name=circle.patient.name)
    facts: dict[str, object] = {CONFIRMED: "taken back by who had said that it shows somebody else"}
    await write(tx, EntryKind.ANSWER, image, image.patient_id, request.person.id, text, facts)
    await apply(tx, image, KeepAsked(await wanted_back(image, tx)), by=request.person.id)


def _subject(image_id: ImageId) -> str:
    return f"whose:{image_id}"
