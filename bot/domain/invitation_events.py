"""What becomes of an invitation: its events, and the table of what each changes in each state.

Five wrong tries lock it. Where it names a patient, the date of birth is the second identifier (R15); three wrong dates lock it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from .errors import Refused
from .identifiers import Account, PersonId, RoomId
from .invitations import Invitation, InvitationState, Tell
from .message import Message, message

WRONG_TRIES_ALLOWED = 5
WRONG_BIRTHDAYS_ALLOWED = 3  # counted for the code, whoever writes it, and however often it is written


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
