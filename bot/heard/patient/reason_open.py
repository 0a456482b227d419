"""What words mean to somebody who was asked what a photo is about (R1)."""

from __future__ import annotations

from bot.domain.deeds import (
    NOT_UNDERSTOOD,
    AskPractice,
    Deed,
    GiveAnswer,
    HoldPhoto,
    PassOn,
    PlainAnswer,
    Puzzle,
    SayStop,
    SayWhoseItIsNot,
    StateReason,
)
from bot.domain.purposes import states_purpose
from bot.heard.asking import asks
from bot.heard.health import about_health, names_ailment
from bot.heard.kin import may_show_another
from bot.heard.leaning import Lean, leaning
from bot.heard.plain import is_whole
from bot.heard.small_talk import has_no_words, is_chat, is_courtesy, says_nothing
from bot.heard.suspicion import may_ask, may_take_back, picks_a_photo
from bot.heard.taking_back import says_stop, takes_back

from .written import Written, says_it_shows_another


def under_reason(said: Written, words: str) -> Deed | Puzzle:
    """Return the deed: words are the reason only where they can be nothing else."""
    if says_stop(words):
        return SayStop()
    if takes_back(words):
        return HoldPhoto()
    if says_it_shows_another(said, words):
        return SayWhoseItIsNot()
    if asks(words, about=True):
        return AskPractice()
    healthy = about_health(words)
    if leaning(words) is Lean.LATER and not names_ailment(words):
        return GiveAnswer(PlainAnswer.LATER)
    if has_no_words(words):
        return PassOn() if set(said.text) & set("🙏❤😊🙂😀😃🙌💕🌹🌺🎄💐") else Puzzle(("reason", "pass on"))
    if says_nothing(words) or (not healthy and (picks_a_photo(words) or leaning(words) is Lean.UNSURE)):
        return Puzzle(("reason", "pass on"))
    if is_courtesy(words) or (is_chat(words) and not healthy):
        return PassOn()
    if may_take_back(words, healthy=healthy):
        return Puzzle(("hold", "reason"))
    if not is_whole(said.text):
        return Puzzle(("reason", "hold"))
    if may_show_another(words) and not said.answers_for_others:
        return Puzzle(("not me", "reason"))
    if may_ask(words):
        return Puzzle(("question", "reason"))
    return StateReason() if healthy or states_purpose(said.text) else Puzzle(("reason", *NOT_UNDERSTOOD))
