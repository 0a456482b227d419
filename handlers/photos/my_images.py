"""`my images`: what is held, for what, every consent and every disclosure, in plain words (R24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.circles import (
    answered_for,
    told_of,
)
from bot.core.copied import (
    as_told,
    of_a_stranger,
)
from bot.core.dispatch import Request
from bot.core.hearing import may_hear
from bot.core.transaction import Transaction
from bot.domain.authority import (
    Circle,
    may_be_named,
    may_know_of,
)
from bot.domain.consent import Answer
from bot.domain.entries import SOMEBODY_ELSE
from bot.domain.identifiers import PersonId
from bot.domain.image import (
    Image,
    State,
)
from bot.domain.intents import Hearing
from bot.domain.people import Person
from bot.domain.use import Use
from bot.words import about_rights

from .own_image import own_images

MOST = 20  # in one message


async def my_images(request: Request, tx: Transaction) -> str | None:
    known = await own_images(request.person, tx)
    if not known:
        return about_rights.NOTHING_HELD
    uses = await tx.rows.uses_of(*(image.id for image in known[::-1][:MOST]))
    lines = [await _told(image, uses, request.person, tx) for image in known[::-1][:MOST]]
    if len(known) > MOST:
        lines.append(f"And {len(known) - MOST} earlier ones; “my copy” has them all.")
    lines.append(about_rights.how_to_take_back(known[-1].ref))
    first, *others = [image.id for image in known[::-1][:MOST]]
    text = "\n\n".join(lines)
    await tx.say(request.room.address, text, image_id=first, others=others, hearing=Hearing.LISTED)
    await tx.audit(request.person.id, "images.listed", request.person.id, count=len(known))
    return None


async def _told(image: Image, every_use: Sequence[Use], reader: Person, tx: Transaction) -> str:
    if not image.patient_id:
        kept = about_rights.NOT_HERE_YET if image.state is State.RECEIVED else "kept safely"
        return f"{image.ref}: {kept}; I still need to know whose photo it is."
    zone = tx.policy.timezone
    if not await may_hear(tx.rows, reader.id, image, tx.today):
        return about_rights.own_sending(image, zone)
    patient = await tx.rows.patients.get(image.patient_id)
    forms = await tx.rows.images.find(form_of=image.id, patient_id=image.patient_id)
    of_both = await tx.rows.disclosures.find(image_id=[image.id, *(form.id for form in forms)])
    circle = await tx.circle(patient.id)
    seen = [
        await as_told(tx.rows, image, one)
        for one in of_both
        if not one.concealed and may_know_of(circle, one.to_person_id, reader.id, tx.today)
    ]
    implied = await tx.rows.consents.find(image_id=image.id, patient_id=image.patient_id)
    uses = {use.id: use for use in every_use if image.id in use.image_ids}
    said = await tx.rows.consent_answers.find(use_id=list(uses)) if uses else []
    # What was agreed to under a wrong name stands in no other patient's list (R30).
    answers = [
        one
        for one in said
        if await answered_for(tx.rows, image, one) == image.patient_id
        and may_know_of(circle, one.person_id, reader.id, tx.today)
    ]
    involved = (
        {one.to_person_id for one in seen} | {one.person_id for one in implied} | {one.person_id for one in answers}
    )
    names = await _names(involved, circle, reader, tx)
    granted = [one for one in answers if one.answer is Answer.GRANTED]
    agreed = {uses[one.use_id].purpose: False for one in granted}
    agreed |= {uses[one.use_id].purpose: True for one in granted if one.person_id == reader.id}
    viewers = list(dict.fromkeys(names[one.to_person_id] for one in seen if one.how == "viewed"))
    shared = list(dict.fromkeys((names[one.to_person_id], one.purpose) for one in seen if one.how == "forwarded"))
    told = [
        *about_rights.consents_told(
            [(one, names[one.person_id]) for one in implied],
            [(one, uses[one.use_id], names[one.person_id]) for one in answers],
            zone,
        ),
        *about_rights.disclosures_told([(one, names[one.to_person_id]) for one in seen], zone),
    ]
    if of_a_stranger(circle, image):
        image = replace(image, reason="", reason_by="")  # words of somebody it is not of (R29)
    held = about_rights.held_image(image, patient, viewers, shared, agreed, zone)
    return about_rights.whole_story(held, told)


async def _names(ids: set[PersonId], circle: Circle, reader: Person, tx: Transaction) -> dict[str, str]:
    people = await tx.rows.people.find(id=list(ids)) if ids else []
    told = await told_of(tx.rows, circle)
    may = {one.id: may_be_named(circle, one, reader.id, told) for one in people}
    return {one.id: one.name if may[one.id] else SOMEBODY_ELSE for one in people}
