"""`my images`: what is held, for what, every consent and every disclosure, in plain words, the newest first (R24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.circles import answered_for, circle_of, told_of
from bot.core.copy_contents import as_told, of_a_stranger
from bot.core.who_may_hear import hears_of_patients, may_be_listed, may_hear
from bot.domain.authority import Circle, may_answer, may_be_named, may_know_of
from bot.domain.consent import Answer
from bot.domain.entries import SOMEBODY_ELSE
from bot.domain.identifiers import ImageId, PersonId
from bot.domain.image import Image, State
from bot.domain.intents import ReadOut
from bot.domain.people import Person, Relation
from bot.domain.use import Use
from bot.ports.journal_rows.of_lists import AFTER_ALL, Place
from bot.words import about_rights

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
    seen = [
        await as_told(rows, image, disclosure)
        for disclosure in of_both
        if not disclosure.concealed and may_know_of(circle, disclosure.to_person_id, reader.id, view.today)
    ]
    implied = await rows.consents.of_image(image.id, image.patient_id)
    uses = {use.id: use for use in every_use if image.id in use.image_ids}
    said = await rows.consent_answers.of_uses(uses)
    # An answer given under a wrong name stands in no other patient's list (R30).
    answers = [
        answer
        for answer in said
        if await answered_for(rows, image, answer) == image.patient_id
        and may_know_of(circle, answer.person_id, reader.id, view.today)
    ]
    involved = (
        {disclosure.to_person_id for disclosure in seen}
        | {consent.person_id for consent in implied}
        | {answer.person_id for answer in answers}
        | ({image.sender_id} if image.from_colleague else set())
    )
    names = await _names(involved, circle, reader, view)
    is_patient = may_answer(circle, view.today).get(reader.id) is Relation.SELF
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
            reader_is_patient=is_patient,
        ),
        *about_rights.disclosures_told([(disclosure, names[disclosure.to_person_id]) for disclosure in seen], zone),
    ]
    filed_by = names[image.sender_id] if image.from_colleague else ""
    if of_a_stranger(circle, image):
        image = replace(image, reason="", reason_by="")  # the words of somebody whom it does not show (R29)
    where = about_rights.where_it_is(image, by_reader=image.sender_id == reader.id, filed_by=filed_by)
    by = about_rights.SeenBy(viewers, shared, bool(seen))
    held = about_rights.held_image(image, patient, where, by, agreed, zone, reader_is_patient=is_patient)
    return about_rights.whole_story(held, told)


async def _names(ids: set[PersonId], circle: Circle, reader: Person, view: View) -> dict[str, str]:
    people = await view.rows.people.among(ids)
    told = await told_of(view.rows, circle)
    may = {person.id: may_be_named(circle, person, reader.id, told) for person in people}
    names: dict[str, str] = {person.id: person.name if may[person.id] else SOMEBODY_ELSE for person in people}
    return {**names, reader.id: about_rights.READER}
