"""Whether somebody is a patient here, and who decides for them, as a table.

    here ⇄ left      died: from either

Promises: whoever died is not treated, judged or answered for again; that a death was recorded by mistake brings back nothing
else (R28a). The record stays, whatever becomes of its patient.
Not here: who may decide any of this (`domain.authority`, `domain.leaving`), and who answers for them (`domain.authority_events`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from .errors import Refused
from .formal_names import FormalName, Sex
from .message import Message, message
from .people import Patient


class Care(StrEnum):
    HERE = "here"
    LEFT = "left"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class LeftThePractice:
    on: date


@dataclass(frozen=True, slots=True)
class InvitedAgain:
    """Somebody is invited who is the patient, or answers for them: whoever had left is a patient here again."""


@dataclass(frozen=True, slots=True)
class HasDied:
    on: date


@dataclass(frozen=True, slots=True)
class IsAlive:
    """The death was recorded by mistake."""


@dataclass(frozen=True, slots=True)
class FoundMature:
    """A clinician attests that this child decides for themselves about what they send (R33)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class FoundAble:
    """A clinician attests that they decide for themselves again (R33)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class FoundUnable:
    """Two people of the staff attest that somebody else has to decide for them (R33)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class NamesLearned:
    """Which of their names is the family name, and the sex where it was said."""

    name: FormalName
    sex: Sex | None


PatientEvent = LeftThePractice | InvitedAgain | HasDied | IsAlive | FoundMature | FoundAble | FoundUnable | NamesLearned


def care_of(patient: Patient) -> Care:
    if patient.died_on is not None:
        return Care.DIED
    return Care.HERE if patient.left_on is None else Care.LEFT


def patient_after(patient: Patient, event: PatientEvent) -> Patient:
    """Return the patient after `event`; raise `Refused` where the table says so."""
    return TRANSITIONS[care_of(patient), type(event)](patient, event)


# ---- what each event does


def _leave(patient: Patient, event: LeftThePractice) -> Patient:
    return replace(patient, left_on=event.on)


def _return(patient: Patient, event: InvitedAgain) -> Patient:
    return replace(patient, left_on=None)


def _die(patient: Patient, event: HasDied) -> Patient:
    return replace(patient, died_on=event.on)


def _revive(patient: Patient, event: IsAlive) -> Patient:
    return replace(patient, died_on=None)


def _mature(patient: Patient, event: FoundMature) -> Patient:
    return patient if patient.mature_minor else replace(patient, mature_minor=True, capacity_at=event.at)


def _able(patient: Patient, event: FoundAble) -> Patient:
    return replace(patient, impaired=False, capacity_at=event.at) if patient.impaired else patient


def _unable(patient: Patient, event: FoundUnable) -> Patient:
    return patient if patient.impaired else replace(patient, impaired=True, capacity_at=event.at)


def _named(patient: Patient, event: NamesLearned) -> Patient:
    """Keep the name in its parts; a sex that is not said stays what it was."""
    return replace(patient, family=event.name.family, given=event.name.given, sex=event.sex or patient.sex)


def _stay(patient: Patient, event: PatientEvent) -> Patient:
    return patient


def _refuse(said: Message, rule: str = "R28a") -> Callable[[Patient, PatientEvent], Patient]:
    def refuse(patient: Patient, event: PatientEvent) -> Patient:
        raise Refused(said, rule)

    return refuse


def _nobody_answers(patient: Patient, event: InvitedAgain) -> Patient:
    raise Refused(message("about_admission.nobody_answers_for_the_dead", patient=patient), "R28a")


_NOT_HERE = _refuse(message("about_people.nobody_has_that_number"))
_NOT_DEAD = _refuse(message("about_leaving.not_dead_any_more"), "R33")
_DEAD = _refuse(message("about_leaving.no_living_patient"))

_HERE: dict[type, Callable[..., Patient]] = {
    LeftThePractice: _leave,
    InvitedAgain: _stay,
    HasDied: _die,
    IsAlive: _NOT_DEAD,
    FoundMature: _mature,
    FoundAble: _able,
    FoundUnable: _unable,
    NamesLearned: _named,
}

_BY_CARE: dict[Care, dict[type, Callable[..., Patient]]] = {
    Care.HERE: _HERE,
    Care.LEFT: _HERE | {LeftThePractice: _NOT_HERE, InvitedAgain: _return},
    # Names are learned all the same: programs that the record is copied to file by them.
    Care.DIED: dict.fromkeys(_HERE, _DEAD) | {InvitedAgain: _nobody_answers, IsAlive: _revive, NamesLearned: _named},
}

TRANSITIONS: dict[tuple[Care, type], Callable[..., Patient]] = {
    (care, event): cell for care, cells in _BY_CARE.items() for event, cell in cells.items()
}
