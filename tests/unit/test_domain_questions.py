"""The law of questions and of photos that are told of together: every cell is decided, and no photo is lost from either."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain import conversation as law
from bot.domain.conversation import About, Burst, Question, QuestionState, question_after
from bot.domain.errors import Refused
from bot.domain.identifiers import BurstId, ImageId, PatientId, PersonId, QuestionId
from bot.words.sentence import in_words

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ASKED = Question(
    QuestionId("id"),
    PersonId("sam"),
    About.PATIENT,
    (ImageId("one"), ImageId("two")),
    (PatientId("ann"), PatientId("ben")),
    AT,
    AT + timedelta(hours=1),
)
LATER = AT + timedelta(minutes=5)
OVER = (QuestionState.ANSWERED, QuestionState.UNANSWERED)
EVENTS: tuple[law.QuestionEvent, ...] = (
    law.Answered(),
    law.NotAnswered(),
    law.AskedAnew(),
    law.AskedAgain(datetime(2026, 11, 23, tzinfo=UTC)),
    law.PhotoJoined(ImageId("three")),
    law.PhotoSettled(ImageId("one")),
    law.ReasonWanted((ImageId("two"),), LATER),
    law.PhotoDestroyed(),
)


def outcome(question: Question, event: law.QuestionEvent) -> Question | None:
    try:
        return question_after(question, event)
    except Refused as refused:
        assert in_words(refused.said).endswith("."), refused.said
        return None


def test_every_state_and_event_is_in_the_table_and_decided_or_refused_with_a_sentence() -> None:
    kinds: tuple[type, ...] = law.QuestionEvent.__args__
    assert {type(event) for event in EVENTS} == set(kinds)
    assert set(law.QUESTIONS) == set(product(QuestionState, kinds))
    for state, event in product(QuestionState, EVENTS):
        after = outcome(replace(ASKED, state=state), event)
        assert after is None or (after.id, after.person_id) == ("id", "sam")


@pytest.mark.parametrize("state", OVER)
def test_R15_no_photo_joins_a_question_that_is_over_nor_is_it_made_another(state: QuestionState) -> None:
    over = replace(ASKED, state=state)
    assert (
        outcome(over, law.PhotoJoined(ImageId("three"))) is None
        and outcome(over, law.ReasonWanted((ImageId("two"),), LATER)) is None
    )
    assert question_after(ASKED, law.PhotoJoined(ImageId("three"))).image_ids == ("one", "two", "three")


def test_a_question_is_over_with_its_last_photo_and_not_before() -> None:
    one_left = question_after(ASKED, law.PhotoSettled(ImageId("one")))
    assert (one_left.state, one_left.image_ids) == (QuestionState.OPEN, (ImageId("two"),))
    assert question_after(one_left, law.PhotoSettled(ImageId("two"))).state is QuestionState.ANSWERED


def test_a_late_answer_still_counts_and_a_deadline_takes_none_back() -> None:
    late = question_after(question_after(ASKED, law.NotAnswered()), law.Answered())
    assert late.state is QuestionState.ANSWERED
    assert question_after(late, law.NotAnswered()) == late
    assert question_after(late, law.AskedAnew()) == ASKED


def test_once_it_is_known_whose_they_are_only_those_without_a_reason_are_asked_about() -> None:
    asked = question_after(ASKED, law.ReasonWanted((ImageId("two"),), LATER))
    assert asked == replace(ASKED, about=About.REASON, image_ids=(ImageId("two"),), asked_at=LATER)


@pytest.mark.parametrize("state", list(QuestionState))
def test_R23_whom_one_could_choose_from_is_forgotten_with_a_photo(state: QuestionState) -> None:
    question = replace(ASKED, state=state)
    assert question_after(question, law.PhotoDestroyed()) == replace(question, choices=())


def test_photos_that_are_safe_are_told_of_together_and_those_that_wait_for_an_answer_with_none() -> None:
    burst = Burst(BurstId("id"), PersonId("sam"), ())
    for number in range(law.MOST_TOLD_TOGETHER):
        assert not burst.is_full
        burst = law.one_more_safe(burst, ImageId(str(number)), to_answer=number % 2 == 0)
    assert burst.is_full and len(burst.image_ids) == law.MOST_TOLD_TOGETHER
    assert burst.to_answer == ("0", "2", "4", "6", "8")
