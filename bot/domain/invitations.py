"""Invitations: one-time codes that tie an account to a person. They expire, work once, and lock after five wrong tries.

A code is `SEL-XXXX-XXXX`: the selector names the invitation, the secret proves it. Only a salted hash of the secret is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
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
from .people import (
    Relation,
    Role,
)

WRONG_TRIES_ALLOWED = 5
_SHAPE = re.compile(r"^\W*([0-9A-Z]{3})[\s\-–—.]*([0-9A-Z]{4})[\s\-–—.]*([0-9A-Z]{4})\W*$")
_AS_SHOWN = re.compile(r"^\W*(?=\S*\d)[0-9A-Z]{3}[-–—][0-9A-Z]{4}[-–—][0-9A-Z]{4}\W*$", re.IGNORECASE)
_MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


class Tell(StrEnum):
    """Whether those who answer for the patient already are told of a new account, authority or capacity (R33a)."""

    NOT_CHOSEN = "not-chosen"  # nobody is told
    TELL = "tell"
    NOT_NOW = "not-now"


class InvitationState(StrEnum):
    OPEN = "open"
    MATCHED = "matched"  # the code was right; waiting for "yes, that is me"
    USED = "used"
    LOCKED = "locked"
    REFUSED = "refused"  # "no, that is not me"
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
    not_now_because: str = ""
    and_clinician: bool = False  # a first manager who is a doctor gets both roles at the computer (R33)
    version: int = 0

    @property
    def maker(self) -> PersonId:
        """Return the person who made it; nobody for those made at set-up."""
        return NO_PERSON if self.invited_by == SETUP else self.invited_by


def secret_hash(salt: str, secret: str) -> str:
    return hashlib.sha256(f"consentry invitation\n{salt}\n{secret}".encode()).hexdigest()


def read_code(text: str) -> tuple[str, str] | None:
    """The (selector, secret) a person typed, forgiving case, spaces, dashes and look-alike letters; None if it is no code."""
    found = _SHAPE.match(text.upper().translate(_MISTAKEN))
    return (found[1], found[2] + found[3]) if found else None


def looks_like_a_code(text: str) -> bool:
    """Whether it stands there as a code is shown: three groups, two dashes, a digit. Words that are none pass on as words."""
    return bool(_AS_SHOWN.match(text))


class Tried(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    NOW_LOCKED = "now-locked"
    # Only whoever knows the secret hears one of these:
    LOCKED = "locked"
    CLOSED = "closed"  # used, refused, or written by somebody else before
    EXPIRED = "expired"
    ANOTHER_ACCOUNT = "another-account"


def try_code(
    invitation: Invitation, secret: str, *, account: Account, identity: str, room_id: RoomId, at: datetime
) -> tuple[Invitation, Tried]:
    """Return what becomes of an invitation when somebody types its code. The secret comes first: without it nothing shows."""
    if not hmac.compare_digest(invitation.secret_hash, secret_hash(invitation.salt, secret)):
        return _wrong(invitation, at)
    if invitation.state is InvitationState.EXPIRED or at >= invitation.expires_at:
        return replace(invitation, state=InvitationState.EXPIRED), Tried.EXPIRED
    if invitation.state is InvitationState.LOCKED:
        return invitation, Tried.LOCKED
    if invitation.account not in {"", account}:
        return invitation, Tried.ANOTHER_ACCOUNT
    if invitation.state is InvitationState.MATCHED and account == invitation.matched_by:
        return replace(invitation, matched_room=room_id, matched_identity=identity), Tried.RIGHT
    if invitation.state is not InvitationState.OPEN:
        return invitation, Tried.CLOSED
    matched = replace(
        invitation,
        state=InvitationState.MATCHED,
        matched_by=account,
        matched_identity=identity,
        matched_room=room_id,
    )
    return matched, Tried.RIGHT


def _wrong(invitation: Invitation, at: datetime) -> tuple[Invitation, Tried]:
    if invitation.state is not InvitationState.OPEN or at >= invitation.expires_at:
        return invitation, Tried.WRONG
    tries = invitation.wrong_tries + 1
    if tries >= WRONG_TRIES_ALLOWED:
        return replace(invitation, wrong_tries=tries, state=InvitationState.LOCKED), Tried.NOW_LOCKED
    return replace(invitation, wrong_tries=tries), Tried.WRONG
