"""What can happen to a use, each with what is to be known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.identifiers import Account, PersonId
from bot.domain.purposes import Purpose
from bot.domain.use_rules import Relatedness


@dataclass(frozen=True, slots=True)
class DetailsSaid:
    """The requester says what the patient must be told (R9); what is empty, or None, was not said."""

    purpose: Purpose | None = None
    how: str | None = None
    seen_by: str | None = None
    recognisable: str | None = None
    venue: str | None = None
    until: datetime | None = None
    deidentified: bool = False
    intimate: bool | None = None


@dataclass(frozen=True, slots=True)
class RecipientsNamed:
    """The requester names accounts, and these people have them: nobody gets it who has one of them later (R31)."""

    accounts: tuple[Account, ...]
    people: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class RelatednessAttested:
    """The person who forwards it attests how it relates to the recipient's care."""

    relatedness: Relatedness


@dataclass(frozen=True, slots=True)
class ReasonChanged:
    """Its image is said to be sent for something else now, before the person who forwards it attested anything."""

    reason_shown: str


@dataclass(frozen=True, slots=True)
class Permitted:
    rule: str


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    rule: str
    wording: str
    wording_version: str
    expires_at: datetime
    reason_shown: str


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentRefused:
    pass


@dataclass(frozen=True, slots=True)
class RuledOut:
    rule: str


@dataclass(frozen=True, slots=True)
class Expired:
    pass


@dataclass(frozen=True, slots=True)
class Released:
    pass


@dataclass(frozen=True, slots=True)
class Summarised:
    at: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    pass


@dataclass(frozen=True, slots=True)
class Withdrawn:
    pass


@dataclass(frozen=True, slots=True)
class Recalled:
    pass


@dataclass(frozen=True, slots=True)
class SaidNo:
    """Somebody who may not be heard now said no or stop (R28a)."""


@dataclass(frozen=True, slots=True)
class GoesOn:
    """A clinician has spoken with them."""


@dataclass(frozen=True, slots=True)
class DoubtRaised:
    """Somebody who speaks for the patient wrote words that may take one of its images back, and was asked (R34)."""


@dataclass(frozen=True, slots=True)
class DoubtSettled:
    """They said that it may stay; or a clinician has spoken with them."""


@dataclass(frozen=True, slots=True)
class CaseHandedOver:
    """The person who asked for it leaves."""

    to: str  # person


@dataclass(frozen=True, slots=True)
class ImagesDestroyed:
    """The last of its images is destroyed (R23)."""


UseEvent = (
    DetailsSaid
    | RecipientsNamed
    | RelatednessAttested
    | ReasonChanged
    | Permitted
    | ConsentAsked
    | ConsentGiven
    | ConsentRefused
    | RuledOut
    | Expired
    | Released
    | Summarised
    | Closed
    | Withdrawn
    | Recalled
    | SaidNo
    | GoesOn
    | DoubtRaised
    | DoubtSettled
    | CaseHandedOver
    | ImagesDestroyed
)


def audited_as(event: UseEvent) -> str:
    """Return the event's name in the audit log: a name once written there is never changed, so that a class may be renamed."""
    return "Attested" if isinstance(event, RelatednessAttested) else type(event).__name__
