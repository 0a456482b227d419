"""The law of patients and of the authorities for them: what becomes of either is decided in every state, or refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from bot.domain import authority_events
from bot.domain import under_care as law
from bot.domain.errors import Refused
from bot.domain.formal_names import FormalName
from bot.domain.identifiers import AuthorityId, PatientId, PersonId
from bot.domain.people import Authority, Patient, Relation
from bot.domain.under_care import Care, care_of, patient_after
from bot.words.sentence import in_words

TODAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HERE = Patient(PatientId("id"), "10421", "Sam Patel", date(1990, 3, 7))
LEFT = replace(HERE, left_on=TODAY)
DIED = replace(HERE, died_on=TODAY)
EVENTS: tuple[law.PatientEvent, ...] = (
    law.LeftThePractice(TODAY),
    law.InvitedAgain(),
    law.HasDied(TODAY),
    law.IsAlive(),
    law.FoundMature(AT),
    law.FoundAble(AT),
    law.FoundUnable(AT),
    law.NamesLearned(FormalName("Patel", "Sam"), None),
)
HELD = Authority(AuthorityId("id"), PersonId("ann"), PatientId("id"), Relation.PARENT, recorded_at=AT)


def outcome(patient: Patient, event: law.PatientEvent) -> Patient | None:
    try:
        return patient_after(patient, event)
    except Refused as refused:
        assert in_words(refused.said).endswith("."), refused.said
        return None


def test_every_state_and_event_is_in_the_table_and_decided_or_refused_with_a_sentence() -> None:
    kinds: tuple[type, ...] = law.PatientEvent.__args__
    assert {type(event) for event in EVENTS} == set(kinds)
    assert set(law.TRANSITIONS) == set(product(Care, kinds))
    for patient, event in product((HERE, LEFT, DIED), EVENTS):
        after = outcome(patient, event)
        assert after is None or (after.id, after.mrn, after.name, after.born) == ("id", "10421", HERE.name, HERE.born)


@pytest.mark.parametrize("patient", [DIED, replace(LEFT, died_on=TODAY)])
def test_R28a_of_whoever_died_nothing_changes_but_their_names_until_it_was_a_mistake(patient: Patient) -> None:
    changes = [event for event in EVENTS if outcome(patient, event) not in {None, patient}]
    assert [type(event) for event in changes] == [law.IsAlive, law.NamesLearned]
    assert patient_after(patient, law.IsAlive()).left_on == patient.left_on, "who had left is no patient again by that"


def test_who_is_invited_again_is_a_patient_again_and_nothing_else_makes_them_one() -> None:
    back = [event for event in EVENTS if (after := outcome(LEFT, event)) is not None and care_of(after) is Care.HERE]
    assert back == [law.InvitedAgain()]


def test_R28a_an_end_is_never_put_off_and_the_sentence_that_is_due_stays_due() -> None:
    yesterday = TODAY - timedelta(days=1)
    for before in (None, yesterday, TODAY, TODAY + timedelta(days=30)):
        after = authority_events.ended(replace(HELD, until=before), TODAY)
        assert after.until == min(TODAY, before or TODAY) and not after.may_hold(TODAY)
    died = authority_events.ended_by_death(HELD, TODAY)
    assert died.sentence_due and authority_events.ended_by_death(died, TODAY).sentence_due
    assert not authority_events.ended_by_death(replace(HELD, until=yesterday), TODAY).sentence_due, "it held no more"


def test_R33_who_begins_to_work_here_is_confirmed_anew_and_what_was_opened_stays_open() -> None:
    confirmed = authority_events.confirmed(replace(HELD, needs_second=True), PersonId("kim"), AT)
    assert (confirmed.seconded_by, confirmed.opened_by) == ("kim", "kim") and confirmed.holds_on(TODAY)
    later = authority_events.confirmed(confirmed, PersonId("lee"), AT + timedelta(days=1))
    assert later == confirmed, "whoever confirmed it first stays written"
    anew = authority_events.to_be_confirmed(confirmed)
    assert not anew.holds_on(TODAY) and anew.may_hold(TODAY) and anew.is_open
