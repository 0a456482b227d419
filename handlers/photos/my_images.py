"""`my images`: what is held, for what, every consent and every disclosure, in plain words (R24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.circles import answered_for, told_of
from bot.core.copy_contents import as_told, of_a_stranger
from bot.core.dispatch import Request
from bot.core.transaction import Transaction
from bot.core.who_may_hear import may_hear
from bot.domain.authority import Circle, may_be_named, may_know_of
from bot.domain.consent import Answer
from bot.domain.entries import SOMEBODY_ELSE
from bot.domain.identifiers import PersonId
from bot.domain.image import Image, State
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
    forms = await tx.rows.images.forms_of(image.id, patient_id=image.patient_id)
    of_both = await tx.rows.disclosures.of_images([image.id, *(form.id for form in forms)])
    circle = await tx.circle(patient.id)
    seen = [
        await as_told(tx.rows, image, disclosure)
        for disclosure in of_both
        if not disclosure.concealed and may_know_of(circle, disclosure.to_person_id, reader.id, tx.today)
    ]
    implied = await tx.rows.consents.of_image(image.id, image.patient_id)
    uses = {use.id: use for use in every_use if image.id in use.image_ids}
    said = await tx.rows.consent_answers.of_uses(uses)
    # An answer given under a wrong name stands in no other patient's list (R30).
    answers = [
        answer
        for answer in said
        if await answered_for(tx.rows, image, answer) == image.patient_id
        and may_know_of(circle, answer.person_id, reader.id, tx.today)
    ]
    involved = (
        {disclosure.to_person_id for disclosure in seen}
        | {consent.person_id for consent in implied}
        | {answer.person_id for answer in answers}
    )
    names = await _names(involved, circle, reader, tx)
    granted = [answer for answer in answers if answer.answer is Answer.GRANTED]
    agreed = {uses[answer.use_id].purpose: False for answer in granted}
    agreed |= {uses[answer.use_id].purpose: True for answer in granted if answer.person_id == reader.id}
    viewers = list(dict.fromkeys(names[disclosure.to_person_id] for disclosure in seen if disclosure.how == "viewed"))
    shared = list(
        dict.fromkeys(
            (names[disclosure.to_person_id], disclosure.purpose) for disclosure in seen if disclosure.how == "forwarded"
        )
    )
    told = [
        *about_rights.consents_told(
            [(consent, names[consent.person_id]) for consent in implied],
            [(answer, uses[answer.use_id], names[answer.person_id]) for answer in answers],
            zone,
        ),
        *about_rights.disclosures_told([(disclosure, names[disclosure.to_person_id]) for disclosure in seen], zone),
    ]
    if of_a_stranger(circle, image):
        image = replace(image, reason="", reason_by="")  # the words of somebody whom it does not show (R29)
    held = about_rights.held_image(image, patient, viewers, shared, agreed, zone)
    return about_rights.whole_story(held, told)


async def _names(ids: set[PersonId], circle: Circle, reader: Person, tx: Transaction) -> dict[str, str]:
    people = await tx.rows.people.among(ids)
    told = await told_of(tx.rows, circle)
    may = {person.id: may_be_named(circle, person, reader.id, told) for person in people}
    return {person.id: person.name if may[person.id] else SOMEBODY_ELSE for person in people}
