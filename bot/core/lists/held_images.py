"""`my images`: what is held, for what, every consent and every disclosure, in plain words, the newest first (R24)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime

from bot.core.circles import answered_for, circle_of, told_of
from bot.core.copy_contents import as_told, of_a_stranger
from bot.core.how_far import Come, how_far
from bot.core.who_may_hear import hears_of_patients, may_be_listed, may_hear
from bot.domain import authority
from bot.domain.authority import Circle, Told
from bot.domain.consent import Answer, ConsentAnswer
from bot.domain.conversation import About
from bot.domain.document import STOPS_EVERY_USE
from bot.domain.entries import SOMEBODY_ELSE, EntryKind
from bot.domain.identifiers import ImageId, PersonId, UseId
from bot.domain.image import HeldFor, Image, State
from bot.domain.intents import ReadOut
from bot.domain.people import Person, Relation
from bot.domain.purposes import Purpose
from bot.domain.use import Use
from bot.ports import Commit
from bot.ports.journal_rows.of_lists import AFTER_ALL, Place
from bot.words import about_rights
from bot.words.about_rights import Ground

from .pages import MOST, ListPage, View, oldest_first


async def read(view: View, reader: Person, asked: ReadOut) -> ListPage:
    before = Place.of(await view.rows.images.get(ImageId(asked.after))) if asked.after else AFTER_ALL
    found = await _newest(view, reader, before, MOST + 1)
    if not found:
        return ListPage(about_rights.NOTHING_MORE_HELD if asked.after else about_rights.NOTHING_HELD)
    shown = found[:MOST]
    uses = await view.rows.uses_of(*(image.id for image in shown))
    told = [await _told(image, uses, reader, view) for image in shown]
    text = "\n\n".join((*told, about_rights.how_to_take_back(shown[0].ref)))
    after = shown[-1].id if len(found) > MOST else ""
    return ListPage(text, tuple(shown), after, len(shown), names_somebody=True)


async def _newest(view: View, reader: Person, before: Place, most: int) -> list[Image]:
    """Return what they sent and what is of those they hear of, as far as they may be told of it."""
    lists, found = view.rows.lists, list[Image]()
    patients = [patient.id for patient in await hears_of_patients(view.rows, reader.id, view.today)]
    while len(found) < most:
        sent = await lists.sent_by(reader.id, before, most)
        theirs = [await lists.of_patient(patient_id, before, most) for patient_id in patients]
        newest = oldest_first(sent, *theirs)[::-1][:most]
        if not newest:
            break
        found += [image for image in newest if await may_be_listed(view.rows, reader.id, image, view.today)]
        before = Place.of(newest[-1])
    return found[:most]


async def _told(image: Image, every_use: Sequence[Use], reader: Person, view: View) -> str:
    rows, zone = view.rows, view.policy.timezone
    if not image.patient_id and image.state is State.HELD:
        return f"{image.ref}: {about_rights.where_it_is(image, by_reader=True, filed_by='')}."  # its sender alone hears of it
    if not image.patient_id:
        kept = about_rights.NOT_HERE_YET if image.state is State.RECEIVED else "kept safely"
        return f"{image.ref}: {kept}; I still need to know whose photo it is."
    hears_of_it = await may_hear(rows, reader.id, image, view.today)
    if not hears_of_it:
        return about_rights.own_sending(image, zone, doubted=hears_of_it.because == "doubted")
    patient = await rows.patients.get(image.patient_id)
    forms = await rows.images.forms_of(image.id, patient_id=image.patient_id)
    of_both = await rows.disclosures.of_images([image.id, *(form.id for form in forms)])
    circle = await circle_of(rows, patient.id)
    told_of_whom = await told_of(rows, circle)

    def may_know_of(person_id: PersonId, at: datetime | None) -> bool:
        return authority.may_know_of(circle, person_id, reader.id, told_of_whom, view.today, at)

    seen = [
        await as_told(rows, image, disclosure)
        for disclosure in of_both
        if not disclosure.concealed
        and (disclosure.how != "copy" or may_know_of(disclosure.to_person_id, disclosure.at))
    ]
    given = await rows.consents.of_image(image.id, image.patient_id)
    implied = [consent for consent in given if may_know_of(consent.person_id, consent.at)]
    uses = {use.id: use for use in every_use if image.id in use.image_ids}
    said = await rows.consent_answers.of_uses(uses)
    # An answer given under a wrong name stands in no other patient's list (R30).
    every_answer = [answer for answer in said if await answered_for(rows, image, answer) == image.patient_id]
    answers = [answer for answer in every_answer if may_know_of(answer.person_id, answer.at)]
    involved = (
        {disclosure.to_person_id for disclosure in seen}
        | {consent.person_id for consent in implied}
        | {answer.person_id for answer in answers}
        | ({image.sender_id} if image.from_colleague else set())
    )
    names = await _names(involved, circle, told_of_whom, reader, view)
    is_patient = authority.may_answer(circle, view.today).get(reader.id) is Relation.SELF
    agreed = _agreed(uses, every_answer, {answer.id for answer in answers}, reader)
    far = await how_far(rows, seen)
    arrived = [disclosure for disclosure in seen if far[disclosure.id] is Come.ARRIVED]
    viewers = list(dict.fromkeys(names[shown.to_person_id] for shown in arrived if shown.how == "viewed"))
    shared = list(
        dict.fromkeys((names[shown.to_person_id], shown.purpose) for shown in arrived if shown.how == "forwarded")
    )
    on_their_way = {id: come is Come.PERHAPS for id, come in far.items() if come in {Come.PERHAPS, Come.NOT_YET}}
    told = [
        *about_rights.consents_told(
            [(consent, names[consent.person_id]) for consent in implied],
            [(answer, uses[answer.use_id], names[answer.person_id]) for answer in answers],
            zone,
            reader_is_patient=is_patient,
        ),
        *about_rights.disclosures_told(
            [(disclosure, names[disclosure.to_person_id]) for disclosure in seen], on_their_way, zone
        ),
    ]
    filed_by = names[image.sender_id] if image.from_colleague else ""
    if of_a_stranger(circle, image):
        image = replace(image, reason="", reason_by="")  # the words of somebody whom it does not show (R29)
    said_why = image.from_colleague or may_know_of(image.sender_id, image.received_at)
    asked = (
        await _is_asked(image, reader, rows) if image.held_for is HeldFor.ASKED_BACK else image.sender_id == reader.id
    )
    where = about_rights.where_it_is(image, by_reader=asked, filed_by=filed_by)
    if image.stopped and not await _may_know_that_it_stopped(image, circle, may_know_of, rows):
        image = replace(image, stopped=False)
    by = about_rights.SeenBy(viewers, shared, any(come.may_have for come in far.values()))
    held = about_rights.held_image(
        image, patient, where, by, agreed, zone, reader_is_patient=is_patient, said_why=said_why
    )
    return about_rights.whole_story(held, told)


async def _is_asked(image: Image, reader: Person, rows: Commit) -> bool:
    """Return whether it is the reader who was asked whether to withdraw it."""
    asked = await rows.questions.open_of_person(reader.id)
    return any(question.about is About.WITHDRAW and image.id in question.image_ids for question in asked)


async def _may_know_that_it_stopped(
    image: Image, circle: Circle, may_know_of: Callable[[PersonId, datetime | None], bool], rows: Commit
) -> bool:
    """Return whether the reader may know of somebody who stopped its use; of what older versions stopped nobody knows who did."""
    said = await rows.documents.of_image(image.id, kind=EntryKind.ANSWER)
    by = {(document.author_id, document.at) for document in said if document.facts.get("as") == STOPS_EVERY_USE}
    if not by:
        return all(may_know_of(held.person_id, held.recorded_at) for held in circle.authorities)
    return any(may_know_of(person_id, at) for person_id, at in by)


def _agreed(
    uses: Mapping[UseId, Use], answers: Sequence[ConsentAnswer], known: Set[str], reader: Person
) -> dict[Purpose, Ground]:
    """Return on what ground each purpose stands that was agreed to: where the reader may not know who agreed, on none."""
    grounds = dict[Purpose, Ground]()
    for answer in answers:
        if answer.answer is Answer.GRANTED:
            by = (
                Ground.READER
                if answer.person_id == reader.id
                else Ground.SOMEBODY
                if answer.id in known
                else Ground.HELD_BACK
            )
            grounds[uses[answer.use_id].purpose] = max(by, grounds.get(uses[answer.use_id].purpose, by))
    return grounds


async def _names(ids: set[PersonId], circle: Circle, told: Told, reader: Person, view: View) -> dict[str, str]:
    people = await view.rows.people.among(ids)
    may = {person.id: authority.may_be_named(circle, person, reader.id, told) for person in people}
    names: dict[str, str] = {person.id: person.name if may[person.id] else SOMEBODY_ELSE for person in people}
    return {**names, reader.id: about_rights.READER}
