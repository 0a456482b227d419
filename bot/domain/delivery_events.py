"""What becomes of a delivery: its events, and what each changes. How long a place is left alone after a failure.

What is settled stays as it is. What was seen of a copy, a failure does not change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from .assurance import Assurance, CopyForm, Level, Residue
from .delivery import AT_ONCE, OPEN, Delivery
from .delivery_reasons import LOST, LOST_AGAIN, OF_THE_PATIENT, PLACED_AGAIN, UNSETTLED
from .identifiers import NO_PATIENT, PatientId

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
LONGEST_UNSEEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlacingBegun:
    """A copy is about to be placed under this patient: from now on one may lie there."""

    patient_id: PatientId


@dataclass(frozen=True, slots=True)
class Placed:
    """A copy lies there, under this patient, and this is what the place shows of it."""

    at: datetime
    patient_id: PatientId
    form: CopyForm
    ref: dict[str, str]
    sha256: str
    shown: Assurance


@dataclass(frozen=True, slots=True)
class LookedAt:
    """It was asked anew what the place shows of the copy."""

    at: datetime
    shown: Assurance


@dataclass(frozen=True, slots=True)
class NotPlaced:
    """The place failed in the middle; it is tried again."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Declined:
    """It can't go there as it is: trying again would not help, so a person must look.

    `may_lie`: something of it, or of an earlier try, may lie there under this patient.
    """

    at: datetime
    patient_id: PatientId
    why: str
    may_lie: bool = False


@dataclass(frozen=True, slots=True)
class NothingToPlace:
    """The record has it no more, or it is destroyed and only its removal waits. Nothing leaves; a day later it is looked at."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TriedAnew:
    """Somebody asked that it be tried again."""

    at: datetime


@dataclass(frozen=True, slots=True)
class TakenOut:
    """The copy was removed, as far as it could be: its entry is destroyed (R23)."""

    at: datetime
    residue: Residue


DeliveryEvent = PlacingBegun | Placed | LookedAt | NotPlaced | Declined | NothingToPlace | TriedAnew | TakenOut


def delivery_after(delivery: Delivery, event: DeliveryEvent) -> Delivery:
    """Return the delivery after an event.

    What is settled stays as it is: only somebody who asks, a move or the end of its entry begins anew.
    """
    begins_anew = isinstance(event, NothingToPlace | TriedAnew | TakenOut)
    if delivery.residue is not None or not (delivery.state in OPEN or begins_anew):
        return delivery
    return _AFTER[type(event)](delivery, event)


def pause_after(tries: int) -> timedelta:
    """Return how long to leave a place alone after so many failures in a row: 5 s at first, 5 min at most."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE)


def _begun(delivery: Delivery, event: PlacingBegun) -> Delivery:
    return replace(delivery, towards=event.patient_id)


def _placed(delivery: Delivery, event: Placed) -> Delivery:
    where = replace(
        delivery,
        patient_id=event.patient_id,
        towards=NO_PATIENT,
        form=event.form,
        ref=event.ref,
        sha256=event.sha256,
        since=event.at,
    )
    lost_again = delivery.why == LOST == event.shown.why
    return _shown(where, replace(event.shown, why=LOST_AGAIN) if lost_again else event.shown, event.at)


def _looked_at(delivery: Delivery, event: LookedAt) -> Delivery:
    is_so_still = delivery.why == LOST_AGAIN and event.shown.why == LOST
    return _shown(delivery, replace(event.shown, why=LOST_AGAIN) if is_so_still else event.shown, event.at)


def _shown(delivery: Delivery, shown: Assurance, at: datetime) -> Delivery:
    since = delivery.since if shown.level is delivery.state else at
    due = None
    if shown.level in OPEN:  # the longer it lies there, the less often it is looked for
        longest = LONGEST_PAUSE if shown.why == UNSETTLED else LONGEST_UNSEEN  # a person may settle it at any time
        due = at + min(max(FIRST_PAUSE, (at - since) / 10), longest)
    return replace(delivery, state=shown.level, why=shown.why, since=since, due=due, tries=0)


def _not_placed(delivery: Delivery, event: NotPlaced) -> Delivery:
    tries = delivery.tries + 1
    # What was seen of the copy, a failure does not change.
    stays = delivery.state is Level.UNKNOWN or delivery.why in PLACED_AGAIN
    why = delivery.why if stays else event.why
    return replace(delivery, why=why, tries=tries, due=event.at + pause_after(tries))


def _declined(delivery: Delivery, event: Declined) -> Delivery:
    towards = event.patient_id if event.may_lie else NO_PATIENT
    nothing = replace(delivery, patient_id=event.patient_id, towards=towards, ref=None, sha256="", tries=0)
    due = event.at + LONGEST_UNSEEN if event.why in OF_THE_PATIENT else None
    return replace(nothing, state=Level.REFUSED, why=event.why, since=event.at, due=due)


def _nothing_to_place(delivery: Delivery, event: NothingToPlace) -> Delivery:
    return delivery if delivery.due is None else replace(delivery, due=event.at + LONGEST_UNSEEN, tries=0)


def _tried_anew(delivery: Delivery, event: TriedAnew) -> Delivery:
    if delivery.lacks_beside:
        return replace(delivery, state=Level.UNKNOWN, due=AT_ONCE)
    if delivery.state in {Level.VERIFIED, Level.ACCEPTED, Level.TAKEN}:
        return delivery
    if delivery.ref is not None:  # it lies there: that is asked anew, and nothing is sent twice
        state = Level.UNKNOWN if delivery.state is Level.REFUSED else delivery.state
        return replace(delivery, state=state, why=LOST if delivery.why == LOST_AGAIN else delivery.why, due=AT_ONCE)
    return replace(delivery, state=Level.WAITING, why="", tries=0, due=AT_ONCE)


def _taken_out(delivery: Delivery, event: TakenOut) -> Delivery:
    nothing = replace(delivery, towards=NO_PATIENT, ref=None, sha256="")
    return replace(nothing, why="", since=event.at, due=None, residue=event.residue)


_AFTER: Mapping[type[DeliveryEvent], Callable[[Delivery, Any], Delivery]] = MappingProxyType(
    {
        PlacingBegun: _begun,
        Placed: _placed,
        LookedAt: _looked_at,
        NotPlaced: _not_placed,
        Declined: _declined,
        NothingToPlace: _nothing_to_place,
        TriedAnew: _tried_anew,
        TakenOut: _taken_out,
    }
)
