"""What words mean to somebody who was asked whether a photo shows them: "are you Sam Patel?" (R15)."""

from __future__ import annotations

from bot.domain.deeds import AskPractice, Deed, GiveAnswer, HoldPhoto, PassOn, PlainAnswer, Puzzle
from bot.heard.asking import asks
from bot.heard.kin import names_kin
from bot.heard.leaning import Lean, begins_with_yes, is_hedged, leaning
from bot.heard.small_talk import is_courtesy
from bot.heard.suspicion import names_oneself
from bot.heard.taking_back import says_stop, takes_away

from .written import Written, answer_of, says_it_shows_another


def under_identity(said: Written, words: str) -> Deed | Puzzle:
    """Return the deed: what is not a clear yes says nothing of whose photo it is."""
    if takes_away(words) or says_stop(words):
        return HoldPhoto()
    lean = leaning(words)
    if asks(words) and lean is not Lean.NO:
        return Puzzle(("yes", "no")) if lean in {Lean.YES, Lean.BOTH} else AskPractice()
    if lean in {Lean.BOTH, Lean.UNSURE} or (lean is Lean.YES and is_hedged(words)):
        return Puzzle(("yes", "no"))
    if lean is Lean.YES and not (begins_with_yes(words) and (said.answers_for_others or not names_kin(words))):
        return Puzzle(("yes", "no"))
    if lean is not Lean.NEITHER:
        return GiveAnswer(answer_of(lean))
    if says_it_shows_another(said, words):
        return GiveAnswer(PlainAnswer.NO)
    if names_oneself(words, said.name):
        return GiveAnswer(PlainAnswer.YES)
    return PassOn() if is_courtesy(words) else Puzzle(("yes", "no"))
