"""One entry on its way to one destination: a row that waits, however long the place is away, until the copy is as sure as can be.

Written in the transaction that files the entry, so nothing is forgotten. Whoever works on it changes it by these events alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

from .assurance import Assurance, CopyForm, Level, Residue
from .entries import EntryKind, PatientIdentity
from .formal_names import FormalName, Sex
from .identifiers import NO_PATIENT, DeliveryId, PatientId

Ref = Mapping[str, str]  # how a place finds a copy again; always holds `id` and `entry`

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)  # due before anything that was tried
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
LONGEST_UNSEEN = timedelta(days=1)
AGAIN = "again"  # why a delivery waits: it was taken, nobody acknowledged it, and it is to be put there once more
MOVING = "moving"  # why a delivery waits anew: the entry is another patient's now
UNSETTLED = "unsettled"  # why a delivery waits: the photo it is, or is about, may be another patient's
NO_PLACE = "no-place"  # why nobody knows: it is another patient's now, and its place is no longer configured
LOST = "lost"  # why its place is to get it again: it was put there, and a look that would find it does not
LOST_AGAIN = "lost-again"  # why nobody knows: it was put there again, and is not found there either
# Why people must look although the copy itself is verified: what programs read beside it was not taken, or is there twice.
ALONE, BESIDE_TWICE = "alone", "beside-twice"
LACKS_BESIDE = frozenset({ALONE, BESIDE_TWICE})
PLACED_AGAIN = frozenset({MOVING, LOST, ALONE, BESIDE_TWICE})
OPEN = frozenset({Level.WAITING, Level.UNKNOWN})
NO_FORMAL_NAME = "no-formal-name"  # the refusal of what goes to a program that files by family and given names
# Why a place will not have a copy that people put right at its end: it is asked again the next day.
NO_SUCH_PATIENT, OTHER_NAME, SEVERAL_PATIENTS = "no-patient", "other-name", "several-patients"
OF_THE_PATIENT = frozenset({NO_SUCH_PATIENT, OTHER_NAME, SEVERAL_PATIENTS})
OF_ONE_PATIENT = OF_THE_PATIENT | {NO_FORMAL_NAME}  # why it is told of each patient
UNREAD = "unread"  # why a delivery waits on: something lies where its answer is to come, and can't be read
SILENT = "silent"  # why nobody knows: it was put there as often as may be, and never acknowledged
UNCLEAR = "unclear"  # what the receiver said of it means neither yes nor no
NOT_THERE, DIFFERS, VOIDED, ANOTHER_PATIENT = "not-there", "differs", "voided", "another-patient"
# Why nobody knows what has become of a copy, and nothing more comes of it by itself.
FOR_A_PERSON = frozenset({SILENT, UNCLEAR, LOST_AGAIN, NOT_THERE, DIFFERS, VOIDED, ANOTHER_PATIENT})
STAFF_ONLY = "staff-only"  # the refusal of what is held back from somebody (R33a)
ANOTHERS_WORDS = "anothers-words"  # the refusal of what somebody said of a photo that lay in a wrong record (R29)
OTHER_RECORD, TWICE, OTHER_FORM = "other-record", "twice-there", "another-form"
# The refusals of what lies there already, otherwise than it should: a person is to look at it, so nothing of it is removed.
LIES_THERE = frozenset({OTHER_RECORD, TWICE, OTHER_FORM})
WITHHELD = frozenset({STAFF_ONLY, ANOTHERS_WORDS})  # the refusals at which nothing is wrong
_COPIES = UUID("6d8f4bb5-3c1f-5b0e-9a55-4f7d2a0f6f3a")


def copy_id(entry_id: str, patient_id: PatientId, destination: str) -> str:
    """Return the one id of a copy: of an entry, under a patient, in a place. Two patients never share a copy."""
    return str(uuid5(_COPIES, f"{entry_id}\n{patient_id}\n{destination}"))


def archive_number(copy_id: str) -> str:
    """Return the number of a copy in an image archive, by which whoever keeps that archive finds it."""
    return f"2.25.{UUID(copy_id).int}"


def lane_until_secured(entry_id: str) -> str:
    """Return the lane of what waits until the copies of an entry are as sure as they must be."""
    return f"secured:{entry_id}"


@dataclass(frozen=True, slots=True)
class Consignment:
    """One filed entry with its content, in the form in which it leaves."""

    copy_id: str
    entry_id: str
    kind: EntryKind
    patient: PatientIdentity
    about: str
    at: datetime
    by: str
    facts: dict[str, Any] = field(repr=False)
    media_type: str
    is_text: bool
    content: bytes = field(repr=False)
    sha256: str
    form: CopyForm = CopyForm.ORIGINAL
    summary: bytes | None = field(default=None, repr=False)  # a page to read, for places that take one
    formal: FormalName | None = None  # as somebody at the desk said it; nobody guesses
    sex: Sex | None = None
    ended: bool = False  # a consent that permits nothing any more


@dataclass(frozen=True, slots=True)
class Delivery:
    """`patient_id`: under whom a copy lies there, or is to. `towards`: under whom one was begun to be placed, and not noted.

    After a refusal `towards` says that something may lie there all the same. `due`: when to look at it next; None when there is
    nothing to do.
    """

    id: DeliveryId
    entry_id: str
    destination: str
    patient_id: PatientId
    since: datetime
    state: Level = Level.WAITING
    form: CopyForm = CopyForm.ORIGINAL
    ref: dict[str, str] | None = None  # None until a copy was placed
    sha256: str = ""  # of what was placed: a clean copy has its own
    towards: PatientId = NO_PATIENT
    tries: int = 0
    due: datetime | None = AT_ONCE
    why: str = ""
    residue: Residue | None = None  # set once the copy was to be removed
    version: int = 0

    def under(self, patient_id: PatientId) -> dict[str, str]:
        """Return how its place finds the copy under this patient, also one that was placed and never noted."""
        noted = (self.ref or {}) if patient_id == self.patient_id else {}
        return noted | {"id": copy_id(self.entry_id, patient_id, self.destination), "entry": self.entry_id}

    def astray(self, patient_id: PatientId) -> list[PatientId]:
        """Return under whom else, than whose the entry is now, a copy lies or may lie."""
        of = dict.fromkeys((self.patient_id, self.towards))
        return [other for other in of if other not in {NO_PATIENT, patient_id}]

    def in_a_receipt(self) -> dict[str, str]:
        """Return where the copy is and how sure that is, as a receipt keeps it (R35)."""
        return {"in": self.destination, "level": self.state.value, "of": self.form.value, "why": self.why}

    @property
    def is_withheld(self) -> bool:
        """Return whether it stays here on purpose, so that nothing waits for it."""
        return self.state is Level.REFUSED and self.why in WITHHELD

    def stands_as(self, before: Delivery) -> bool:
        """Return whether people were asked the same before: of the same patient's copy, for the same reason."""
        asked, now = ((one.patient_id, one.state, one.why) for one in (before, self))
        return before.needs_a_person and asked == now

    @property
    def may_lie_refused(self) -> bool:
        """Return whether it was refused, and something of it may lie there."""
        return self.state is Level.REFUSED and self.towards != NO_PATIENT

    def is_settled_under(self, patient_id: PatientId) -> bool:
        """Return whether a copy was placed under this patient and never looked for in vain: it stays, whatever is refused."""
        return self.ref is not None and self.patient_id == patient_id and self.why != LOST

    @property
    def lacks_beside(self) -> bool:
        """Return whether the copy is verified, and what programs read beside it is not there as it should be."""
        return self.state is Level.VERIFIED and self.why in LACKS_BESIDE

    @property
    def is_still_to_go(self) -> bool:
        """Return whether no copy was placed yet, and one is to be."""
        return self.state is Level.WAITING and self.ref is None and self.residue is None

    @property
    def is_there(self) -> bool:
        """Return whether a copy lies there, of which nothing bad is known."""
        return self.ref is not None and self.residue is None and not self.needs_a_person

    @property
    def is_as_it_should_be(self) -> bool:
        """Return whether it is as sure as can be, and complete."""
        return self.is_there and self.state not in OPEN and not self.why

    @property
    def was_asked_about(self) -> bool:
        """Return whether people may have been asked to look at it or at what it waits for."""
        return self.needs_a_person or self.why in LACKS_BESIDE or self.why == UNREAD

    @property
    def needs_a_person(self) -> bool:
        """Return whether nothing more comes of it by itself."""
        if self.state is Level.UNKNOWN:
            return self.why in FOR_A_PERSON
        return self.state is Level.REFUSED and not self.is_withheld


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
