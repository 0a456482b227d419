"""A no or a stop from somebody who is paused, or has left: no answer, but nothing leaves until a clinician has looked (R28a).

Anybody who holds a lost phone may have written it; the patient may have meant it. So the uses under way are held, which harms
nobody, and the no stays with the image, so that nothing new is asked for either. The practice hears which image it is about.
`!go-on` ends the no, and lets the uses go on.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.consequences import close_questions
from bot.core.dispatch import Request, tapped_answer
from bot.core.transaction import Transaction
from bot.core.uses.judge import held_by_a_no, is_held_by
from bot.core.wishes import open_wishes, settle_use
from bot.domain.arrivals import Arrival
from bot.domain.authority import may_act_for_the_practice
from bot.domain.choices import Choice
from bot.domain.consent import UnheardNo, ended_no
from bot.domain.conversation import About
from bot.domain.deeds import SayNo
from bot.domain.errors import Refused
from bot.domain.identifiers import ChoiceId, ImageId, QuestionId, UseId
from bot.domain.image import Image
from bot.domain.message import Message
from bot.domain.people import Person
from bot.domain.staff_deeds import LetUsesGoOn
from bot.domain.use import LIVE, GoesOn, SaidNo, Use, decide
from bot.words import about_leaving
from handlers.photos import hold_photo

_InUse = tuple[Image, list[Use]]


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a no is about: the images it names, or else the requests it answers, or else whatever is in use. A stop is about all
    there is of theirs where nothing is in use.
    """

    refs: frozenset[str] = frozenset()
    images: frozenset[ImageId] = frozenset()
    asked: frozenset[UseId] = frozenset()
    stops: bool = False


async def hold_on_a_no(no: SayNo | None, arrival: Arrival, person: Person, tx: Transaction) -> None:
    """Hold what they may have meant, and keep the no with each of these images: it outlasts the uses of today."""
    meant = await _what_is_meant(no, arrival, person, tx)
    if meant is None:
        return
    theirs = [(image, await tx.rows.uses_of(image.id)) for image in await _could_say_no_about(person, tx)]
    held = _held_by(meant, theirs)
    for image, _ in held:
        await _keep(image, person, tx)
    for use in {use.id: use for _, uses in held for use in uses}.values():  # once, also where it is of several images
        if not use.held:
            await tx.rows.uses.save(decide(use, SaidNo()))
            await tx.audit("stranger", "use.held", use.id, said_by=person.id, event=arrival.event_id)
    if held:
        await tx.tell_practice(about_leaving.somebody_said_no([image.ref for image, _ in held]))


def _held_by(meant: _Meant, theirs: list[_InUse]) -> list[_InUse]:
    """Return those of their images that are meant, each with the uses of it that can still be held."""
    live = [(image, [use for use in uses if use.state in LIVE]) for image, uses in theirs]
    if named := [(image, uses) for image, uses in live if image.ref in meant.refs or image.id in meant.images]:
        return named
    if meant.asked:
        asked_about = {image.id for image, uses in theirs if any(use.id in meant.asked for use in uses)}
        return [
            (image, [use for use in uses if use.id in meant.asked]) for image, uses in live if image.id in asked_about
        ]
    in_use = [(image, uses) for image, uses in live if uses]
    return in_use or (live if meant.stops else [])


async def _keep(image: Image, person: Person, tx: Transaction) -> None:
    standing = await tx.rows.unheard_noes.standing_on(image.id)
    if all(said.person_id != person.id for said in standing):
        await tx.rows.unheard_noes.add(UnheardNo(tx.ids.new(), image.id, person.id, tx.now))
        await tx.audit("stranger", "image.no-kept", image.id, said_by=person.id)


async def _what_is_meant(no: SayNo | None, arrival: Arrival, person: Person, tx: Transaction) -> _Meant | None:
    """Return what they say no to; None when they did not say no."""
    secret = tapped_answer(arrival)
    if secret is not None:
        choice = await tx.rows.choices.offered_to(ChoiceId(secret), person.id) if secret else None
        return await _tapped_no(choice, tx) if choice is not None else None
    if no is None:
        return None
    answered = await tx.rows.choices.numbered_about(person.id, "specific-consent", no.numbers) if no.numbers else []
    requests = frozenset(UseId(choice.subject) for choice in answered)
    return _Meant(refs=no.refs, asked=requests, stops=no.stops)


