"""The law of one use: every cell is decided, nothing is released that nobody agreed to, and what is noted moves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain import use as law
from bot.domain.errors import Refused
from bot.domain.identifiers import Account, ImageId, PersonId, UseId
from bot.domain.purposes import Purpose
from bot.domain.use import LIVE, Use, UseState, decide
from bot.domain.use_rules import Relatedness
from bot.words.sentence import in_words

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
USE = Use(
    UseId("id"),
    (ImageId("image"),),
    PersonId("lee"),
    AT,
    Purpose.EDUCATION,
    (Account("@derm:hs"),),
    "a rash",
    expires_at=AT + timedelta(days=7),
)
NOTED: tuple[law.UseEvent, ...] = (
    law.SaidNo(),
    law.GoesOn(),
    law.DoubtRaised(),
    law.DoubtSettled(),
    law.CaseHandedOver("kim"),
    law.ImagesDestroyed(),
)
EVENTS: tuple[law.UseEvent, ...] = (
    law.DetailsSaid(how="registrar teaching"),
    law.RecipientsNamed((Account("@derm:hs"),), (PersonId("derm"),)),
    law.RelatednessAttested(Relatedness.RELATED),
    law.ReasonChanged("“a rash”"),
    law.Permitted("R7"),
    law.ConsentAsked("R9", "wording", "version", AT, "“a rash”"),
    law.ConsentGiven(AT),
    law.ConsentGiven(AT + timedelta(days=7)),
    law.ConsentRefused(),
    law.RuledOut("R13"),
    law.Expired(),
    law.Released(),
    law.Summarised(AT),
    law.Closed(),
    law.Withdrawn(),
    law.Recalled(),
    *NOTED,
)


def outcome(state: UseState, event: law.UseEvent) -> Use | None:
    try:
        return decide(replace(USE, state=state), event)
    except Refused as refused:
        assert in_words(refused.said).endswith("."), refused.said
        return None


def test_every_state_and_event_is_in_the_table_and_decided_or_refused_with_a_sentence() -> None:
    kinds: tuple[type, ...] = law.UseEvent.__args__
    assert {type(event) for event in EVENTS} == set(kinds)
    assert set(law.TRANSITIONS) == set(product(UseState, kinds))
    for state, event in product(UseState, EVENTS):
        after = outcome(state, event)
        assert after is None or (after.id, after.image_ids, after.recipients) == ("id", ("image",), ("@derm:hs",))


def test_R12_nothing_is_released_but_what_a_rule_permits_or_somebody_granted_in_time() -> None:
    for state, event in product(UseState, EVENTS):
        after = outcome(state, event)
        if after is not None and after.state is UseState.RELEASED is not state:
            assert state in {UseState.PERMITTED, UseState.GRANTED} and isinstance(event, law.Released)
        if after is not None and after.state is UseState.GRANTED is not state:
            assert (state, event) == (UseState.AWAITING_CONSENT, law.ConsentGiven(AT))


@pytest.mark.parametrize("event", NOTED, ids=lambda event: type(event).__name__)
def test_what_is_noted_of_a_use_moves_it_nowhere(event: law.UseEvent) -> None:
    after = {state: outcome(state, event) for state in UseState}
    assert any(after.values()) and all(one.state is state for state, one in after.items() if one is not None)


def test_R28a_a_no_holds_whatever_can_still_leave_and_no_more() -> None:
    held = {state for state in UseState if (after := outcome(state, law.SaidNo())) is not None and after.held}
    assert held == LIVE
    assert not decide(replace(USE, held=True), law.GoesOn()).held


def test_R34_words_that_may_take_an_image_back_hold_the_same_and_an_answer_lets_go_of_no_other_hold() -> None:
    doubted = {state for state in UseState if (after := outcome(state, law.DoubtRaised())) is not None and after.waits}
    assert doubted == LIVE
    both = replace(USE, held=True, doubted=True)
    assert decide(both, law.DoubtSettled()).waits and decide(both, law.GoesOn()).waits
    assert not decide(decide(both, law.DoubtSettled()), law.GoesOn()).waits


def test_R23_no_words_are_left_of_a_use_whose_images_are_destroyed_unless_it_is_still_shown() -> None:
    emptied = decide(replace(USE, state=UseState.CLOSED, how="a slide", venue="a talk", wording="asked"), EVENTS[-1])
    assert emptied == replace(USE, state=UseState.CLOSED, question="")
    assert outcome(UseState.RELEASED, law.ImagesDestroyed()) is None


@pytest.mark.parametrize("state", [state for state in UseState if state is not UseState.ASKED])
def test_R31_what_somebody_was_asked_is_not_changed_afterwards(state: UseState) -> None:
    assert outcome(state, law.DetailsSaid(how="for something else")) is None
    assert outcome(state, law.RecipientsNamed((Account("@eve:hs"),), (PersonId("eve"),))) is None


def test_R9_what_is_not_said_anew_stays_as_it_was_said() -> None:
    said = law.DetailsSaid(how="teaching", seen_by="registrars", until=AT, intimate=True, deidentified=True)
    once = decide(USE, said)
    assert decide(once, law.DetailsSaid()) == once
    again = decide(once, law.DetailsSaid(purpose=Purpose.RESEARCH, how="a study", intimate=False))
    assert (again.how, again.seen_by, again.until, again.intimate) == ("a study", "registrars", AT, False)
    assert not again.lacks_purpose and again.deidentified
