"""What words mean to somebody who was asked for consent: nothing but a plain yes, with its number, is one (R32, R34)."""

from __future__ import annotations

import re

from bot.domain.deeds import AskPractice, Deed, GiveAnswer, HoldPhoto, PassOn, PlainAnswer, Puzzle, WriteAbout
from bot.heard.asking import asks
from bot.heard.health import about_health, names_ailment, tells_how_it_is
from bot.heard.leaning import Lean, is_hedged, is_yes_alone, leaning, sets_a_condition
from bot.heard.plain import is_whole
from bot.heard.small_talk import is_chat, is_courtesy
from bot.heard.suspicion import denies_an_ailment, is_about_consent
from bot.heard.taking_back import is_wrong, keeps, refuses_use, takes_away, takes_back

from .refused_use import asks_to_stop, refuses_what_goes_on
from .written import Written, answer_of, casts_no_doubt, reference_in

_NUMBER = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


def under_consent(said: Written, words: str) -> Deed | Puzzle:
    """Return the deed: a yes counts only as it was asked for, a no in any words."""
    if takes_away(words) or (is_wrong(words) and not keeps(words)):
        return HoldPhoto()  # "wrong photo" says so of a photo, and its uses wait meanwhile
    if asks(words) and asks_to_stop(words) and refuses_what_goes_on(said, words):
        return HoldPhoto()
    if asks(words):
        return Puzzle(("no", "question")) if refuses_use(words) else AskPractice()
    number = next((number for number in said.numbers if is_yes_alone(words, number)), "")
    if number and is_whole(said.text) and _is_typed_as_asked(said.text, number):
        return GiveAnswer(PlainAnswer.YES, (number,), reference_in(said.text))
    lean = leaning(words)
    if lean is not Lean.NO and sets_a_condition(words):
        return Puzzle(("yes", "no", "later"))
    unclear = (
        lean is Lean.NEITHER and is_hedged(words) and not names_ailment(words)
    )  # "I'd feel better if only you looked"
    if (
        about_health(words)
        and not unclear
        and not is_about_consent(words)
        and (lean is not Lean.LATER or names_ailment(words))
    ):
        return _about_and_no(words) if lean is Lean.NO and not denies_an_ailment(words) else WriteAbout()
    if lean in {Lean.BOTH, Lean.UNSURE} or (lean is Lean.YES and is_hedged(words)):
        return Puzzle(("yes", "no", "later"))
    if lean is Lean.NEITHER:
        return _beside_a_request(words)
    return GiveAnswer(answer_of(lean), _numbers_in(said, words) if lean is Lean.NO else (), reference_in(said.text))


def _is_typed_as_asked(text: str, number: str) -> bool:
    """Return whether words stand before the number, and nothing that casts doubt: no question mark, no face that thinks."""
    before, _, after = text.partition(number)
    named = any(sign.isalpha() for sign in before)
    return named and casts_no_doubt(before + after)


def _about_and_no(words: str) -> Deed | Puzzle:
    """Return what a no means that names a body: "no, not my bottom" refuses, "no, still sore" may answer something else."""
    return Puzzle(("no", "about photo")) if tells_how_it_is(words) else GiveAnswer(PlainAnswer.NO)


def _beside_a_request(words: str) -> Deed | Puzzle:
    if takes_back(words) and not keeps(words):
        return GiveAnswer(PlainAnswer.NO)
    chat = is_chat(words) and not is_hedged(words) and not is_about_consent(words)
    return PassOn() if is_courtesy(words) or chat else Puzzle(("yes", "no", "later", "pass on"))


def _numbers_in(said: Written, words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for number in _NUMBER.findall(words) if number in said.numbers))
