"""What people say while something is asked of them answers it only if it says nothing else (R13, R34)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.conversation import Open
from bot.domain.deeds import AskPractice, Deed, GiveAnswer, PlainAnswer, Puzzle, StateReason, WriteAbout
from bot.domain.image import HeldFor, State
from bot.heard.in_turn import hear_in_turn
from bot.heard.patient import Written
from tests.practice import JPEG, staffed_practice

YES, NO = GiveAnswer(PlainAnswer.YES), GiveAnswer(PlainAnswer.NO)
YES_OR_NO = Puzzle(("yes", "no"))


def heard(words: str, *asked: Open) -> Deed | Puzzle:
    return hear_in_turn(Written(words, frozenset(asked), photos=1, refs=frozenset({"IMG-7F3K"}))).deed


# ---- shall it be withdrawn?

TOLD = ["no pain, just red and itchy", "no fever", "no change since Monday", "no cream helped", "nope, still hurts"]
WRONG = ["No sorry, wrong photo", "no, wrong photo", "no that was the wrong one", "no, it was an accident"]
KEPT = [
    *("no", "no thanks", "nope", "nah mate", "No, leave it", "no sorry, keep it", "no dont delete it"),
    *("i don't want it deleted", "no, I want Dr Lee to have it", "No thanks, I only wanted it off my phone"),
    *("no I want to keep it, its my left arm", "no IMG-7F3K", "no thanks IMG-7F3K"),
]
AWAY = ["can you delete it please?", "could you remove that for me?", "I need it gone", "never show it"]


@pytest.mark.parametrize("words", [*TOLD, "no its sore", "no, I can't breathe"])
def test_R34_what_ails_them_lets_no_photo_go_on(words: str) -> None:
    assert isinstance(heard(words, Open.WITHDRAW), WriteAbout)


@pytest.mark.parametrize("words", TOLD)
def test_R34_what_ails_them_is_the_reason_that_is_asked_for(words: str) -> None:
    assert heard(words, Open.WITHDRAW, Open.REASON) == StateReason()


@pytest.mark.parametrize("asked", [(Open.WITHDRAW,), (Open.WITHDRAW, Open.REASON)])
@pytest.mark.parametrize(
    "words", [*WRONG, "no, I said delete it", "no, it is private", "not yes 4821", "no dont want it kept"]
)
def test_R34_a_no_that_says_more_is_asked_about(words: str, asked: tuple[Open, ...]) -> None:
    assert heard(words, *asked) == YES_OR_NO


@pytest.mark.parametrize("words", KEPT)
def test_R34_a_no_that_says_nothing_else_or_to_keep_it_is_one(words: str) -> None:
    assert heard(words, Open.WITHDRAW) == NO


@pytest.mark.parametrize("words", AWAY)
def test_R34_a_wish_to_have_it_back_is_no_question_however_it_is_put(words: str) -> None:
    assert heard(words, Open.WITHDRAW) == YES


@pytest.mark.parametrize("words", ["is it deleted?", "can you keep it please?", "has the doctor seen it?"])
def test_a_question_about_it_is_one(words: str) -> None:
    assert heard(words, Open.WITHDRAW) == AskPractice()


@pytest.mark.parametrize(
    "words", ["i just want it out of there", "no longer want you to keep it", "I no longer need it"]
)
def test_R34_a_wish_to_have_it_gone_keeps_nothing(words: str) -> None:
    assert heard(words, Open.WITHDRAW) != NO


@pytest.mark.parametrize("words", ["yes that's the one, rash on left arm", "yes, the rash on my arm"])
def test_R1_a_yes_that_says_what_ails_them_is_the_reason_that_is_asked_for(words: str) -> None:
    assert heard(words, Open.WITHDRAW, Open.REASON) == StateReason()
    assert heard(words, Open.WITHDRAW) == Puzzle(("yes", "about photo", "pass on"))


@pytest.mark.parametrize("words", ["no pain, just red and itchy", "No sorry, wrong photo"])
async def test_R34_the_wrong_photo_stays_on_hold_and_the_next_one_gets_its_reason(tmp_path: Path, words: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo()
        await people.sam.writes("wrong photo sorry")
        await people.sam.sends_photo(JPEG + b"the right one")
        await people.sam.writes(words)
        wrong, right = await people.practice.images()
        assert (wrong.state, wrong.held_for) == (State.HELD, HeldFor.ASKED_BACK) and wrong.reason != words
        assert right.reason == (words if words in TOLD else "")
