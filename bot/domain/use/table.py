"""Which event a use takes in which state, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.errors import Refused
from bot.domain.identifiers import PersonId
from bot.domain.message import Message, message

from .events import (
    CaseHandedOver,
    Closed,
    ConsentAsked,
    ConsentGiven,
    ConsentRefused,
    DetailsSaid,
    DoubtRaised,
    DoubtSettled,
    Expired,
    GoesOn,
    ImagesDestroyed,
    Permitted,
    ReasonChanged,
    Recalled,
    RecipientsNamed,
    RelatednessAttested,
    Released,
    RuledOut,
    SaidNo,
    Summarised,
    UseEvent,
    Withdrawn,
)
from .value import LIVE, PURPOSE_SAID, Use, UseState


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


def _told_anew(use: Use, event: ReasonChanged) -> Use:
    return replace(use, reason_shown=event.reason_shown)


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
        reason_shown=event.reason_shown,
    )


def _granted(use: Use, event: ConsentGiven) -> Use:
    """Grant the use; refuse an answer that came at `expires_at` or after it (R13)."""
    if use.expires_at is None or event.at >= use.expires_at:
        raise Refused(message("about_states.consent_has_expired"), "R13")
    return replace(use, state=UseState.GRANTED)


def _released(use: Use, event: Released) -> Use:
    return replace(use, state=UseState.RELEASED, was_released=True)


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
    return replace(use, question="", reason_shown="", how="", seen_by="", recognisable="", venue="", wording="")


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
        ReasonChanged: _told_anew,
        Permitted: _permitted,
        ConsentAsked: _asked,
        RuledOut: _ruled_out,
        Expired: _to(UseState.EXPIRED),
        Withdrawn: _to(UseState.WITHDRAWN),
        Recalled: _to(UseState.RECALLED),
    },
    UseState.PERMITTED: {
        **_WAITS,
        Released: _released,
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
        Released: _released,
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
