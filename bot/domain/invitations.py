"""Invitations: one-time codes that tie an account to a person. They expire, work once, and lock after five wrong tries.

A code is `SEL-XXXX-XXXX`: the selector names the invitation, the secret proves it. Only a salted hash of the secret is kept.
Where it names a patient, the code is one identifier and the patient's date of birth the other (R15); three wrong dates lock it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from .errors import Refused
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
from .message import Message, message
from .people import Relation, Role

WRONG_TRIES_ALLOWED = 5
WRONG_BIRTHDAYS_ALLOWED = 3  # counted for the code, whoever writes it, and however often it is written
_SHAPE = re.compile(r"^\W*([0-9A-Z]{3})[\s\-–—.]*([0-9A-Z]{4})[\s\-–—.]*([0-9A-Z]{4})\W*$")
_AS_SHOWN = re.compile(r"^\W*[0-9A-Z]{3}[-–—][0-9A-Z]{4}[-–—][0-9A-Z]{4}\W*$", re.IGNORECASE)
_MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


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


def secret_hash(salt: str, secret: str) -> str:
    return hashlib.sha256(f"consentry invitation\n{salt}\n{secret}".encode()).hexdigest()


def read_code(text: str) -> tuple[str, str] | None:
    """Return the (selector, secret) a person typed, forgiving case, spaces, dashes and look-alike
    letters; None if it is no code.
    """
    found = _SHAPE.match(text.upper().translate(_MISTAKEN))
    return (found[1], found[2] + found[3]) if found else None


def looks_like_a_code(text: str) -> bool:
    """Return whether it looks as a code is shown: three groups, two dashes, a digit. Words that don't are passed on as words."""
    return bool(_AS_SHOWN.match(text)) and any(map(str.isdigit, text))


@dataclass(frozen=True, slots=True)
class CodeWritten:
    """Somebody wrote its code, secret and all."""

    account: Account
    identity: str
    room_id: RoomId


@dataclass(frozen=True, slots=True)
class SecretWrong:
    """Somebody wrote its code with another secret."""


@dataclass(frozen=True, slots=True)
class BirthdayWritten:
    """The person who wrote its code wrote a date of birth. The patient it names was `born` on that day."""

    written: date
    born: date


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The colleague who wrote its code says: yes, that is me."""


@dataclass(frozen=True, slots=True)
class Denied:
    """The colleague who wrote its code says: no, that is not me."""


@dataclass(frozen=True, slots=True)
class LetGo:
    """The person who wrote its code wrote another one, before saying whether this is them (R32)."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Its time is over, or the time of what it was for (R33)."""


@dataclass(frozen=True, slots=True)
class TellingAsked:
    """Its maker is asked whether these people, who already answer for the patient, are told (R33a)."""

    of: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class TellingChosen:
    """Its maker said whether those of whom they read are told (R33a)."""

    tell: Tell
    not_now_because: str = ""


InvitationEvent = (
    CodeWritten | SecretWrong | BirthdayWritten | Confirmed | Denied | LetGo | Ended | TellingAsked | TellingChosen
)


def invitation_after(invitation: Invitation, event: InvitationEvent) -> Invitation:
    """Return the invitation after `event`; `Refused` where the table says so."""
    return TRANSITIONS[invitation.state, type(event)](invitation, event)


def _to(state: InvitationState) -> Callable[[Invitation, InvitationEvent], Invitation]:
    return lambda invitation, event: replace(invitation, state=state)


def _matched(invitation: Invitation, event: CodeWritten) -> Invitation:
    return replace(
        invitation,
        state=InvitationState.MATCHED,
        matched_by=event.account,
        matched_identity=event.identity,
        matched_room=event.room_id,
    )


def _matched_again(invitation: Invitation, event: CodeWritten) -> Invitation:
    """Match it again for the same account, from another room or with another identity: the latest counts."""
    return _matched(invitation, event) if event.account == invitation.matched_by else _CLOSED(invitation, event)


def _tried_in_vain(invitation: Invitation, event: SecretWrong) -> Invitation:
    tries = invitation.wrong_tries + 1
    locked = tries >= WRONG_TRIES_ALLOWED
    return replace(invitation, wrong_tries=tries, state=InvitationState.LOCKED if locked else invitation.state)


def _birthday(invitation: Invitation, event: BirthdayWritten) -> Invitation:
    if not invitation.patient_id:
        return _NAMES_NO_PATIENT(invitation, event)
    if event.written == event.born:
        return replace(invitation, state=InvitationState.USED)
    wrong = invitation.wrong_birthdays + 1
    locked = wrong >= WRONG_BIRTHDAYS_ALLOWED
    return replace(
        invitation, wrong_birthdays=wrong, state=InvitationState.LOCKED if locked else InvitationState.MATCHED
    )


def _of_a_colleague(state: InvitationState) -> Callable[[Invitation, InvitationEvent], Invitation]:
    """Go there by a colleague's word alone. Nobody's word opens what names a patient."""

    def answered(invitation: Invitation, event: InvitationEvent) -> Invitation:
        return (_BIRTHDAY_OPENS_IT if invitation.patient_id else _to(state))(invitation, event)

    return answered


