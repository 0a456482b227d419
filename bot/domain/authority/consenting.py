"""Who may answer a request, what was answered, and which consent stands (R9, R12, R13, R29a, R30, R31)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.consent import Answer, Basis, Consent, ConsentAnswer
from bot.domain.identifiers import NO_PERSON, PersonId
from bot.domain.people import Authority, Patient, Person, Relation, Standing, eighteenth_birthday
from bot.domain.purposes import Purpose
from bot.domain.use import Use

from .circle import (
    Circle,
    Matter,
    Verdict,
    is_mature_minor,
    may_answer,
    never_had,
    patient_themselves,
    speaks,
    was_recorded,
    who_decides,
)
from .hearing import is_their_own, may_hear


def implies_consent(
    circle: Circle, person_id: PersonId, sent_at: datetime, sent_on: date, day: date
) -> Relation | None:
    """Return the capacity in which the sender consented by sending: one in which they could answer then, and still can (R30)."""
    relation = speaks(circle, day).get(person_id)
    if relation not in who_decides(circle.patient, sent_on) or _decided_since(circle, relation, sent_at, day):
        return None
    then = [
        held
        for held in circle.authorities
        if held.person_id == person_id and held.relation is relation and held.holds_on(sent_on)
    ]
    if not any(was_recorded(held, sent_at) for held in then):
        return None
    return relation


def implied_consent(circle: Circle | None, matter: Matter, consents: Iterable[Consent]) -> Consent | None:
    """Return the consent implied by sending this image, if there is one: for the patient it belongs to now, given by somebody
    who could answer then, and not only seemed to: none in a capacity that was never theirs (R30).

    `circle` is None while nobody has said whose image it is.
    """
    held = circle.authorities if circle is not None else ()
    if matter.from_wrong_person:
        return None
    implied = [
        consent
        for consent in consents
        if consent.basis is Basis.IMPLIED
        and consent.patient_id == matter.patient_id
        and consent.capacity is not Relation.CHILD
        and not never_had(held, consent.person_id, consent.capacity, consent.at)
    ]
    return implied[-1] if implied else None


def may_answer_about(circle: Circle, matter: Matter, day: date) -> dict[PersonId, Relation]:
    """Return who may answer about this image.

    For a mature minor's own image that is the minor alone; for their other images it is a parent or guardian.
    """
    able = may_answer(circle, day)
    if not is_mature_minor(circle, day):
        return able
    own = is_their_own(circle, matter, day)
    return {id: relation for id, relation in able.items() if (relation is Relation.SELF) is own}


@dataclass(frozen=True, slots=True)
class Asked:
    """The people a request may go to. It goes to `sender` first and without a tap, where they are one of them; everybody
    in `also` must agree too.
    """

    able: Mapping[PersonId, Relation]
    sender: PersonId = NO_PERSON
    also: frozenset[PersonId] = frozenset()
    rule: str = "R29a"


def whom_to_ask(circle: Circle, matters: Iterable[Matter], purpose: Purpose, asked_by: PersonId, day: date) -> Asked:
    """Return who may answer about all of these images; never the person who asks (R33).

    Return nobody where a mature minor's own yes is needed as well and can't be had (R9).
    """
    matters, here = list(matters), speaks(circle, day)
    hear = {
        id: relation
        for id, relation in here.items()
        if id != asked_by and all(may_hear(circle, matter, id, day) for matter in matters)
    }
    able = {
        id: relation
        for id, relation in hear.items()
        if all(id in may_answer_about(circle, matter, day) for matter in matters)
    }
    senders = {matter.sender_id for matter in matters}
    sender = senders.pop() if len(senders) == 1 else NO_PERSON
    themselves = {id for id, relation in hear.items() if relation is Relation.SELF}
    if not _needs_own_yes(circle, purpose, day):
        return Asked(able, sender if sender in able else NO_PERSON)
    if not themselves:
        return Asked({}, rule="R9")
    return Asked(able, sender if sender in able else NO_PERSON, frozenset(themselves - able.keys()))


def may_be_agreed(
    circle: Circle, matters: Iterable[Matter], purpose: Purpose, asked: Iterable[PersonId], day: date
) -> Verdict:
    """Return whether a request can still be agreed to by those who were asked, and have answered yes or nothing.

    Somebody who is paused may answer once they are back; a photo whose patient is doubted only waits (R15, R28a).
    """
    matters, able = list(matters), may_answer(circle, day)
    left = {id for id in asked if still_asked(circle, matters, id, day)}
    if not any(all(id in may_answer_about(circle, matter, day) for matter in matters) for id in left):
        return Verdict(False, "R28", "nobody-may-answer")
    themselves = any(able[id] is Relation.SELF for id in left)
    return Verdict(themselves or not _needs_own_yes(circle, purpose, day), "R9", "their-own-yes")


def still_asked(circle: Circle, matters: Iterable[Matter], person_id: PersonId, day: date) -> Verdict:
    """Return whether what they were asked about these images still is theirs to answer: beside others, or for all of it."""
    relation = may_answer(circle, day).get(person_id)
    every = all(person_id in may_answer_about(circle, matter, day) for matter in matters)
    return Verdict(relation is Relation.SELF or (relation is not None and every), "R28", "may-not-answer")


def may_still_say_no(circle: Circle, person_id: PersonId, day: date) -> Verdict:
    """Return whether this person's no counts though somebody else answers: the patient's own always does (who may answer)."""
    alive = circle.patient.died_on is None
    return Verdict(alive and person_id in patient_themselves(circle, day), "R29a", "their-own-no")


def holds_by_a_no(circle: Circle | None, matter: Matter, person_id: PersonId, day: date) -> Verdict:
    """Return whether a no of somebody who is paused, or has left, holds this image: they spoke for its patient, and nothing but
    that keeps them from answering today; the patient's own always does (R28a, R29a).

    `circle` is None while nobody has said whose image it is: then its sender's no holds it.
    """
    if circle is None:
        return Verdict(matter.sender_id == person_id, "R28a", "own-sending")
    if circle.patient.died_on is not None:
        return Verdict(False, "R28a", "died")
    counts = {Relation.SELF}
    if not is_their_own(circle, matter, day):
        counts |= who_decides(circle.patient, day)
    spoke = any(
        held.person_id == person_id and held.relation in counts and held.has_begun(day)
        for held in circle.authorities
        if not _grown_out_of(circle.patient, held, day)
    )
    return Verdict(spoke, "R28a", "spoke-for-them")


def said_no(
    circle: Circle, matters: Iterable[Matter], said: Iterable[tuple[ConsentAnswer, Use]], purpose: Purpose, day: date
) -> frozenset[PersonId]:
    """Return the people whose no, or withdrawal, stands for one of these images and this purpose (R29a).

    A person's latest answer about an image counts, as long as they may answer about it; the patient's own no always does.
    """
    answered = sorted(said, key=lambda pair: pair[0].at)
    refusing = set[PersonId]()
    for matter in matters:
        about = [answer for answer, use in answered if use.purpose is purpose and matter.image_id in use.image_ids]
        latest = {answer.person_id: answer.answer for answer in about}
        may = patient_themselves(circle, day).union(may_answer_about(circle, matter, day))
        refusing |= {id for id, answer in latest.items() if answer is not Answer.GRANTED and id in may}
    return frozenset(refusing)


def consent_stands(
    circle: Circle,
    use: Use,
    matters: Iterable[Matter],
    said: Iterable[tuple[ConsentAnswer, Use]],
    at: datetime,
    day: date,
) -> Verdict:
    """Return whether the specific consent that this use rests on exists now (R29a, R31).

    `said` are all answers about these images: those to this use, and those to others, for a no that stands.
    """
    matters, said = list(matters), list(said)
    answers = [answer for answer, to in said if to.id == use.id]
    if circle.patient.died_on is not None:
        return Verdict(False, "R28a", "died")
    if use.waits:
        return Verdict(False, "R28a", "held")
    if use.until is None or at >= use.until:
        return Verdict(False, "R12", "over")
    if any(matter.patient_id != circle.patient.id for matter in matters):
        return Verdict(False, "R30", "another-patient")
    if any(answer.answer is Answer.WITHDRAWN for answer in answers):
        return Verdict(False, "R13", "withdrawn")
    if said_no(circle, matters, said, use.purpose, day):
        return Verdict(False, "R29a", "somebody-said-no")
    given = {answer.person_id: answer.capacity for answer in answers if _gives(circle, answer, use, day)}
    if not all(_agreed(circle, matter, given, day) for matter in matters):
        return Verdict(False, "R31", "nobody-agreed")
    if _needs_own_yes(circle, use.purpose, day) and Relation.SELF not in given.values():
        return Verdict(False, "R9", "their-own-yes")
    return Verdict(True, "R31")


def is_recipient(use: Use, person: Person | None) -> Verdict:
    """Return whether this is one of the people the use is for, here and under the pinned identity.

    Somebody else who has the account now is not one (R31), nor is anybody who stays only as a patient (R28a).
    """
    here = person is not None and person.standing is Standing.ACTIVE and person.is_clinician
    return Verdict(here and person is not None and person.id in use.recipient_ids, "R31")


def takes_part(use: Use, person: Person) -> Verdict:
    """Return whether this person reads and writes in the room of a case: as the one who asks or one who gives advice, while they
    are here for that (R28a).
    """
    here = person.standing is Standing.ACTIVE and person.is_clinician
    return Verdict(here and (person.id == use.asked_by or person.id in use.recipient_ids), "R28a")


def _decided_since(circle: Circle, relation: Relation | None, at: datetime, day: date) -> bool:
    """Return whether it is by what was attested since that they decide: a mature minor, a grown-up or who decides for one."""
    changed, grown_up = circle.patient.capacity_at, day >= eighteenth_birthday(circle.patient.born)
    by_attestation = relation is Relation.SELF or grown_up
    return by_attestation and changed is not None and at < changed


def _grown_out_of(patient: Patient, held: Authority, day: date) -> bool:
    """Return whether it ended because the child turned 18: a parent of that time says nothing now."""
    return held.until == eighteenth_birthday(patient.born) and day >= held.until


def _needs_own_yes(circle: Circle, purpose: Purpose, day: date) -> bool:
    """Return whether a mature minor must agree themselves: they must to anything that is not their care (R9)."""
    return is_mature_minor(circle, day) and purpose is not Purpose.CARE


def _gives(circle: Circle, answer: ConsentAnswer, use: Use, day: date) -> bool:
    """Return whether this is a yes that counts: never the requester's own; for somebody else, only while that capacity lasts;
    as the patient, only of somebody who was the patient (R31). It does not revive with a capacity that is given anew, nor
    where the patient decided for themselves since.
    """
    if answer.answer is not Answer.GRANTED or answer.person_id == use.asked_by:
        return False
    had = [
        held
        for held in circle.authorities
        if held.person_id == answer.person_id
        and held.relation is answer.capacity
        and not held.never_theirs
        and was_recorded(held, answer.at)
    ]
    if answer.capacity is Relation.SELF:
        return bool(had)
    if _decided_since(circle, answer.capacity, answer.at, day):
        return False
    return may_answer(circle, day).get(answer.person_id) is answer.capacity and any(held.holds_on(day) for held in had)


def _agreed(circle: Circle, matter: Matter, given: Mapping[PersonId, Relation], day: date) -> bool:
    """Return whether one of those who agreed could answer about this image. The patient's own yes
    outlasts their capacity (R31).
    """
    if not is_mature_minor(circle, day):
        return bool(given)
    own = is_their_own(circle, matter, day)
    return any((relation is Relation.SELF) is own for relation in given.values())
