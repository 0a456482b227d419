"""Who takes part: people with an account, the patients they answer for, and what each role may do.

A `Person` has a Matrix account whose cross-signing identity was pinned at enrolment. A `Patient` is the one a record is about;
an `Authority` says that a person answers for a patient, in what capacity, until when. Roles come from the exact Matrix id, never
from a display name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import combinations
from typing import Literal
from urllib.parse import unquote

from .entries import PatientIdentity
from .formal_names import FormalName, Sex
from .identifiers import NO_ACCOUNT, NO_INVITATION, NO_PERSON, Account, AuthorityId, InvitationId, PatientId, PersonId


class Role(StrEnum):
    PATIENT = "patient"  # or somebody who answers for one
    RECEPTION = "reception"  # enrols and matches; sees references and names, never images
    CLINICIAN = "clinician"
    OUTSIDE_CLINICIAN = "outside-clinician"  # sees only the cases they are in
    MANAGER = "manager"  # policy, breach, legal basis, re-pinning, people


STAFF = frozenset({Role.RECEPTION, Role.CLINICIAN, Role.MANAGER})
CLINICIANS = frozenset({Role.CLINICIAN, Role.OUTSIDE_CLINICIAN})
# Every set of roles that makes somebody one of the staff.
STAFF_ROLES = tuple(
    frozenset(roles)
    for size in range(1, len(Role) + 1)
    for roles in combinations(Role, size)
    if STAFF.intersection(roles)
)


class Relation(StrEnum):
    """In what capacity a person answers for a patient."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    CHILD = "child"  # a grown-up child answering for a parent
    DECISION_MAKER = "decision-maker"  # substitute decision maker


class Standing(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"  # identity changed: images held, nothing dropped, until re-pinned
    LEFT = "left"


_ACCOUNT = re.compile(r"^@[a-z0-9._=/+-]+:[a-z0-9.:\[\]-]+$")
_ADDRESS = re.compile(
    r"^(?:https?://)?matrix\.to/#/(?=@)|^matrix:(?:u|user)/@?", re.IGNORECASE
)  # as apps copy a person's


def as_account(written: str) -> Account:
    """Return the account that a word names, in capitals, with a full stop behind it, or as an address; "" for any other word."""
    word = unquote(written).strip(" .,;:!?()<>“”\"'").casefold()
    if (address := _ADDRESS.match(word)) is not None:
        word = f"@{word[address.end() :].partition('?')[0].partition('&')[0].removeprefix('@')}"
    return Account(word) if _ACCOUNT.match(word) else NO_ACCOUNT


@dataclass(frozen=True, slots=True)
class Person:
    id: PersonId
    account: Account  # full Matrix id
    name: str
    roles: frozenset[Role]
    identity: str  # pinned Ed25519 master key
    standing: Standing = Standing.ACTIVE
    last_heard_at: datetime | None = None
    notice_due: bool = False  # the bot's next words begin a conversation: they say what it is not for, and the hours
    revoked: tuple[str, ...] = ()  # identities that were on a lost phone: never pinned again
    succeeded_by: PersonId = NO_PERSON  # who took over when they left
    device_check_due: datetime | None = None  # of a clinician (R21)
    verified_at: datetime | None = None  # when the pinned identity was compared by emoji
    version: int = 0

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF)

    @property
    def is_professional(self) -> bool:
        return self.is_staff or Role.OUTSIDE_CLINICIAN in self.roles

    @property
    def is_clinician(self) -> bool:
        return bool(self.roles & CLINICIANS)

    def may_act_as(self, role: Role) -> bool:
        return role in self.roles

    def under(self, name: str) -> Person:
        """Return the person as others are to hear of them, under that name."""
        return replace(self, name=name)

    @property
    def as_if_active(self) -> Person:
        """Return the person as they are when active.

        Somebody who is paused stays in the rooms they are in, and takes part again once an identity is pinned.
        """
        return replace(self, standing=Standing.ACTIVE) if self.standing is Standing.PAUSED else self


@dataclass(frozen=True, slots=True)
class Patient:
    id: PatientId
    mrn: str
    name: str
    born: date
    mature_minor: bool = False  # a child who decides for themselves
    impaired: bool = False  # a grown-up for whom a guardian or decision maker decides
    capacity_at: datetime | None = None  # when either of these last changed; None: never, or before this was recorded
    left_on: date | None = None  # left the practice; the record stays
    died_on: date | None = None  # every authority ended (R28a); the record stays
    family: str | None = None  # with `given`: the same name, in the parts that other programs file by
    given: str | None = None
    sex: Sex | None = None
    version: int = 0

    @property
    def identity(self) -> PatientIdentity:
        return PatientIdentity(self.id, self.mrn, self.name, self.born)

    @property
    def formal(self) -> FormalName | None:
        """Return the name in its parts; None where nobody said which they are."""
        return None if self.family is None else FormalName(self.family, self.given)


@dataclass(frozen=True, slots=True)
class Authority:
    """One person's authority: `person_id` answers for `patient_id` as `relation`, from `since` until `until`.

    Where it takes two people of the staff it holds once a second one has confirmed it (R33). Where something was filed before
    `recorded_at`, it is for sending alone until it was opened. `recorded_at` is None for what older versions recorded: that
    stays open.
    """

    id: AuthorityId
    person_id: PersonId
    patient_id: PatientId
    relation: Relation
    until: date | None = None
    since: date | None = None
    recorded_at: datetime | None = None
    invitation_id: InvitationId = NO_INVITATION
    invited_by: PersonId = NO_PERSON
    needs_second: bool = False
    seconded_by: PersonId | Literal["computer"] = NO_PERSON
    seconded_at: datetime | None = None
    opened_by: PersonId | Literal["computer"] = NO_PERSON
    opened_at: datetime | None = None
    sentence_due: bool = False  # the patient died: they hear one sentence when they next write (R28a)
    never_theirs: bool = False  # its code had reached the wrong person: it held on no day, whatever was thought then
    version: int = 0

    def has_begun(self, day: date) -> bool:
        """Return whether it held once, whatever became of it: it is confirmed, not for later, and was theirs."""
        return self.is_confirmed and not self.never_theirs and (self.since is None or self.since <= day)

    @property
    def is_confirmed(self) -> bool:
        """Return whether it takes no second person, or has one (R33)."""
        return not self.needs_second or bool(self.seconded_by)

    def holds_on(self, day: date) -> bool:
        return self.has_begun(day) and self.may_hold(day)

    def may_hold(self, day: date) -> bool:
        """Return whether it has not ended: it holds, waits for a second person, or is prepared for later."""
        return self.until is None or day < self.until

    def begins_after(self, day: date) -> date | None:
        """Return the day it begins, where that is still to come."""
        return self.since if self.since is not None and self.since > day else None

    @property
    def is_open(self) -> bool:
        """Return whether the patient's photos and words are open to it: until then, only what its holder sent (R33)."""
        return self.recorded_at is None or self.opened_at is not None


def eighteenth_birthday(born: date) -> date:
    """Return the day a parent's authority ends. Somebody born on 29 February turns 18 on 1 March."""
    try:
        return born.replace(year=born.year + 18)
    except ValueError:
        return date(born.year + 18, 3, 1)


def holder(people: Sequence[Person]) -> Person | None:
    """Return the one of an account's holders who has not left, or else the last."""
    here = [person for person in people if person.standing is not Standing.LEFT]
    return next(reversed(here or people), None)