def _free(invitation: Invitation, event: LetGo) -> Invitation:
    """Return it as if its code had not been written, but for the wrong dates."""
    return replace(
        invitation, state=InvitationState.OPEN, matched_by=Account(""), matched_identity="", matched_room=RoomId("")
    )


def _asked_of(invitation: Invitation, event: TellingAsked) -> Invitation:
    return replace(invitation, asked_of=event.of)


def _telling(invitation: Invitation, event: TellingChosen) -> Invitation:
    return replace(invitation, tell=event.tell, not_now_because=event.not_now_because)


def _stay(invitation: Invitation, event: InvitationEvent) -> Invitation:
    return invitation


def _refuse(said: Message, rule: str = "R33") -> Callable[[Invitation, InvitationEvent], Invitation]:
    def refuse(invitation: Invitation, event: InvitationEvent) -> Invitation:
        raise Refused(said, rule)

    return refuse


_CLOSED = _refuse(message("about_states.code_is_closed"))
_NOT_WRITTEN = _refuse(message("about_states.code_not_written"))
_OVER = _refuse(message("about_states.invitation_is_over"))
_BIRTHDAY_OPENS_IT = _refuse(message("about_states.birthday_opens_it"), "R15")
_NAMES_NO_PATIENT = _refuse(message("about_states.names_no_patient"), "R15")

_ENDED: dict[type, Callable[..., Invitation]] = {
    CodeWritten: _CLOSED,
    SecretWrong: _stay,
    BirthdayWritten: _OVER,
    Confirmed: _OVER,
    Denied: _OVER,
    LetGo: _stay,
    Ended: _to(InvitationState.EXPIRED),
    TellingAsked: _OVER,
    TellingChosen: _OVER,
}

_BY_STATE: dict[InvitationState, dict[type, Callable[..., Invitation]]] = {
    InvitationState.OPEN: {
        CodeWritten: _matched,
        SecretWrong: _tried_in_vain,
        BirthdayWritten: _NOT_WRITTEN,
        Confirmed: _NOT_WRITTEN,
        Denied: _NOT_WRITTEN,
        LetGo: _stay,
        Ended: _to(InvitationState.EXPIRED),
        TellingAsked: _asked_of,
        TellingChosen: _telling,
    },
    InvitationState.MATCHED: {
        CodeWritten: _matched_again,
        SecretWrong: _stay,
        BirthdayWritten: _birthday,
        Confirmed: _of_a_colleague(InvitationState.USED),
        Denied: _of_a_colleague(InvitationState.REFUSED),
        LetGo: _free,
        Ended: _to(InvitationState.EXPIRED),
        TellingAsked: _stay,  # whom it is about was settled before its code was written
        TellingChosen: _telling,
    },
    InvitationState.USED: {**_ENDED, TellingChosen: _telling},  # the newcomer is here: they are told now
    InvitationState.LOCKED: _ENDED,
    InvitationState.REFUSED: _ENDED,
    InvitationState.EXPIRED: _ENDED,
}

TRANSITIONS: dict[tuple[InvitationState, type], Callable[..., Invitation]] = {
    (state, event): cell for state, cells in _BY_STATE.items() for event, cell in cells.items()
}


class Tried(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    NOW_LOCKED = "now-locked"
    # Only somebody who knows the secret hears one of these:
    LOCKED = "locked"
    CLOSED = "closed"  # used, refused, or written by somebody else before
    EXPIRED = "expired"
    ANOTHER_ACCOUNT = "another-account"


def try_code(
    invitation: Invitation, secret: str, *, account: Account, identity: str, room_id: RoomId, at: datetime
) -> tuple[Invitation, Tried]:
    """Return what becomes of an invitation when somebody types its code. The secret is checked first: else nothing shows."""
    if not hmac.compare_digest(invitation.secret_hash, secret_hash(invitation.salt, secret)):
        return _wrong(invitation, at)
    if invitation.state is InvitationState.EXPIRED or at >= invitation.expires_at:
        return invitation_after(invitation, Ended()), Tried.EXPIRED
    if invitation.state is InvitationState.LOCKED:
        return invitation, Tried.LOCKED
    if invitation.account not in {"", account}:
        return invitation, Tried.ANOTHER_ACCOUNT
    try:
        return invitation_after(invitation, CodeWritten(account, identity, room_id)), Tried.RIGHT
    except Refused:
        return invitation, Tried.CLOSED


def _wrong(invitation: Invitation, at: datetime) -> tuple[Invitation, Tried]:
    if invitation.state is not InvitationState.OPEN or at >= invitation.expires_at:
        return invitation, Tried.WRONG
    tried = invitation_after(invitation, SecretWrong())
    return tried, Tried.NOW_LOCKED if tried.state is InvitationState.LOCKED else Tried.WRONG
