"""What becomes of an answer that can be tapped: it is made once, put off at will, and forgotten with what it was about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.choices import Choice, chosen_in_words, emptied_choice, put_again, spent
from bot.domain.identifiers import ChoiceId, PersonId, PollId

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
YES = Choice(
    ChoiceId("secret"),
    PollId("poll"),
    "4821",
    PersonId("sam"),
    "specific-consent",
    "use",
    "yes",
    "Yes",
    AT + timedelta(days=7),
)


def test_R13_what_is_spent_is_answered_by_nothing_and_stays_spent_since_the_first_time() -> None:
    assert chosen_in_words("yes 4821", [YES], AT) == YES
    once = spent(YES, AT)
    assert chosen_in_words("yes 4821", [once], AT) is None
    assert spent(once, LATER) == once and once.used_at == AT


def test_a_question_that_was_put_off_can_be_answered_until_it_expires() -> None:
    again = put_again(spent(YES, AT))
    assert again == YES
    assert chosen_in_words("yes 4821", [again], YES.expires_at) is None


def test_R23_of_a_choice_about_what_is_destroyed_no_word_is_left_and_it_cannot_be_made() -> None:
    for choice in (YES, spent(YES, AT)):
        left = emptied_choice(choice, LATER)
        assert left == replace(choice, label="", value="", used_at=choice.used_at or LATER)
