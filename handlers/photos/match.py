"""`!match`: reception says whose photo it is, with two identifiers, echoed and done by a tap (R15)."""

from __future__ import annotations

from bot.core.consequences import apply, close_questions
from bot.core.dispatch import Request
from bot.core.documents import write
from bot.core.polls import close_polls
from bot.core.transaction import Transaction
from bot.domain import rooms
from bot.domain.authority import decides_not
from bot.domain.choices import Choice
from bot.domain.consent import matched
from bot.domain.conversation import About, Question
from bot.domain.entries import EntryKind
from bot.domain.errors import Refused
from bot.domain.identifiers import NO_PATIENT, ImageId, QuestionId
from bot.domain.image import Event, HeldFor, Image, PatientChosen, SomebodyElse, decide, what_is_missing
from bot.domain.message import Message
from bot.domain.people import Patient, Person
from bot.domain.staff_deeds import MatchPhoto
from bot.domain.statement import Missing
from bot.words import about_handling, about_somebody_else, about_states
from handlers.people.two_people import act_for_the_practice

from .echo_whose import ask_whether_theirs, whose
from .somebody_else import CONFIRMED, still_doubted


async def match(deed: MatchPhoto, request: Request, tx: Transaction) -> Message | None:
    """Echo whose photo it would be. Whether it can be is judged before anybody is asked, and again at the tap."""
    image = await tx.image_named(deed.ref)
    patient = await tx.rows.patients.identified(deed.number, deed.born)
    if patient is None:
        raise Refused(about_handling.no_such_patient(), "R15")
    judged = image
    for event in await _what_it_takes(image, patient, request.person, tx):
        judged, _ = decide(judged, event)
    await tx.ledger_message(request.arrival)
    sender = await tx.person(image.sender_id)
    said = (about_handling.is_it_theirs(image.ref, sender.name, patient), f"Yes, {patient.name}", "No, leave it")
    await ask_whether_theirs(image, patient, said, "match", f"match:{image.id}", request.person, tx)
    return None


async def confirm(choice: Choice, request: Request, tx: Transaction) -> Message | None:
    image = await tx.rows.images.get(ImageId(choice.subject.removeprefix("match:")))
    patient_id = whose(choice, image)
    if patient_id is None:
        return about_handling.stays_where_it_is(image.ref)
    patient = await tx.rows.patients.get(patient_id)
    events = await _what_it_takes(image, patient, request.person, tx)
    await close_polls(tx, choice.subject)
    doubted = await still_doubted(image, tx)
    for event in events:
        image = await apply(tx, image, event, by=request.person.id)
    if doubted:
        facts: dict[str, object] = {CONFIRMED: "whose it is"}
        text = about_somebody_else.CONFIRMED_THEIRS
        await write(tx, EntryKind.CORRECTION, image, patient.id, request.person.id, text, facts)
    for form in await tx.rows.images.forms_of(image.id, held_for=HeldFor.UNMATCHED):
        await apply(tx, form, PatientChosen(patient.id), by=request.person.id)
    for consent in await tx.rows.consents.of_image(image.id, NO_PATIENT):
        await tx.rows.consents.save(matched(consent, patient.id))
    await _asked_no_more(tx, image)
    await tx.say(rooms.own(request.person.id), about_handling.belongs_to(image.ref, patient), image_id=image.id)
    return None


async def _what_it_takes(image: Image, patient: Patient, person: Person, tx: Transaction) -> list[Event]:
    """Return what happens to the photo where it is this patient's; refuse where it can't be, or is not this person's to say."""
    if image.from_colleague and image.held_for is not HeldFor.UNMATCHED:
        raise Refused(about_states.from_a_colleague(image.ref), "R15")
    sender = await tx.person(image.sender_id)
    told = image.held_for in {
        HeldFor.SOMEBODY_ELSE,
        HeldFor.UNMATCHED,
    }  # the sender said themselves that they don't answer for the person it shows
    if not told and patient.id not in {answered_for.id for answered_for in await tx.answers_for(sender)}:
        raise Refused(about_handling.sender_not_linked(), "R15")
    for whose_it_is in {image.patient_id, patient.id}:  # the patient it was said to show, and the one it shows
        await act_for_the_practice(person, image, whose_it_is, tx)
    decides_nothing = not told and decides_not(await tx.circle(patient.id), sender.id, tx.today)
    return [*([SomebodyElse()] if decides_nothing else []), PatientChosen(patient.id)]


async def _asked_no_more(tx: Transaction, image: Image) -> None:
    """Close the question whose it is, so that the sender's next words are no answer to it; what it is about may still be open."""
    await close_questions(tx, image, frozenset({About.PATIENT}))
    if Missing.PURPOSE not in what_is_missing(image):
        return
    deadline = tx.now + tx.policy.reason_deadline
    question = Question(QuestionId(tx.ids.new()), image.sender_id, About.REASON, (image.id,), (), tx.now, deadline)
    await tx.rows.questions.add(question)
    await tx.remind("question", question.id, tx.policy.reason_deadline)
