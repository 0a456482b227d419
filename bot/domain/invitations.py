"""Invitations: each ties an account to a person, by a code, once, until a date.

How a code is written and tried stands in `invitation_codes`, what becomes of an invitation in `invitation_events`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from .identifiers import (
    NO_ACCOUNT,
    NO_PATIENT,
    NO_PERSON,
    NO_ROOM,
    SETUP,
    Account,
    InvitationId,
    PatientId,
    PersonId,
    RoomId,
)
from .people import Relation, Role


class Tell(StrEnum):
    """Whether those who already answer for the patient are told of a new account, authority or capacity (R33a)."""

    NOT_CHOSEN = "not-chosen"  # nobody is told
    TELL = "tell"
    NOT_NOW = "not-now"


class InvitationState(StrEnum):
    OPEN = "open"
    MATCHED = (
        "matched"  # the code was right; waiting for the patient's date of birth, or a colleague's "yes, that is me"
    )
    USED = "used"
    LOCKED = "locked"
    REFUSED = "refused"  # a colleague's "no, that is not me"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Invitation:
    id: InvitationId
    selector: str
    salt: str
    secret_hash: str
    role: Role
    name: str
    expires_at: datetime
    invited_by: PersonId | Literal["setup"]
    patient_id: PatientId = NO_PATIENT
    relation: Relation | None = None
    until: date | None = None
    account: Account = NO_ACCOUNT  # only this account may use it; "" = any
    state: InvitationState = InvitationState.OPEN
    wrong_tries: int = 0
    matched_by: Account = NO_ACCOUNT
    matched_identity: str = ""
    matched_room: RoomId = NO_ROOM
    since: date | None = None  # a decision maker's authority may be prepared before the 18th birthday
    tell: Tell = Tell.NOT_CHOSEN
    asked_of: tuple[PersonId, ...] = ()  # whom its maker read of, asked whether to tell: nobody else is told
    not_now_because: str = ""
    and_clinician: bool = False  # a first manager who is a doctor gets both roles at the computer (R33)
    wrong_birthdays: int = 0
    version: int = 0

    @property
    def maker(self) -> PersonId:
        """Return the person who made it; nobody for those made at set-up."""
        return NO_PERSON if self.invited_by == SETUP else self.invited_by

    def tells(self, person_id: PersonId) -> bool:
        """Return whether it was chosen that this person is told (R33a)."""
        return self.tell is Tell.TELL and person_id in self.asked_of

    @property
    def was_printed(self) -> bool:
        """Return whether it was made at the computer for a patient, by somebody there whom nobody knows."""
        return self.invited_by == SETUP and self.role is Role.PATIENT

    @property
    def waits(self) -> bool:
        """Return whether somebody may still come in by it."""
        return self.state in {InvitationState.OPEN, InvitationState.MATCHED}
