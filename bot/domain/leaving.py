"""Somebody who works here leaves: who may say so, and what must be handed over first. Nothing is left without a person."""

from __future__ import annotations

from .choices import TapAbout
from .errors import Refused
from .people import STAFF, Person, Role, Standing


def decide_leaving(leaver: Person, successor: Person | None, *, open_cases: int, other_managers: int) -> None:
    """Allow somebody to leave; raise `Refused` while somebody or something would be left without a person."""
    if leaver.standing is Standing.LEFT:
        raise Refused(f"{leaver.account} has left already.")
    if not leaver.is_professional:
        raise Refused(f"{leaver.account} doesn't work here. When a patient leaves: !patient-leaves MRN")
    if Role.MANAGER in leaver.roles and not other_managers:
        raise Refused("The last manager can't leave: please enrol another one first.", "R22")
    if successor is not None:
        fit = successor.standing is Standing.ACTIVE and Role.CLINICIAN in successor.roles
        if successor.id == leaver.id or not fit:
            raise Refused("Please name another clinician of this practice who takes over.", "R5")
    elif open_cases:
        raise Refused(
            f"{open_cases} open case{'s' if open_cases > 1 else ''} would be left without anybody to close "
            f"{'them' if open_cases > 1 else 'it'}: please add “to @account”, the clinician who takes over.",
            "R5",
        )


# What people are asked as a patient, or for one: it stays theirs to answer when they no longer work here.
ASKED_OF_PATIENTS: frozenset[TapAbout] = frozenset({"specific-consent", "access-told", "keep-photo", "my-copy"})


def may_undo_death(asker: Person, other: Person) -> bool:
    """Return whether these are two people of the staff, with a manager among them (R28a)."""
    both = asker.roles | other.roles
    return asker.id != other.id and bool(asker.roles & STAFF and other.roles & STAFF) and Role.MANAGER in both
