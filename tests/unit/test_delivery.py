"""A delivery: what changes it, and what it claims of its copy (R35)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from bot.domain.assurance import Assurance, CopyForm, Level, Residue, reaches
from bot.domain.consignment import copy_id
from bot.domain.delivery import AT_ONCE, Delivery
from bot.domain.delivery_events import (
    LONGEST_PAUSE,
    LONGEST_UNSEEN,
    Declined,
    DeliveryEvent,
    LookedAt,
    NothingToPlace,
    NotPlaced,
    Placed,
    PlacingBegun,
    TakenOut,
    TriedAnew,
    delivery_after,
    pause_after,
)
from bot.domain.delivery_reasons import LOST, LOST_AGAIN, MOVING, PLACED_AGAIN, STAFF_ONLY, UNSETTLED
from bot.domain.destination import CAPABILITIES, LEAVE, THE_SECOND_COPY, Destination, DestinationKind, without_proofs
from bot.domain.entries import CONCEALED, EntryKind
from bot.domain.identifiers import NO_PATIENT, DeliveryId, PatientId
from bot.words.about_further_copies import meaning

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SAM, ANN = PatientId("sam"), PatientId("ann")
WAITING = Delivery(DeliveryId("e1/share"), "e1", "share", SAM, since=NOW - timedelta(hours=1))


def shown(level: Level, why: str = "") -> Placed:
    return Placed(NOW, SAM, CopyForm.CLEAN, {"id": "1", "entry": "e1"}, "digest", Assurance(level, why))


@pytest.mark.parametrize("level", Level)
def test_R35_what_a_place_shows_is_what_is_said_and_nothing_more(level: Level) -> None:
    placed = delivery_after(WAITING, shown(level, "why"))
    assert (placed.state, placed.form, placed.sha256, placed.patient_id) == (level, CopyForm.CLEAN, "digest", SAM)
    assert (placed.due is None) == (level not in {Level.WAITING, Level.UNKNOWN})


@pytest.mark.parametrize("level", [Level.VERIFIED, Level.ACCEPTED, Level.TAKEN, Level.REFUSED])
def test_what_is_settled_is_changed_by_nothing_that_comes_late(level: Level) -> None:
    settled = replace(WAITING, state=level, due=None)
    for event in (
        PlacingBegun(ANN),
        shown(Level.VERIFIED),
        LookedAt(NOW, Assurance(Level.UNKNOWN)),
        NotPlaced(NOW, "full"),
        Declined(NOW, SAM, "no"),
    ):
        assert delivery_after(settled, event) == settled


@pytest.mark.parametrize("level", Level)
def test_what_the_record_has_no_more_is_looked_at_a_day_later_however_it_stands(level: Level) -> None:
    for due in (AT_ONCE, None):
        after = delivery_after(replace(WAITING, state=level, due=due), NothingToPlace(NOW))
        assert after.state is level and after.due == (due and NOW + LONGEST_UNSEEN)


@pytest.mark.parametrize("wanted", [Level.TAKEN, Level.ACCEPTED, Level.VERIFIED])
def test_only_what_is_as_sure_counts_and_a_refusal_never_does(wanted: Level) -> None:
    surer = [Level.TAKEN, Level.ACCEPTED, Level.VERIFIED]
    assert {level for level in Level if reaches(level, wanted)} == set(surer[surer.index(wanted) :])
    assert not any(reaches(level, Level.WAITING) for level in Level), "nothing counts as sure by waiting"


def test_failures_are_followed_by_longer_pauses_up_to_five_minutes() -> None:
    failing = WAITING
    pauses = []
    for _ in range(9):
        failing = delivery_after(failing, NotPlaced(NOW, "full"))
        assert failing.due is not None and failing.state is Level.WAITING
        pauses.append(failing.due - NOW)
    assert pauses[0] == timedelta(seconds=5) and pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE == pause_after(1000)


def test_what_lies_there_long_is_looked_for_less_often_and_never_less_than_every_day() -> None:
    lying = delivery_after(WAITING, shown(Level.WAITING, "written"))
    assert lying.since == NOW and lying.due == NOW + timedelta(seconds=5)
    for age, pause in ((timedelta(minutes=10), timedelta(minutes=1)), (timedelta(days=90), LONGEST_UNSEEN)):
        later = delivery_after(lying, LookedAt(NOW + age, Assurance(Level.WAITING, "written")))
        assert later.due == NOW + age + pause and later.since == NOW


def test_what_a_person_may_settle_at_any_time_is_looked_at_every_five_minutes() -> None:
    waiting = delivery_after(WAITING, LookedAt(NOW, Assurance(Level.WAITING, UNSETTLED)))
    later = NOW + timedelta(days=30)
    assert delivery_after(waiting, LookedAt(later, Assurance(Level.WAITING, UNSETTLED))).due == later + LONGEST_PAUSE


def test_only_what_can_still_change_is_tried_anew_and_nothing_that_lies_there_is_sent_twice() -> None:
    for level in Level:
        for ref in (None, {"id": "1"}):
            before = replace(WAITING, state=level, ref=ref, due=None, why="full", tries=4)
            after = delivery_after(before, TriedAnew(NOW))
            assert (after.due == AT_ONCE) == (level in {Level.WAITING, Level.REFUSED, Level.UNKNOWN})
            assert after.ref == ref and (after.due is None or after.state in {Level.WAITING, Level.UNKNOWN})


def lost() -> Assurance:
    return Assurance(Level.UNKNOWN, LOST)


def test_what_a_place_has_lost_is_placed_again_once_and_then_only_asked_about_until_somebody_says_so() -> None:
    gone = delivery_after(delivery_after(WAITING, shown(Level.WAITING)), LookedAt(NOW, lost()))
    assert gone.why in PLACED_AGAIN and not gone.needs_a_person
    failed = delivery_after(gone, NotPlaced(NOW, "away"))
    assert failed.why in PLACED_AGAIN and failed.tries == 1, "a failure on the way does not make it forgotten"
    again = delivery_after(failed, shown(Level.UNKNOWN, LOST))
    for still in (again, delivery_after(delivery_after(again, NotPlaced(NOW, "away")), LookedAt(NOW, lost()))):
        assert still.why == LOST_AGAIN and still.why not in PLACED_AGAIN and still.due is not None
        assert still.needs_a_person
    assert delivery_after(again, LookedAt(NOW, Assurance(Level.VERIFIED))).state is Level.VERIFIED
    assert delivery_after(again, TriedAnew(NOW)).why in PLACED_AGAIN


@pytest.mark.parametrize("why", ["not-there", "differs", "another-patient", "voided", "unclear", "silent"])
def test_what_nobody_knows_and_nothing_will_clear_up_is_for_a_person_to_look_at(why: str) -> None:
    assert delivery_after(WAITING, shown(Level.UNKNOWN, why)).needs_a_person
    assert meaning(why) != why


def test_a_copy_that_may_lie_under_another_patient_is_known_until_it_is_placed_under_the_right_one() -> None:
    """The bot may die between placing and noting, and the entry may then go back (R15)."""
    begun = delivery_after(replace(WAITING, ref={"id": "1"}, why=MOVING), PlacingBegun(ANN))
    assert begun.astray(SAM) == [ANN] and begun.astray(ANN) == [SAM]
    assert begun.under(ANN) == {"id": copy_id("e1", ANN, "share"), "entry": "e1"}
    assert delivery_after(begun, shown(Level.TAKEN)).astray(SAM) == []
    for ends in (Declined(NOW, SAM, "no"), TakenOut(NOW, Residue.GONE)):
        ended = delivery_after(begun, ends)
        assert (ended.towards, ended.ref, ended.sha256, ended.due) == (NO_PATIENT, None, "", None)


@pytest.mark.parametrize(
    "event",
    [
        PlacingBegun(ANN),
        shown(Level.VERIFIED),
        LookedAt(NOW, Assurance(Level.TAKEN)),
        NotPlaced(NOW, "full"),
        Declined(NOW, SAM, "no"),
        TriedAnew(NOW),
        TakenOut(NOW, Residue.GONE),
    ],
)
def test_nothing_revives_a_copy_that_was_taken_out(event: DeliveryEvent) -> None:
    """R23."""
    out = delivery_after(WAITING, TakenOut(NOW, Residue.BEYOND_REACH))
    assert delivery_after(out, event) == out


def test_two_patients_places_or_entries_never_share_a_copy() -> None:
    ids = {copy_id(entry, whose, place) for entry in ("e1", "e2") for whose in (SAM, ANN) for place in ("a", "b")}
    assert len(ids) == 8
    assert copy_id("e1", SAM, "a") == copy_id("e1", SAM, "a")


def test_what_is_held_back_from_somebody_holds_up_nothing() -> None:
    """R33a."""
    assert delivery_after(WAITING, Declined(NOW, SAM, STAFF_ONLY)).is_withheld
    assert not delivery_after(WAITING, Declined(NOW, SAM, "not-viewable")).is_withheld


def test_what_leaves_and_what_never_does() -> None:
    """R13a: concealed goes only where staff alone read. What is sealed with our own keys holds everything."""
    share, of_staff = Destination("share"), Destination("share", staff_only=True)
    for kind in EntryKind:
        assert THE_SECOND_COPY.takes(kind, {CONCEALED: True})
        assert share.takes(kind, {}) == (kind in LEAVE) == of_staff.takes(kind, {CONCEALED: True})
        assert not share.takes(kind, {CONCEALED: True})
    assert set(EntryKind) - LEAVE == {EntryKind.RECEIPT, EntryKind.ORIGIN}
    facts = {"proof": {"keys": 1}, "consent": {"by": "Sam", "proof": "x"}, "all": [{"proof": 1, "at": 2}]}
    assert without_proofs(facts) == {"consent": {"by": "Sam"}, "all": [{"at": 2}]}


def test_no_kind_of_place_says_it_can_verify_what_it_can_not_read_back() -> None:
    assert CAPABILITIES["folder"].shows == {Level.TAKEN}
    assert CAPABILITIES["hl7-folder"].shows == {Level.ACCEPTED, Level.TAKEN}
    assert set(CAPABILITIES) == set(get_args(DestinationKind))
