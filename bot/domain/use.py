"""The life of one use of images: advice from a colleague, teaching, research …, as a table.

    asked → permitted | awaiting-consent → granted → released → closed      aside: refused, expired, withdrawn, recalled

Promises: released only when permitted by rule or granted by the right person; what was refused, expired, withdrawn or
recalled is never released again: another try is another use (R12, R13).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from .errors import Refused
from .identifiers import Account, ImageId, PersonId, UseId
from .message import Message, message
from .purposes import Purpose
from .use_rules import Relatedness


class UseState(StrEnum):
    ASKED = "asked"
    PERMITTED = "permitted"
    AWAITING_CONSENT = "awaiting-consent"
    GRANTED = "granted"
    RELEASED = "released"
    CLOSED = "closed"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"


LIVE = frozenset({UseState.ASKED, UseState.PERMITTED, UseState.AWAITING_CONSENT, UseState.GRANTED, UseState.RELEASED})
PURPOSE_SAID = "purpose-said"  # stands for the rule of a request whose purpose the requester has named
NOT_SAID = "not-said"  # whether somebody could be recognised: the requester gave no estimate
SHOWN = frozenset({UseState.RELEASED, UseState.CLOSED})  # somebody has it


@dataclass(frozen=True, slots=True)
class Use:
    """One use. `recipients` are accounts, `recipient_ids` the people who had them when it was asked for: nobody else gets it
    (R31).

    `how`, `seen_by`, `recognisable` and `until` are what the patient is told (R9).
    """

    id: UseId
    image_ids: tuple[ImageId, ...]
    asked_by: PersonId
    asked_at: datetime
    purpose: Purpose
    recipients: tuple[Account, ...]
    question: str = ""
    how: str = ""
    seen_by: str = ""
    recognisable: str = ""
    venue: str = ""
    until: datetime | None = None
    deidentified: bool = False
    intimate: bool = False
    relatedness: Relatedness = Relatedness.NOT_ATTESTED
    state: UseState = UseState.ASKED
    rule: str = ""
    expires_at: datetime | None = None  # of the request for consent
    wording: str = ""
    wording_version: str = ""
    summarised_at: datetime | None = None
    recipient_ids: tuple[PersonId, ...] = ()
    held: bool = False  # somebody who may not be heard now said no or stop: nothing leaves until a person looked (R28a)
    doubted: bool = (
        False  # somebody is asked whether to withdraw one of its images: nothing leaves before they answered (R34)
    )
    version: int = 0

    @property
    def waits(self) -> bool:
        """Whether nothing of it may leave for now."""
        return self.held or self.doubted

    @property
    def lacks_purpose(self) -> bool:
        """Return whether the requester has still to say what it is for."""
        return self.state is UseState.ASKED and not self.is_advice and self.rule != PURPOSE_SAID

    @property
    def is_advice(self) -> bool:
        """Return whether it is a forward to a colleague, with a room to talk in."""
        return self.purpose is Purpose.CARE


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
class Permitted:
    rule: str


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    rule: str
    wording: str
    wording_version: str
    expires_at: datetime


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


def decide(use: Use, event: UseEvent) -> Use:
    """Return the use after `event`; raise `Refused` where the table says so."""
    return TRANSITIONS[use.state, type(event)](use, event)


def _to(state: UseState) -> Callable[[Use, UseEvent], Use]:
    return lambda use, event: replace(use, state=state)


def _said(use: Use, event: DetailsSaid) -> Use:
    """Fill in what was said; what was not said stays as it was."""
    if event.purpose is not None:
        use = replace(use, purpose=event.purpose, rule=PURPOSE_SAID)
    return replace(
        use,
        how=event.how or use.how,
        seen_by=event.seen_by or use.seen_by,
        recognisable=event.recognisable or use.recognisable,
        venue=event.venue or use.venue,
        until=event.until or use.until,
        deidentified=event.deidentified or use.deidentified,
        intimate=use.intimate if event.intimate is None else event.intimate,
    )


def _meant_for(use: Use, event: RecipientsNamed) -> Use:
    return replace(use, recipients=event.accounts, recipient_ids=event.people)


def _attested(use: Use, event: RelatednessAttested) -> Use:
    return replace(use, relatedness=event.relatedness)


def _permitted(use: Use, event: Permitted) -> Use:
    return replace(use, state=UseState.PERMITTED, rule=event.rule)


def _asked(use: Use, event: ConsentAsked) -> Use:
    return replace(
        use,
        state=UseState.AWAITING_CONSENT,
        rule=event.rule,
        wording=event.wording,
        wording_version=event.wording_version,
        expires_at=event.expires_at,
    )


def _granted(use: Use, event: ConsentGiven) -> Use:
    """Grant the use; refuse an answer that came at `expires_at` or after it (R13)."""
    if use.expires_at is None or event.at >= use.expires_at:
        raise Refused(message("about_states.consent_has_expired"), "R13")
    return replace(use, state=UseState.GRANTED)


def _ruled_out(use: Use, event: RuledOut) -> Use:
    return replace(use, state=UseState.REFUSED, rule=event.rule)


def _summarised(use: Use, event: Summarised) -> Use:
    return replace(use, summarised_at=event.at)


def _hold(use: Use, event: SaidNo) -> Use:
    """Hold the use: nothing of it leaves until a person has looked."""
    return replace(use, held=True)


def _go_on(use: Use, event: GoesOn) -> Use:
    return replace(use, held=False)


def _doubt(use: Use, event: DoubtRaised) -> Use:
    """Nothing of it leaves until it is answered."""
    return replace(use, doubted=True)


def _settle(use: Use, event: DoubtSettled) -> Use:
    return replace(use, doubted=False)


def _handed_over(use: Use, event: CaseHandedOver) -> Use:
    return replace(use, asked_by=PersonId(event.to))


def _emptied(use: Use, event: ImagesDestroyed) -> Use:
    """Keep that it was asked for, by whom and for whom; none of the words about what it showed."""
    return replace(use, question="", how="", seen_by="", recognisable="", venue="", wording="")


def _stay(use: Use, event: UseEvent) -> Use:
    return use


def _refuse(said: Message) -> Callable[[Use, UseEvent], Use]:
    def refuse(use: Use, event: UseEvent) -> Use:
        raise Refused(said, "R13")

    return refuse


_OVER = _refuse(message("about_states.use_is_over"))
_NOT_YET = _refuse(message("about_states.use_is_not_settled"))

# A no holds what can still leave. The person who said it may have ended the use meanwhile: then it stays ended.
_HELD: dict[type, Callable[..., Use]] = {SaidNo: _hold, GoesOn: _go_on, DoubtRaised: _doubt, DoubtSettled: _settle}
_WAITS: dict[type, Callable[..., Use]] = {**_HELD, ImagesDestroyed: _emptied}
_ENDED: dict[type, Callable[..., Use]] = {GoesOn: _go_on, DoubtSettled: _settle, ImagesDestroyed: _emptied}

_BY_STATE: dict[UseState, dict[type, Callable[..., Use]]] = {
    UseState.ASKED: {
        **_WAITS,
        DetailsSaid: _said,
        RecipientsNamed: _meant_for,
        RelatednessAttested: _attested,
        Permitted: _permitted,
        ConsentAsked: _asked,
        RuledOut: _ruled_out,
        Expired: _to(UseState.EXPIRED),
        Withdrawn: _to(UseState.WITHDRAWN),
        Recalled: _to(UseState.RECALLED),
    },
    UseState.PERMITTED: {
        **_WAITS,
        Released: _to(UseState.RELEASED),
        RuledOut: _ruled_out,
        Withdrawn: _to(UseState.WITHDRAWN),
        Recalled: _to(UseState.RECALLED),
    },
    UseState.AWAITING_CONSENT: {
        **_WAITS,
        ConsentGiven: _granted,
        ConsentRefused: _to(UseState.REFUSED),
        RuledOut: _ruled_out,
        Expired: _to(UseState.EXPIRED),
        Withdrawn: _to(UseState.WITHDRAWN),
        Recalled: _to(UseState.RECALLED),
    },
    UseState.GRANTED: {
        **_WAITS,
        Released: _to(UseState.RELEASED),
        RuledOut: _ruled_out,
        Expired: _stay,
        Withdrawn: _to(UseState.WITHDRAWN),
        Recalled: _to(UseState.RECALLED),
    },
    UseState.RELEASED: {
        **_HELD,
        CaseHandedOver: _handed_over,
        Summarised: _summarised,
        Closed: _to(UseState.CLOSED),
        Expired: _stay,
        Withdrawn: _to(UseState.WITHDRAWN),
        Recalled: _to(UseState.RECALLED),
    },
    # What was shown and closed can still be stopped and called back: the recipient may hold a copy.
    UseState.CLOSED: {**_ENDED, Expired: _stay, Withdrawn: _to(UseState.WITHDRAWN), Recalled: _to(UseState.RECALLED)},
    UseState.REFUSED: {**_ENDED, Expired: _stay, Withdrawn: _stay},
    UseState.EXPIRED: {**_ENDED, Expired: _stay, Withdrawn: _stay},
    # What was discussed before it ended is still filed (R28a, R30).
    UseState.WITHDRAWN: {
        **_ENDED,
        Summarised: _summarised,
        Expired: _stay,
        Withdrawn: _stay,
        Recalled: _to(UseState.RECALLED),
    },
    UseState.RECALLED: {**_ENDED, Summarised: _summarised, Expired: _stay, Withdrawn: _stay, Recalled: _stay},
}

_ALL: tuple[type, ...] = UseEvent.__args__

TRANSITIONS: dict[tuple[UseState, type], Callable[..., Use]] = {
    (state, event): cells.get(event, _NOT_YET if state in LIVE else _OVER)
    for state, cells in _BY_STATE.items()
    for event in _ALL
}
