"""Whether somebody is heard here, and what they may act as, as a table.

    active ⇄ paused      left: for good

Promises: nobody is heard again before an identity is pinned for them, whatever else becomes of them meanwhile (R28a); an
identity that was on a lost phone is never pinned again; whoever left stays gone, and the next on their account is somebody
new, who inherits nothing (R31).
Not here: who may decide any of this (`domain.authority`, `domain.leaving`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from .errors import Refused
from .identifiers import PersonId
from .message import message
from .people import Person, Role, Standing


@dataclass(frozen=True, slots=True)
class IdentityDiffers:
    """Somebody wrote from their account under an identity that is not the pinned one."""


@dataclass(frozen=True, slots=True)
class PhoneReportedLost:
    """Whoever holds the phone holds the pinned identity too."""


@dataclass(frozen=True, slots=True)
class LetIn:
    """An invitation was confirmed from their account, under this identity."""

    identity: str
    gained: frozenset[Role]
    name: str


@dataclass(frozen=True, slots=True)
class FoundTheSame:
    """The emoji of both apps were compared, and this identity was proved to be theirs."""

    identity: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WorksHereNoMore:
    """They leave work; who is linked to a patient stays that, and nothing more. A role alone keeps nobody: the patient they had
    it for may have died, or left.
    """

    is_linked: bool
    successor_id: PersonId


@dataclass(frozen=True, slots=True)
class SpeaksForNobody:
    """The last patient they were here for has left, or died."""


@dataclass(frozen=True, slots=True)
class ConfirmedAsPatient:
    """A second person confirmed that they act as a patient, or for one (R33)."""


@dataclass(frozen=True, slots=True)
class ToBeConfirmedAnew:
    """They work here from now on: a second person confirms first that they act as a patient, or for one (R33)."""


PersonEvent = (
    IdentityDiffers
    | PhoneReportedLost
    | LetIn
    | FoundTheSame
    | WorksHereNoMore
    | SpeaksForNobody
    | ConfirmedAsPatient
    | ToBeConfirmedAnew
)


def person_after(person: Person, event: PersonEvent) -> Person:
    """Return the person after `event`; raise `Refused` where the table says so."""
    return TRANSITIONS[person.standing, type(event)](person, event)


# ---- what moves nobody


def heard_from(person: Person, at: datetime, *, begins_anew: bool) -> Person:
    """Return them as they are once they spoke; the first answer of a new conversation says what this is not for."""
    return replace(person, last_heard_at=at, notice_due=begins_anew or person.notice_due)


def called(person: Person, name: str) -> Person:
    """Return them under the name that a code called them which was theirs: the one before was for somebody else."""
    return replace(person, name=name)


def told_the_notice(person: Person) -> Person:
    return replace(person, notice_due=False)


def device_check_due(person: Person, at: datetime) -> Person:
    """Return them with the time at which they are next to say that their device is safe (R21)."""
    return replace(person, device_check_due=at)


# ---- what each event does


def _pause(person: Person, event: IdentityDiffers) -> Person:
    return replace(person, standing=Standing.PAUSED)


def _lose(person: Person, event: PhoneReportedLost) -> Person:
    revoked = tuple(dict.fromkeys((*person.revoked, person.identity)))
    return replace(person, standing=Standing.PAUSED, revoked=revoked)


def _let_in(person: Person, event: LetIn) -> Person:
    same = person.identity == event.identity
    let_in = replace(person, name=event.name, roles=person.roles | event.gained)
    return _pinned(let_in, event.identity, person.verified_at if same else None)


def _found_the_same(person: Person, event: FoundTheSame) -> Person:
    return _pinned(person, event.identity, event.at)


def _pinned(person: Person, identity: str, verified_at: datetime | None) -> Person:
    if identity in person.revoked:
        raise Refused(message("about_lost_phones.identity_was_lost"), "R28a")
    return replace(person, identity=identity, standing=Standing.ACTIVE, verified_at=verified_at)


def _leave_work(person: Person, event: WorksHereNoMore) -> Person:
    over = replace(person, succeeded_by=event.successor_id)
    return replace(over, roles=frozenset({Role.PATIENT})) if event.is_linked else replace(over, standing=Standing.LEFT)


def _leave(person: Person, event: SpeaksForNobody) -> Person:
    return replace(person, standing=Standing.LEFT, notice_due=False)


def _confirm(person: Person, event: ConfirmedAsPatient) -> Person:
    return replace(person, roles=person.roles | {Role.PATIENT})


def _confirm_anew(person: Person, event: ToBeConfirmedAnew) -> Person:
    return replace(person, roles=person.roles - {Role.PATIENT})


def _stay(person: Person, event: PersonEvent) -> Person:
    return person


def _gone(person: Person, event: PersonEvent) -> Person:
    raise Refused(message("about_people.account_has_left", account=person.account), "R31")


_HERE: dict[type, Callable[..., Person]] = {
    IdentityDiffers: _pause,
    PhoneReportedLost: _lose,
    LetIn: _let_in,
    FoundTheSame: _found_the_same,
    WorksHereNoMore: _leave_work,
    SpeaksForNobody: _leave,
    ConfirmedAsPatient: _confirm,
    ToBeConfirmedAnew: _confirm_anew,
}

_BY_STANDING: dict[Standing, dict[type, Callable[..., Person]]] = {
    Standing.ACTIVE: _HERE,
    Standing.PAUSED: _HERE | {IdentityDiffers: _stay},
    Standing.LEFT: dict.fromkeys(_HERE, _gone) | {IdentityDiffers: _stay, SpeaksForNobody: _stay},
}

TRANSITIONS: dict[tuple[Standing, type], Callable[..., Person]] = {
    (standing, event): cell for standing, cells in _BY_STANDING.items() for event, cell in cells.items()
}
