"""Load the facts that `domain.authority` decides from; decide nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from bot.domain.authority import Circle, Matter, Told, is_or_was_the_patient, never_had, was_never_theirs
from bot.domain.consent import ConsentAnswer
from bot.domain.entries import EntryKind
from bot.domain.identifiers import AT_THE_COMPUTER, PatientId, PersonId
from bot.domain.image import HeldFor, Image
from bot.domain.people import Relation
from bot.domain.use import Use
from bot.ports import Commit


async def circle_of(rows: Commit, patient_id: PatientId) -> Circle:
    """Return everybody around one patient. Raises `LookupError` for an id that is no patient's."""
    patient = await rows.patients.get(patient_id)
    held = await rows.authorities.of_patient(patient_id)
    ids = {
        id
        for authority in held
        for id in (authority.person_id, authority.invited_by)
        if id not in {"", AT_THE_COMPUTER}
    }
    people = await rows.people.among(ids)
    return Circle(patient, tuple(held), {person.id: person for person in people})


async def circles_of_person(rows: Commit, person_id: PersonId) -> list[Circle]:
    """Return the circles of all patients this person was ever recorded for, in the order they were linked."""
    held = await rows.authorities.of_person(person_id)
    return [
        await circle_of(rows, patient_id) for patient_id in dict.fromkeys(authority.patient_id for authority in held)
    ]


async def answers_for_others(rows: Commit, person_id: PersonId) -> bool:
    """Return whether they are on record as somebody's parent, child or decision maker, not only as themselves."""
    held = await rows.authorities.of_person(person_id)
    return any(authority.relation is not Relation.SELF for authority in held)


async def answers_for_self(rows: Commit, person_id: PersonId) -> bool:
    """Return whether they are on record as a patient themselves."""
    held = await rows.authorities.of_person(person_id)
    return any(authority.relation is Relation.SELF for authority in held)


async def is_linked(rows: Commit, person_id: PersonId, day: date) -> bool:
    """Return whether they answer for somebody, or will once it is confirmed or its day has come."""
    held = await rows.authorities.of_person(person_id)
    return any(authority.may_hold(day) for authority in held)


async def matter_of(rows: Commit, image: Image, circle: Circle | None = None) -> Matter:
    """Return what authority needs to know of an image; `circle` is its patient's, where it was loaded already."""
    own = wrong = False
    if image.patient_id:
        held = circle.authorities if circle else await rows.authorities.of_patient(image.patient_id)
        sent = is_or_was_the_patient(held, image.sender_id)
        given = [
            consent
            for consent in await rows.consents.of_image(image.id)
            if consent.patient_id == image.patient_id
            and not never_had(held, consent.person_id, consent.capacity, consent.at)
        ]
        own = (sent and not image.from_colleague) or bool(given and given[-1].capacity is Relation.SELF)
        wrong = not image.from_colleague and was_never_theirs(held, image.sender_id, image.received_at)
    return Matter(
        image.id,
        image.sender_id,
        image.patient_id,
        image.from_colleague,
        image.filed_at,
        own,
        being_moved=bool(image.moving_to),
        held_as_anothers=image.held_for is HeldFor.SOMEBODY_ELSE,
        from_wrong_person=wrong,
    )


async def whose_then(rows: Commit, image: Image, at: datetime) -> PatientId:
    """Return the patient the image belonged to at a time: each move left a note in both records, with one moment (R15)."""
    if not image.sent_for:
        return image.patient_id
    notes = await rows.documents.of_image(image.id, kind=EntryKind.CORRECTION)
    moves: dict[datetime, set[PatientId]] = {}
    for note in notes:
        moves.setdefault(note.at, set()).add(note.patient_id)
    whose = image.patient_id
    for moved_at in sorted((moved_at for moved_at, both in moves.items() if len(both) == BOTH), reverse=True):
        if moved_at < at:
            break
        whose = next(iter(moves[moved_at] - {whose}))
    return whose


BOTH = 2  # records


async def answered_for(rows: Commit, image: Image, answer: ConsentAnswer) -> PatientId:
    """Return the patient in whose record an answer about this image was filed: it stays there when the image is moved (R30)."""
    filed = await rows.documents.of_image(image.id, kind=EntryKind.CONSENT, author_id=answer.person_id)
    whose = [document.patient_id for document in filed if document.at == answer.at]
    return whose[0] if whose else await whose_then(rows, image, answer.at)


async def told_of(rows: Commit, circle: Circle) -> Told:
    """Return, for each invitation into this circle, whom it was chosen to tell."""
    ids = [held.invitation_id for held in circle.authorities if held.invitation_id]
    return {invitation.id: invitation.asked_of for invitation in await rows.invitations.to_be_told(ids)}


async def answers_about(rows: Commit, images: Iterable[Image]) -> list[tuple[ConsentAnswer, Use]]:
    """Return every answer to a request about one of these images, with the use it was about, oldest first."""
    uses = {use.id: use for use in await rows.uses_of(*(image.id for image in images))}
    said = await rows.consent_answers.of_uses(uses)
    return [(answer, uses[answer.use_id]) for answer in said]
