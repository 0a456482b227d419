"""Who may answer for a patient, and in what capacity; who may invoke the law (who_may_answer, R13a)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .people import Authority, Relation, Role, eighteenth_birthday
from .uses import Allowed, NotAllowed, Subject


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
