"""A no or a stop from somebody who is paused, or has left: no answer, but nothing leaves until a clinician has looked (R28a).

Anybody who holds a lost phone may have written it; the patient may have meant it. So the uses under way are held, which harms
nobody, and the practice hears which image it is about. `!go-on` lets them go on.
"""

from __future__ import annotations

from datetime import date

from bot.core.consequences import close_questions
from bot.core.dispatch import Request
from bot.core.dispatch.reading import tapped_answer, words_said
from bot.core.transaction import Transaction
from bot.core.wishes import settle_use
from bot.domain.arrivals import Arrival
from bot.domain.authority import is_their_own, may_act_for_the_practice
from bot.domain.conversation import About
from bot.domain.errors import Refused
from bot.domain.identifiers import ChoiceId, ImageId
from bot.domain.image import Image
from bot.domain.people import Authority, Patient, Person, Relation, eighteenth_birthday
from bot.domain.references import references_in
from bot.domain.staff_deeds import LetUsesGoOn
from bot.domain.use import LIVE, GoesOn, SaidNo, Use, decide
from bot.heard.a_no import numbers_in, says_no
from bot.words import about_leaving


async def hold_on_a_no(arrival: Arrival, person: Person, tx: Transaction) -> None:
    """Hold what they may have meant: the image they named, what their answer was to, or else everything under way."""
    meant = await _what_is_meant(arrival, person, tx)
    if meant is None:
        return
    named, asked = meant
    held: dict[str, None] = {}
    for image in await _could_answer_about(person, tx):
        if named and image.ref not in named:
            continue
        uses = [use for use in await tx.rows.uses_of(image.id) if use.state in LIVE and (not asked or use.id in asked)]
        for use in uses:
            if not use.held:
                await tx.rows.uses.save(decide(use, SaidNo()))
                await tx.audit("stranger", "use.held", use.id, said_by=person.id, event=arrival.event_id)
        if uses or image.ref in named:
            held[image.ref] = None
    if held:
        await tx.tell_practice(about_leaving.somebody_said_no(list(held)))


async def _what_is_meant(arrival: Arrival, person: Person, tx: Transaction) -> tuple[frozenset[str], set[str]] | None:
    """Return the references named and the uses whose question it answers; None when they did not say no."""
    secret = tapped_answer(arrival)
    if secret is not None:
        choice = await tx.rows.choices.offered_to(ChoiceId(secret), person.id) if secret else None
        a_no = choice is not None and choice.about == "specific-consent" and choice.value == "no"
        return (frozenset(), {choice.subject}) if choice is not None and a_no else None
    text = words_said(arrival.content or {})
    if not says_no(text):
        return None
    numbers = numbers_in(text)
    answered = await tx.rows.choices.numbered_about(person.id, "specific-consent", numbers)
    uses = {choice.subject for choice in answered} if numbers else set()
    return references_in(text), uses


async def _could_answer_about(person: Person, tx: Transaction) -> list[Image]:
    """Return the images of the patients they spoke for until they were paused or left.

    A mature minor's own images are among them only for the minor.
    """
    found: dict[ImageId, Image] = {}
    for authority in await tx.rows.authorities.of_person(person.id):
        patient = await tx.rows.patients.get(authority.patient_id)
        if patient.died_on is not None or _grown_out_of(authority, patient, tx.today):
            continue
        circle = await tx.circle(patient.id)
        for image in await tx.rows.images.of_patient(patient.id):
            own = is_their_own(circle, await tx.matter(image, circle), tx.today)
            if not own or authority.relation is Relation.SELF:
                found[image.id] = image
    return list(found.values())


def _grown_out_of(authority: Authority, patient: Patient, day: date) -> bool:
    """Return whether it ended because the child turned 18: a parent of that time says nothing now."""
    return authority.until == eighteenth_birthday(patient.born) and day >= authority.until


async def go_on(deed: LetUsesGoOn, request: Request, tx: Transaction) -> str | None:
    """Let the uses go on after a clinician has spoken with them.

    Neither the person who asked for the use, nor anybody who speaks for the patient, may do this (R33).
    """
    image = await tx.image_named(deed.ref)
    held = [use for use in await tx.rows.uses_of(image.id) if use.waits]
    if not held:
        raise Refused(f"Nothing about {image.ref} is held because of a no, so there is nothing to decide.")
    for use in held:
        await _decided_by_another(use, image, request.person, tx)
        going_on = await tx.rows.uses.save(decide(use, GoesOn()))
        await tx.audit(request.person.id, "use.goes-on", use.id)
        await settle_use(going_on, request.person.id, tx)
    await close_questions(tx, image, frozenset({About.WITHDRAW}))
    await tx.ledger_message(request.arrival, image_id=image.id)
    return about_leaving.goes_on(image.ref)


async def _decided_by_another(use: Use, image: Image, person: Person, tx: Transaction) -> None:
    involved = not may_act_for_the_practice(await tx.circle(image.patient_id), person, tx.today)
    if use.asked_by == person.id or involved:
        raise Refused(about_leaving.NOT_YOURS_TO_GO_ON, "R33", image.id)
