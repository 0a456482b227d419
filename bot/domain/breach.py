"""An image reached the wrong person: what was done, and the clock of the 30-day assessment (R25).

    opened (day 0) → reminded (14, 25, 30) → closed, with an outcome in words

Steps are only ever added. Only a manager's words close it, and only once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .document import Document
from .errors import Refused
from .identifiers import BreachId, ImageId, PersonId, UseId
from .message import message
from .people import Role
from .use import LIVE, Use, UseState

ASSESSMENT = timedelta(days=30)
REMINDERS = (timedelta(days=14), timedelta(days=25), ASSESSMENT)
OVERDUE_AGAIN = timedelta(days=7)

RECALLABLE = LIVE | {UseState.CLOSED}


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach and its assessment. `steps` are {"at", "by", "what"}, oldest first. `outcome` is "" until it is closed.

    `reader_ids` are those of a patient's people whom `what` and `steps` name: what had reached them was not for them.
    """

    id: BreachId
    ref: str  # spoken, e.g. BR-7F3K
    image_id: ImageId
    use_id: UseId
    what: str
    steps: Sequence[Mapping[str, str]]
    opened_at: datetime
    assess_by: datetime
    closed_at: datetime | None = None
    outcome: str = ""
    reader_ids: tuple[PersonId, ...] = ()
    version: int = 0

    def days_left(self, at: datetime) -> int:
        """Return the whole days until the assessment is due; negative when it is overdue."""
        return (self.assess_by - at).days


def uses_to_recall(uses: Iterable[Use], work_of: Set[PersonId], roles: frozenset[Role]) -> list[Use]:
    """Return the uses of an image that somebody may recall: a manager all, anybody else those of the people whose work is theirs.

    What somebody was shown can be called back however it ended: a stop or a death makes nobody the right recipient.
    """
    reached = [use for use in uses if use.state in RECALLABLE or (use.state is UseState.WITHDRAWN and use.was_released)]
    return [use for use in reached if Role.MANAGER in roles or use.asked_by in work_of]


def replies_to_recall(
    replies: Iterable[Document], by: PersonId, work_of: Set[PersonId], roles: frozenset[Role], unheard_of: Set[PersonId]
) -> list[Document]:
    """Return the replies about an image that somebody may call back: their own; and, save those to people of whom they may not
    know (R33a), a manager all, anybody else those of the people whose work is theirs.
    """
    if not roles & {Role.CLINICIAN, Role.MANAGER}:
        return []
    theirs = [reply for reply in replies if Role.MANAGER in roles or reply.author_id in work_of]
    return [reply for reply in theirs if reply.author_id == by or reply.reader_id not in unheard_of]


def with_step(breach: Breach, by: str, what: str, at: datetime) -> Breach:
    """Add what was done, or what somebody answered; an answer may also come after the breach is closed."""
    return replace(breach, steps=(*breach.steps, {"at": at.isoformat(), "by": by, "what": what}))


def with_step_by_hand(breach: Breach, by: str, what: str, at: datetime) -> Breach:
    """Add what somebody of the practice says was done; refuse it once the breach is closed."""
    _still_open(breach)
    return with_step(breach, by, what, at)


def _still_open(breach: Breach) -> None:
    if breach.closed_at is not None:
        raise Refused(message("about_incidents.closed_already", ref=breach.ref), "R25")


def closed(breach: Breach, roles: frozenset[Role], outcome: str, at: datetime) -> Breach:
    """End the assessment with the outcome in a manager's words; refuse anybody else, no words, or a second closing."""
    if Role.MANAGER not in roles:
        raise Refused(message("about_incidents.closed_by_a_manager"), "R25")
    _still_open(breach)
    if not outcome.strip():
        raise Refused(
            message("about_incidents.say_how_assessed", ref=breach.ref),
            "R25",
        )
    return replace(breach, closed_at=at, outcome=outcome.strip())


def emptied_breach(breach: Breach) -> Breach:
    """Return what is left of it once its image is destroyed: that there was a breach, when, and whether it was closed (R23)."""
    return replace(breach, what="", steps=(), outcome="", reader_ids=())
