"""What words mean to somebody who was asked whether to take a photo back (R13)."""

from __future__ import annotations

from bot.domain.deeds import AskPractice, Deed, GiveAnswer, PlainAnswer, Puzzle, WriteAbout
from bot.domain.references import as_reference
from bot.heard.asking import asks
from bot.heard.health import about_health
from bot.heard.leaning import Lean, is_bare_yes, is_no_alone, is_yes_alone, leaning
from bot.heard.plain import is_whole, plain
from bot.heard.taking_back import is_wrong, keeps, refuses_use, says_stop, takes_away, without_mistakes, without_wishes

from .written import REFERENCE, Written, alarm_of, casts_no_doubt, reference_in

_ANY_NUMBER = "4821"  # stands for the reference, where a yes to a photo is read as one to a request


def under_withdrawal(said: Written, words: str) -> Deed | Puzzle:
    """Return the deed: a yes takes the photo back, a no keeps it, and what leans both ways is asked about."""
    if named := _photo_taken_back(said):
        return GiveAnswer(PlainAnswer.YES, ref=named)
    if says_stop(words):
        return Puzzle(("yes", "no"))
    away, kept = takes_away(words) or refuses_use(words), keeps(words)
    if asks(words) and not away:
        return AskPractice()
    lean = leaning(without_wishes(words) if away else without_mistakes(words))
    if lean is Lean.BOTH or (away and (kept or lean is Lean.NO)):
        return GiveAnswer(PlainAnswer.NO) if kept and not away else Puzzle(("yes", "no"))
    if kept:
        return GiveAnswer(PlainAnswer.NO)
    if lean is Lean.NO:
        return _not_kept(said, words)
    if away or lean is Lean.YES:
        told = about_health(words) and not away and not is_wrong(words)
        bare = is_bare_yes(words) and casts_no_doubt(said.text)
        return Puzzle(("yes", "about photo", "pass on")) if told else GiveAnswer(PlainAnswer.YES, bare=bare)
    if lean is Lean.LATER:
        return GiveAnswer(PlainAnswer.LATER)
    return Puzzle(("yes", "no", "pass on"))


def _not_kept(said: Written, words: str) -> Deed | Puzzle:
    """Return what a no means that does not ask to keep the photo: only one that says nothing but its name lets it go on."""
    if is_no_alone(plain(REFERENCE.sub(" ", said.text))):
        return GiveAnswer(PlainAnswer.NO)
    told = about_health(words) or alarm_of(said)
    return WriteAbout() if told and not is_wrong(words) else Puzzle(("yes", "no"))


def _photo_taken_back(said: Written) -> str:
    """Return the photo that they say yes about and nothing else: only such a yes, or a tap, takes one back (R13)."""
    *before, last = said.text.split() or [""]
    named = reference_in(said.text) or as_reference(last)
    rest = REFERENCE.sub(" ", said.text) if reference_in(said.text) else " ".join(before)
    alone = is_whole(said.text) and is_yes_alone(plain(f"{rest} {_ANY_NUMBER}"), _ANY_NUMBER)
    return named if alone and named in said.refs else ""
