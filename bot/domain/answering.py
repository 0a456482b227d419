"""How long somebody's capacity to answer for a patient lasts, and who may invoke the law (who may answer, R13a).

The practice records the capacity at enrolment; it begins and ends by date, and is looked up anew for every answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .errors import Refused
from .message import message
from .people import Patient, Relation, Role, eighteenth_birthday
from .use_rules import Allowed, NotAllowed, Subject, UsePolicy


def second_yes(born: date, day: date, *, intimate: bool, policy: UsePolicy) -> bool:
    """Return whether a yes is asked for again: about intimate images and children's, unless the practice decides otherwise."""
    return policy.confirm_twice and (intimate or day < eighteenth_birthday(born))


def authority_until(patient: Patient, relation: Relation, day: date) -> date | None:
    """Return the day this capacity ends: a parent's, and that of a child's guardian, ends on the day the child turns 18.

    Return None where it has no end. Refuse a parent of a patient who is grown up.
    """
    birthday = eighteenth_birthday(patient.born)
    if relation is Relation.PARENT and day >= birthday:
        raise Refused(message("about_people.is_no_child", patient=patient), "R12")
    ends = relation in {Relation.PARENT, Relation.GUARDIAN} and day < birthday
    return birthday if ends else None


def authority_since(patient: Patient, relation: Relation, day: date) -> date | None:
    """Return the day this capacity begins, or None for at once: a child's decision maker is prepared for the 18th birthday."""
    birthday = eighteenth_birthday(patient.born)
    return birthday if relation is Relation.DECISION_MAKER and day < birthday else None


def may_invoke_the_law(roles: frozenset[Role], basis: str, authority: str) -> bool:
    """Return whether this counts as required by law (R13a): only for a manager, and only with basis and authority recorded."""
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
    """Decide whether an image is handed over because the law requires it (R13a).

    It takes a manager who names basis, authority and recipient, and an image in the record. A patient's no doesn't bar it.
    """
    if Role.MANAGER not in roles:
        return NotAllowed("R13a", message("about_barred_uses.law_by_a_manager"))
    if not (demand.complete and may_invoke_the_law(roles, demand.basis, demand.authority)):
        return NotAllowed("R13a", message("about_barred_uses.name_the_basis"))
    if not image.in_record:
        return NotAllowed("R14", message("about_barred_uses.nothing_to_hand_over"))
    return Allowed("required-by-law", "R13a")
