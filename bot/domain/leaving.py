"""Somebody who works here leaves: who may say so, and what must be handed over first. Nothing is left without a person."""

from __future__ import annotations

from .choices import TapAbout
from .errors import Refused
from .message import message
from .people import STAFF, Person, Role, Standing


def decide_leaving(leaver: Person, successor: Person | None, *, open_cases: int, other_managers: int) -> None:
    """Allow somebody to leave; raise `Refused` while somebody or something would be left without a person."""
    if leaver.standing is Standing.LEFT:
        raise Refused(message("about_people.left_already", account=leaver.account))
    if not leaver.is_professional:
        raise Refused(message("about_people.no_colleague", account=leaver.account))
    if Role.MANAGER in leaver.roles and not other_managers:
        raise Refused(message("about_people.last_manager"), "R22")
    if successor is not None:
        fit = successor.standing is Standing.ACTIVE and Role.CLINICIAN in successor.roles
        if successor.id == leaver.id or not fit:
            raise Refused(message("about_people.no_successor"), "R5")
    elif open_cases:
        raise Refused(
            message("about_people.cases_without_anybody", cases=open_cases),
            "R5",
        )


# What people are asked as a patient, or for one: it stays theirs to answer when they no longer work here.
ASKED_OF_PATIENTS: frozenset[TapAbout] = frozenset({"specific-consent", "access-told", "keep-photo", "my-copy"})


def may_undo_death(asker: Person, other: Person) -> bool:
    """Return whether these are two people of the staff, with a manager among them (R28a)."""
    both = asker.roles | other.roles
    return asker.id != other.id and bool(asker.roles & STAFF and other.roles & STAFF) and Role.MANAGER in both
