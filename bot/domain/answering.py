"""Who may answer for a patient, and in what capacity; who may invoke the law (who_may_answer, R13a).

The capacity is recorded at enrolment, by the practice; it ends by date, and is asked anew for every answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from .errors import Refused
from .people import Authority, Patient, Relation, Role, eighteenth_birthday
from .uses import Allowed, NotAllowed, Subject, UsePolicy


def who_may_answer(
    born: date, authorities: Iterable[Authority], day: date, *, mature_minor: bool = False, impaired: bool = False
) -> dict[str, Relation]:
    """Person id to capacity: everybody whose answer counts today.

    A grown-up answers for themselves, unless capacity is impaired: then the substitute decision maker or guardian does.
    Parents and guardians answer for a child; a mature minor answers for themselves, and then nobody else does.
    """
    held = [authority for authority in authorities if authority.holds_on(day)]
    grown_up = day >= eighteenth_birthday(born)
    if grown_up and impaired:
        wanted = {Relation.DECISION_MAKER, Relation.GUARDIAN}
    elif grown_up or mature_minor:
        wanted = {Relation.SELF}
    else:
        wanted = {Relation.PARENT, Relation.GUARDIAN}
    return {authority.person_id: authority.relation for authority in held if authority.relation in wanted}


def second_yes(born: date, day: date, *, intimate: bool, policy: UsePolicy) -> bool:
    """Whether a yes is asked for once more: about intimate images and children's, unless the practice decides otherwise."""
    return policy.confirm_twice and (intimate or day < eighteenth_birthday(born))


def may_send_for(patient: Patient, relation: Relation) -> bool:
    """Whether photos of this patient come with the consent that sending implies (R1): not from a mature minor's parent."""
    return not (patient.mature_minor and relation in {Relation.PARENT, Relation.GUARDIAN})


MATURE_MINOR, HAS_CAPACITY = "mature-minor", "has-capacity"


def with_capacity(patient: Patient, relation: Relation, remark: str, day: date) -> Patient:
    """The patient as staff record them with a relation. `remark`: MATURE_MINOR, HAS_CAPACITY, or ""."""
    grown_up = day >= eighteenth_birthday(patient.born)
    if remark and relation is not Relation.SELF:
        raise Refused(f"“{remark}” is said of the patient, so it stands with “self”.", "R9")
    if remark == MATURE_MINOR:
        if grown_up:
            raise Refused(f"{patient.name} is grown up and answers for themselves anyway.", "R9")
        return replace(patient, mature_minor=True)
    if remark == HAS_CAPACITY:
        return replace(patient, impaired=False)
    if relation is Relation.DECISION_MAKER and not grown_up:
        raise Refused(f"{patient.name} is a child: a parent or guardian answers for them.", "R9")
    if grown_up and relation in {Relation.DECISION_MAKER, Relation.GUARDIAN}:
        return replace(patient, impaired=True)
    return patient


def authority_until(patient: Patient, relation: Relation, day: date) -> date | None:
    """When this capacity ends: a parent's and a child's guardian's on the day the child turns 18."""
    birthday = eighteenth_birthday(patient.born)
    if relation is Relation.PARENT and day >= birthday:
        raise Refused(
            f"{patient.name} is grown up, so a parent no longer answers for them. Another relation can be given.", "R12"
        )
    ends = relation in {Relation.PARENT, Relation.GUARDIAN} and day < birthday
    return birthday if ends else None


def may_invoke_the_law(roles: frozenset[Role], basis: str, authority: str) -> bool:
    """Required by law (R13a): the manager only, with basis and authority recorded."""
    return Role.MANAGER in roles and bool(basis.strip()) and bool(authority.strip())


@dataclass(frozen=True, slots=True)
class LegalDemand:
    """What the law asks for, as the manager reports it."""

    basis: str
    authority: str
    recipient: str
    tell_patient: bool = True  # unless the authority forbids it

    @property
    def complete(self) -> bool:
        return bool(self.basis.strip() and self.authority.strip() and self.recipient.strip())


def decide_required_by_law(roles: frozenset[Role], demand: LegalDemand, image: Subject) -> Allowed | NotAllowed:
    """R13a: a manager, naming basis, authority and recipient; for an image in the record. A patient's no doesn't bar it."""
    if Role.MANAGER not in roles:
        return NotAllowed("R13a", "Only a manager may say that the law requires it.")
    if not (demand.complete and may_invoke_the_law(roles, demand.basis, demand.authority)):
        return NotAllowed("R13a", "Please name the basis, the authority and who receives it:")
    if not image.in_record:
        return NotAllowed("R14", "It is not safely in the record yet, so there is nothing to hand over.")
    return Allowed("required-by-law", "R13a")
