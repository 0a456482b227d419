"""What words mean to somebody who was asked which photo they are about."""

from __future__ import annotations

from bot.domain.deeds import AskPractice, Deed, GiveAnswer, HoldPhoto, PassOn, Puzzle, StateReason
from bot.domain.references import as_reference
from bot.heard.asking import asks
from bot.heard.health import about_health, names_a_part
from bot.heard.leaning import Lean, leaning
from bot.heard.small_talk import is_courtesy
from bot.heard.suspicion import may_take_back, picks_a_photo
from bot.heard.taking_back import says_stop, takes_back

from .written import Written, answer_of, reference_in


def under_choice(said: Written, words: str) -> Deed | Puzzle:
    """Return the deed: which photo they name, or pick, or that they can't say."""
    if takes_back(words) or says_stop(words):
        return HoldPhoto()
    if asks(words):
        return AskPractice()
    if may_take_back(words, healthy=True):  # "1 (not 2)", "2, sorry" choose
        return Puzzle(("hold", "which"))
    named = reference_in(said.text) or next(
        (ref for ref in map(as_reference, said.text.split()) if ref in said.refs), ""
    )
    named = named or as_reference(said.text)
    if named:
        return StateReason() if named in said.refs else Puzzle(tuple(sorted(said.refs))[:3])
    if picks_a_photo(words) or names_a_part(words):
        return StateReason()
    lean = leaning(words)
    if lean in {Lean.NO, Lean.LATER} and not about_health(words):
        return GiveAnswer(answer_of(lean)) if "know" not in words.split() else Puzzle(("which",))
    return PassOn() if is_courtesy(words) else Puzzle(("which", "pass on"))