async def _tapped_no(choice: Choice, tx: Transaction) -> _Meant | None:
    """Return what a tap says no to, or takes back."""
    match choice.about, choice.value:
        case "specific-consent", "no":
            return _Meant(asked=frozenset({UseId(choice.subject)}))
        case "keep-photo", "no":
            return _Meant(images=frozenset({ImageId(choice.subject)}))
        case "withdraw-photo", hold_photo.ALL:
            question = await tx.rows.questions.get(QuestionId(choice.subject))
            return _Meant(images=frozenset(question.image_ids))
        case "withdraw-photo" | "stop-what", value:
            # The id of a photo, or of a request; what takes nothing back is the id of nothing.
            return _Meant(images=frozenset({ImageId(value)}), asked=frozenset({UseId(value)}))
        case _:
            return None


async def _could_say_no_about(person: Person, tx: Transaction) -> list[Image]:
    """Return the images of those they spoke for until they were paused or left, and what they sent that is nobody's yet."""
    found = {image.id: image for image in await tx.rows.images.sent_by(person.id) if not image.patient_id}
    for authority in await tx.rows.authorities.of_person(person.id):
        found |= {image.id: image for image in await tx.rows.images.of_patient(authority.patient_id)}
    return [image for image in found.values() if image.in_reach and await is_held_by(person.id, image, tx)]


async def go_on(deed: LetUsesGoOn, request: Request, tx: Transaction) -> Message | None:
    """Let the uses go on after somebody has spoken with them; a use of several images does once nothing holds any of these.

    Neither the person who asked for the use, nor anybody who speaks for the patient, may do this (R33).
    """
    image = await tx.image_named(deed.ref)
    held = [use for use in await tx.rows.uses_of(image.id) if use.waits]
    noes = await tx.rows.unheard_noes.standing_on(image.id)
    if not held and not noes and not await _wanted_back(image, tx):
        raise Refused(about_leaving.nothing_is_held(image.ref))
    await _decided_by_another(held, image, request.person, tx)
    for said in noes:
        await tx.rows.unheard_noes.save(ended_no(said, request.person.id, tx.now))
        await tx.audit(request.person.id, "image.goes-on", image.id, said_by=said.person_id)
    await close_questions(tx, image, frozenset({About.WITHDRAW}))
    await tx.ledger_message(request.arrival, image_id=image.id)
    others: dict[str, None] = {}
    for use in held:
        others |= dict.fromkeys(await _let_go(use, request.person, tx))
    if others:
        return about_leaving.others_hold_it(image.ref, list(others))
    return about_leaving.goes_on(image.ref) if held else about_leaving.may_be_asked_for(image.ref)


async def _wanted_back(image: Image, tx: Transaction) -> bool:
    return image.in_record and bool(await open_wishes([image.id], tx))


async def _let_go(use: Use, by: Person, tx: Transaction) -> list[str]:
    """Let the use go on as far as nothing holds its images; return the references of those that are still held."""
    images = await tx.rows.images.among(use.image_ids)
    held = [image.ref for image in images if await held_by_a_no(image, tx)]
    doubted = [image.ref for image in images if await open_wishes([image.id], tx)]
    if use.held and not held:
        use = await tx.rows.uses.save(decide(use, GoesOn()))
        await tx.audit(by.id, "use.goes-on", use.id)
    if not doubted:
        await settle_use(use, by.id, tx)
    return [*held, *doubted]


async def _decided_by_another(held: list[Use], image: Image, person: Person, tx: Transaction) -> None:
    circle = await tx.circle(image.patient_id) if image.patient_id else None
    involved = circle is not None and not may_act_for_the_practice(circle, person, tx.today)
    if involved or any(use.asked_by == person.id for use in held):
        raise Refused(about_leaving.not_yours_to_go_on(), "R33", image.id)
