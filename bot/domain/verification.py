"""A check by emoji, as the practice sees it: who is checked, which emoji are shown, and who compared them.

Guarantees: only a person's "they are the same" leads on, and never the word of the person who is checked. Two channels are
compared: their own app, and somebody else's screen. The cryptography is not here; it lives and dies with the running bot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from .errors import Refused
from .identifiers import NO_PERSON, Account, PersonId, RoomId, VerificationId
from .message import message
from .people import Person, Role, Standing

LASTS = timedelta(minutes=10)  # as the specification has it
KEPT = timedelta(days=7)  # longer than anything of it can still be on its way; what was decided stays in the log
MOST_IN_AN_HOUR = 6  # for one person: each takes a manager's attention
DIFFERENT = "m.mismatched_sas"  # why it ended, as the specification calls it


class Stage(StrEnum):
    ASKED = "asked"  # the two apps agree on keys
    SHOWN = "shown"  # a person must compare
    CONFIRMED = "confirmed"  # they are the same; the other side's keys are still to come
    VERIFIED = "verified"
    ENDED = "ended"


OPEN = (Stage.ASKED, Stage.SHOWN, Stage.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Verification:
    id: VerificationId
    person_id: PersonId
    account: Account
    room_id: RoomId  # "": from device to device
    transaction: str  # "" until the request was sent
    asked_at: datetime
    stage: Stage = Stage.ASKED
    device_id: str = ""  # of the other side; "" until it is known
    identity: str = ""  # the master key that the emoji vouch for
    emoji: tuple[str, ...] = ()
    compared_by: PersonId | Literal["operator"] = NO_PERSON
    because: str = ""  # why it ended; or why it must, as a person said that they differ
    version: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """How far the two apps have come. Not every step changes the stage."""

    stage: Stage
    transaction: str = ""
    device_id: str = ""
    identity: str = ""
    emoji: tuple[str, ...] = ()
    because: str = ""


LOST = Reached(Stage.ENDED, because="restarted")


def moved(check: Verification, reached: Reached) -> Verification:
    """Return the check after a step. What has ended stays ended, and nothing is verified that no person compared.

    Where a person said that they differ, that is why it ended, however it did.
    """
    if check.stage not in OPEN:
        return check
    stage, because = reached.stage, reached.because
    if stage is Stage.VERIFIED and not check.compared_by:
        stage, because = Stage.ENDED, "not-compared"
    if check.stage is Stage.CONFIRMED and stage is Stage.SHOWN:
        stage = Stage.CONFIRMED  # a step from before the comparison was settled late
    return replace(
        check,
        stage=stage,
        transaction=reached.transaction or check.transaction,
        device_id=reached.device_id or check.device_id,
        identity=reached.identity or check.identity,
        emoji=reached.emoji or check.emoji,
        because=check.because or because,
    )


def compared(check: Verification, by: PersonId | Literal["operator"], *, same: bool) -> Verification:
    """Return the check once a person has compared, which is done once. If they differ it ends: the other
    person's app is told first.
    """
    if check.stage is not Stage.SHOWN or check.compared_by:
        raise Refused(message("about_states.nothing_to_compare"))
    if same:
        return replace(check, stage=Stage.CONFIRMED, compared_by=by, because="")
    return replace(check, compared_by=by, because=DIFFERENT)


def ended_because(check: Verification, code: str) -> Verification:
    """Return the check once it is over, if it was not already. What a person said is the reason, whatever else came."""
    if check.stage not in OPEN:
        return check
    return replace(check, stage=Stage.ENDED, because=check.because or code)


def asked_too_often(earlier: Iterable[Verification], now: datetime) -> bool:
    return sum(now - check.asked_at < timedelta(hours=1) for check in earlier) >= MOST_IN_AN_HOUR


def may_compare(by: Person, verification: Verification) -> bool:
    """Return whether they may compare: a manager, for anybody else, as nobody who is checked can vouch for themselves."""
    return Role.MANAGER in by.roles and by.standing is Standing.ACTIVE and by.id != verification.person_id
