"""What is recorded of capacity, how long it lasts, and who may invoke the law (who may answer, R13a).

The capacity is recorded at enrolment, by the practice; it ends by date, and is asked anew for every answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from .errors import Refused
from .people import Patient, Relation, Role, eighteenth_birthday
from .uses import Allowed, NotAllowed, Subject, UsePolicy


def second_yes(born: date, day: date, *, intimate: bool, policy: UsePolicy) -> bool:
    """Whether a yes is asked for once more: about intimate images and children's, unless the practice decides otherwise."""
    return policy.confirm_twice and (intimate or day < eighteenth_birthday(born))


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
