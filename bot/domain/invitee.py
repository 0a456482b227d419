"""Whom an invitation is for, before there is one. Two for the same are not out at once (R33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .identifiers import NO_ACCOUNT, NO_PATIENT, Account, PatientId
from .people import Relation, Role


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody by name, in a role: a patient, or who answers for one, in a capacity that begins and may end; or somebody who
    works here.
    """

    role: Role
    name: str
    patient_id: PatientId = NO_PATIENT
    relation: Relation | None = None
    until: date | None = None
    since: date | None = None
    account: Account = NO_ACCOUNT  # only this account may use it; "" = any
    and_clinician: bool = False  # a first manager who is a doctor too (R33)
