"""Ending that one account answers for a patient: what is on its way to it stops (R28a).

An account that is here for nobody else leaves.
"""

from __future__ import annotations

from bot.core.circles import is_linked
from bot.core.polls import close_polls
from bot.core.transaction import Transaction
from bot.core.uses.settle_requests import settle_requests
from bot.domain import rooms
from bot.domain.authority_events import ended
from bot.domain.choices import spent
from bot.domain.conversation import About
from bot.domain.identifiers import CopyId, UseId
from bot.domain.image import Image
from bot.domain.intents import Ask, RemoveMember, Say
from bot.domain.people import Authority, Person, Role, Standing
from bot.domain.taking_part import SpeaksForNobody, person_after
from bot.words import about_requests
from handlers.photos.answer_question import question_due

from .pause import take_back_what_was_said


async def end_link(authority: Authority, images: list[Image], tx: Transaction) -> Person:
    """End the authority for the patient of these `images`; return the person, who has left if they were here for nobody else."""
    await tx.rows.authorities.save(ended(authority, tx.today))
    await settle_requests(authority.patient_id, tx)
    for subject in (f"unlink:{authority.id}", f"confirm:{authority.id}", f"access:{authority.id}"):
        await close_polls(tx, subject)
    person = await tx.person(authority.person_id)
    await stop_what_is_on_its_way(person, images, tx)
    if (
        person.standing is Standing.LEFT
        or person.roles != {Role.PATIENT}
        or await is_linked(tx.rows, person.id, tx.today)
    ):
        return person
    await tx.audit("bot", "person.left", person.id)
    return await tx.rows.people.save(person_after(person, SpeaksForNobody()))


async def put_out(person: Person, farewell: str, tx: Transaction) -> None:
    """Clear the chat of an account that has left, say a last sentence about nobody, and take it out of the room."""
    await tx.cancel(rooms.own(person.id))
    await _drop_questions(person, tx)
    await take_back_what_was_said(person, tx)
    lane = f"leaving:{person.id}"  # a lane of its own, where nothing that waits for a reader holds it up
    await tx.plan(Say(rooms.own(person.id), farewell, open=True), lane)
    await tx.plan(RemoveMember(rooms.own(person.id), person.account), lane)


async def _drop_questions(person: Person, tx: Transaction) -> None:
    """Close what they were asked; whoever waits for their consent hears that none comes from there."""
    asked = await tx.rows.choices.open_of_person(person.id)
    for choice in asked:
        await tx.rows.choices.save(spent(choice, tx.now))
    for use_id in dict.fromkeys(choice.subject for choice in asked if choice.about == "specific-consent"):
        use = await tx.rows.uses.get(UseId(use_id))
        images = await tx.rows.images.among(use.image_ids)
        await tx.say(rooms.own(use.asked_by), about_requests.asked_are_gone(images), image_id=images[0].id)


async def stop_what_is_on_its_way(person: Person, images: list[Image], tx: Transaction) -> None:
    """Stop what is on its way to somebody who answers for this patient no longer.

    That is everything, unless they stay for somebody else (R28a).
    """
    own = rooms.own(person.id)
    if person.roles == {Role.PATIENT} and not await tx.answers_for(person):
        await tx.cancel(own)
        return
    copies = await tx.rows.copies.of_images([image.id for image in images]) if images else []
    await tx.cancel(own, only={copy.id for copy in copies} | await _naming_others(person, tx))
    await _settle_what_was_asked(person, images, tx)


async def _settle_what_was_asked(person: Person, images: list[Image], tx: Transaction) -> None:
    """Go on as if no answer had come, because they are not asked any more what these photos are about (R1)."""
    theirs = {image.id for image in images}
    for question in await tx.rows.questions.open_of_person(person.id, About.REASON):
        if theirs.issuperset(question.image_ids):
            await question_due(tx, question.id)


async def _naming_others(person: Person, tx: Transaction) -> set[CopyId]:
    """Return the copies of words on their way that are about no image and name a patient for whom they answer no longer."""
    held = await tx.rows.authorities.of_person(person.id)
    theirs = {authority.patient_id for authority in held if authority.may_hold(tx.today)}
    waiting = [planned.intent for planned in await tx.rows.waiting_in(rooms.own(person.id))]
    naming = [
        intent for intent in waiting if isinstance(intent, Say | Ask) and not theirs.issuperset(intent.patient_ids)
    ]
    return {
        copy_id for intent in naming for copy_id in (intent.copy_ids if isinstance(intent, Say) else (intent.copy_id,))
    }
