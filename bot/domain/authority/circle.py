"""Who speaks for a patient at a time, and in what capacity (R28, R28a, R30)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.identifiers import ImageId, InvitationId, PatientId, PersonId
from bot.domain.people import Authority, Patient, Person, Relation, Standing, eighteenth_birthday


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be, and the rule that says so. `because` is a short word for logs and tests."""

    holds: bool
    rule: str
    because: str = ""

    def __bool__(self) -> bool:
        return self.holds


@dataclass(frozen=True, slots=True)
class Circle:
    """One patient, everybody ever recorded as answering for them, and the people behind those authorities, by id."""

    patient: Patient
    authorities: tuple[Authority, ...]
    people: Mapping[PersonId, Person]


Told = Mapping[InvitationId, Collection[PersonId]]
"""Whom it was chosen to tell who came by an invitation (R33a)."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a decision about authority needs to know of an image.

    `own`: the patient sent it, or consented to it, themselves. `being_moved`: to another record. `held_as_anothers`: as a photo
    of somebody whom its sender doesn't decide for, or may have named wrongly. `from_wrong_person`: who sent it came by a code
    that had reached the wrong person, and never was one of the patient's people.
    """

    image_id: ImageId
    sender_id: PersonId
    patient_id: PatientId
    from_colleague: bool
    filed_at: datetime | None
    own: bool
    being_moved: bool = False
    held_as_anothers: bool = False
    from_wrong_person: bool = False


def may_answer(circle: Circle, day: date) -> dict[PersonId, Relation]:
    """Return everybody who may answer that day, reachable or not, as a map from person id to capacity.

    A grown-up answers for themselves, unless their capacity is impaired: then the decision maker or guardian does. Parents and
    guardians answer for a child, and so does a mature minor, each for a part of the images (`may_answer_about`).
    """
    if circle.patient.died_on is not None:
        return {}
    wanted = who_decides(circle.patient, day)
    return {held.person_id: held.relation for held in held_on(circle, day) if held.relation in wanted}


def speaks(circle: Circle, day: date) -> dict[PersonId, Relation]:
    """Return those of `may_answer` who have an active account, under the pinned identity: they speak for the patient."""
    return {id: relation for id, relation in may_answer(circle, day).items() if is_active(circle, id)}


def hears(circle: Circle, day: date) -> dict[PersonId, Relation]:
    """Return those who speak for the patient, and the patient: one with impaired capacity still sends, hears and sees."""
    if circle.patient.died_on is not None:
        return {}
    impaired = circle.patient.impaired and day >= eighteenth_birthday(circle.patient.born)
    themselves = {
        held.person_id: held.relation
        for held in held_on(circle, day)
        if impaired and held.relation is Relation.SELF and is_active(circle, held.person_id)
    }
    return speaks(circle, day) | themselves


def may_send(circle: Circle, person_id: PersonId, day: date) -> Verdict:
    """Return whether photos of this patient are accepted from them. Whether sending implies consent, see `implies_consent`."""
    if circle.patient.died_on is not None:
        return Verdict(False, "R28a", "died")
    if person_id in hears(circle, day):
        return Verdict(True, "R1")
    if any(held.person_id == person_id for held in held_on(circle, day)):
        return Verdict(True, "R1", "held")  # linked, but not one who may answer: nothing is implied
    return Verdict(False, "R6", "nobody")


def decides_not(circle: Circle, sender_id: PersonId, day: date) -> bool:
    """Return whether they were recorded for this patient, but may not answer: a grown-up's child, a young child's own account."""
    return may_send(circle, sender_id, day).because == "held"


def is_linked(circle: Circle, person_id: PersonId, day: date) -> Verdict:
    """Return whether they answer for the patient, or will once it is confirmed or its day has come: then they may hear so."""
    linked = any(held.person_id == person_id and held.may_hold(day) for held in circle.authorities)
    return Verdict(circle.patient.died_on is None and linked, "R28", "not-linked")


def is_or_was_the_patient(authorities: Iterable[Authority], person_id: PersonId) -> bool:
    """Return whether this is or was the patient's own account.

    Whoever answered for the patient, and then says that they are the patient, is so once that was confirmed: else a parent's
    claim would hide the parent's own photos as the child's (R33a).
    """
    theirs = [held for held in authorities if held.person_id == person_id and not held.never_theirs]
    own = [held for held in theirs if held.relation is Relation.SELF]
    return any(held.is_confirmed for held in own) or (bool(own) and len(own) == len(theirs))


def was_never_theirs(authorities: Iterable[Authority], person_id: PersonId, at: datetime) -> bool:
    """Return whether they were none of the patient's people at that time, though they were taken for one (R15).

    Whoever was let in rightly since was not then.
    """
    theirs = [held for held in authorities if held.person_id == person_id and was_recorded(held, at)]
    return bool(theirs) and all(held.never_theirs for held in theirs)


def never_had(authorities: Iterable[Authority], person_id: PersonId, capacity: Relation, at: datetime) -> bool:
    """Return whether they did not have this capacity then, though they were taken to: what they consented to in it is none."""
    theirs = [held for held in authorities if held.person_id == person_id]
    return was_never_theirs(theirs, person_id, at) or was_never_theirs(
        [held for held in theirs if held.relation is capacity], person_id, at
    )


def held_on(circle: Circle, day: date) -> list[Authority]:
    """Return the authorities that hold that day."""
    return [authority for authority in circle.authorities if authority.holds_on(day)]


def who_decides(patient: Patient, day: date) -> set[Relation]:
    """Return in which capacities somebody may answer for this patient that day."""
    if day >= eighteenth_birthday(patient.born):
        return {Relation.DECISION_MAKER, Relation.GUARDIAN} if patient.impaired else {Relation.SELF}
    return {Relation.PARENT, Relation.GUARDIAN} | ({Relation.SELF} if patient.mature_minor else set())


def is_mature_minor(circle: Circle, day: date) -> bool:
    """Return whether the patient is one that day: attested, and not grown up."""
    return circle.patient.mature_minor and day < eighteenth_birthday(circle.patient.born)


def is_active(circle: Circle, person_id: PersonId) -> bool:
    """Return whether this person has an active account, under the pinned identity."""
    person = circle.people.get(person_id)
    return person is not None and person.standing is Standing.ACTIVE


def is_same_human(circle: Circle, person_id: PersonId, person: Person) -> bool:
    """Return whether both are the same human: one who left and came back has a new id (R31), the same account and identity."""
    before = circle.people.get(person_id)
    return person_id == person.id or (
        before is not None and (before.account, before.identity) == (person.account, person.identity)
    )


def was_recorded(authority: Authority, at: datetime) -> bool:
    """Return whether it was on record then: what older versions recorded always was."""
    return authority.recorded_at is None or authority.recorded_at <= at


def patient_themselves(circle: Circle, day: date) -> set[PersonId]:
    """Return the patient's own accounts: a no from them counts even where somebody else answers for the patient."""
    return {held.person_id for held in held_on(circle, day) if held.relation is Relation.SELF}
