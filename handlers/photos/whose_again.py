"""Words name another child than a photo is said to show: whose it is, is asked again, and it is filed for nobody before (R15).

The words are kept. Who was told so and gives the same answer once more has decided: "Mia's rash" may have come from Leo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.consequences import apply
from bot.core.dispatch import Request
from bot.core.documents import shortened
from bot.core.polls import close_asking_whose
from bot.core.transaction import Transaction
from bot.core.who_reads import tell_unfiled
from bot.domain import rooms
from bot.domain.conversation import About, Answered, PhotoJoined, PhotoSettled, Question, question_after
from bot.domain.identifiers import NO_PATIENT, PatientId
from bot.domain.image import Image, PatientChosen, PurposeStated
from bot.domain.intents import Hearing
from bot.domain.message import Message
from bot.domain.people import Patient, Person
from bot.words import about_reading, about_whose

from .ask_what_is_missing import ask_whose_by_name, ask_whose_others
from .family_of import family_of
from .somebody_else import shows_another

_NAMES_ANOTHER = "names-another:"  # begins the keys of posts that say so


async def naming_another(
    images: Sequence[Image], words: str, patient_id: PatientId, person: Person, tx: Transaction
) -> list[Image]:
    """Return those photos about which these words, or their own, name another than this patient."""
    family = await family_of(person, tx)
    named = [
        image
        for image in images
        if family.names_another(words, patient_id) or family.names_another(_stated(image), patient_id)
    ]
    return [image for image in named if not await _was_told(image, patient_id, tx)]


async def belong_to_nobody_yet(images: Sequence[Image], patient_id: PatientId, person: Person, tx: Transaction) -> None:
    """Take back that these photos are this patient's, and say why; whose they are is asked next."""
    for image in images:
        if image.patient_id:
            await apply(tx, image, PatientChosen(NO_PATIENT), by="bot")
    await tx.audit(person.id, "whose.names-another", images[0].id)
    text = about_whose.words_name_another([image.ref for image in images], (await tx.circle(patient_id)).patient)
    first, *others = [image.id for image in images]
    own, key = rooms.own(person.id), f"{_told(patient_id)}:{images[0].id}"
    await tx.say(own, text, image_id=first, others=others, key=key, hearing=Hearing.SENDING, patient_ids=[patient_id])


async def name_several(images: Sequence[Image], person: Person, tx: Transaction) -> bool:
    """Return whether the words of one of these name several of the family, so that one choice can't be for all of them."""
    if len(images) < 2:
        return False
    family = await family_of(person, tx)
    return any(len(family.whom_they_name(_stated(image))) > 1 for image in images)


async def ask_of_each(
    question: Question,
    images: Sequence[Image],
    able: Sequence[Patient | None],
    said: str,
    request: Request,
    tx: Transaction,
) -> Message | None:
    """Ask whose each of these is, one by one, and file none; what was said beside the choice reaches the team."""
    own, refs = rooms.own(request.person.id), [image.ref for image in images]
    for image in images:
        question = await tx.rows.questions.save(question_after(question, PhotoSettled(image.id)))
    await close_asking_whose(tx, question)
    if said:
        told = about_reading.words_from_patient(about_reading.ONE_OF_THEM, refs[0], said)
        await tell_unfiled(images[0], request.person.id, told, tx)
    first, *others = [image.id for image in images]
    await tx.say(own, about_whose.one_by_one(refs), image_id=first, others=others, hearing=Hearing.SENDING)
    for image in images:
        await ask_whose_others(question, [image], able, tx)
    if left := await tx.rows.images.among(question.image_ids):  # about which the answer was not
        await ask_whose_others(question, left, able, tx)
        await tx.rows.questions.save(question_after(question, Answered()))
    return None


async def reason_of_another(
    question: Question, images: Sequence[Image], request: Request, tx: Transaction
) -> Message | None:
    """Take the words for what these are about, and ask again whose they are; what the practice has matched is held instead."""
    if not question.choices:
        return await shows_another(images, request, tx, ledger=False)
    await belong_to_nobody_yet(images, images[0].patient_id, request.person, tx)
    purpose, reason = request.said.reason
    for image in await tx.rows.images.among([image.id for image in images]):
        question = await tx.rows.questions.save(question_after(question, PhotoSettled(image.id)))
        await apply(
            tx, image, PurposeStated(purpose, await shortened(tx, image, reason), "answer"), by=request.person.id
        )
    await ask_whose_again(question, images, request.person, tx)
    return None


async def ask_whose_again(before: Question, images: Sequence[Image], person: Person, tx: Transaction) -> None:
    """Ask whose these are, together with others about which that is asked already: an answer must be for all it may be about."""
    able = await tx.answers_for(person)
    now = await tx.rows.images.among([image.id for image in images])
    if open_now := await tx.rows.questions.open_of_person(person.id, About.PATIENT):
        question = open_now[0]
        for image in now:
            question = await tx.rows.questions.save(question_after(question, PhotoJoined(image.id)))
        able_then = [patient if patient in able else None for patient in await _listed(question, tx)]
        await ask_whose_by_name(question, await tx.rows.images.among(question.image_ids), able_then, tx)
        return
    await ask_whose_others(replace(before, choices=tuple(patient.id for patient in able)), now, able, tx)


async def _listed(question: Question, tx: Transaction) -> list[Patient]:
    return [(await tx.circle(patient_id)).patient for patient_id in question.choices]


def _stated(image: Image) -> str:
    return image.reason if image.purpose is not None else ""


def _told(patient_id: PatientId) -> str:
    return f"{_NAMES_ANOTHER}{patient_id}"


async def _was_told(image: Image, patient_id: PatientId, tx: Transaction) -> bool:
    """Return whether they read that words about this photo name another: a text that may not have arrived is no basis (R32)."""
    posts = await tx.rows.copies.of_image(image.id)
    return any(post.event_id and post.post_key.startswith(_told(patient_id)) for post in posts)
