"""What a patient's words mean while nothing is open."""

from __future__ import annotations

from bot.domain.deeds import (
    NOT_UNDERSTOOD,
    AskPractice,
    Deed,
    HoldPhoto,
    PassOn,
    Puzzle,
    SayStop,
    SayWhoseItIsNot,
    SeeHelp,
    WriteAbout,
)
from bot.heard.asking import asks
from bot.heard.codes import looks_like_part_of_a_code
from bot.heard.health import about_health, names_ailment
from bot.heard.kin import may_show_another
from bot.heard.losing import may_be_lost
from bot.heard.small_talk import is_chat, is_courtesy, is_kind, says_nothing
from bot.heard.suspicion import wants_it_back
from bot.heard.taking_back import is_wrong, says_stop, takes_away, takes_back
from bot.heard.wanted import puts_right

from .refused_use import refuses_what_goes_on
from .written import HangsOn, Written, says_it_shows_another


def under_nothing(said: Written, words: str) -> Deed | Puzzle:
    """Return the deed: to stop and to take back first, then a question, then what is told or said in passing."""
    if says_stop(words):
        return SayStop()
    if takes_back(words):
        return HoldPhoto(just_agreed=said.agreed and not (takes_away(words) or is_wrong(words)))
    if refuses_what_goes_on(said, words):
        return HoldPhoto(just_agreed=said.agreed)
    if says_it_shows_another(said, words):
        return SayWhoseItIsNot()
    if puts_right(words) and said.photos:
        return WriteAbout()
    if not said.photos and said.text.strip() == "?":
        return SeeHelp()
    return AskPractice() if asks(words) else _beside_nothing(said, words)


def _beside_nothing(said: Written, words: str) -> Deed | Puzzle:
    """Return what words mean that answer nothing and ask for nothing: told of a photo, or chat, or not clear."""
    if is_courtesy(words) and not _answers_plainly(words):
        return PassOn()
    if may_be_lost(words) and not names_ailment(words) and not is_chat(words):
        return Puzzle(("lost phone", "pass on"))
    healthy = about_health(words)
    if says_nothing(words) or (_answers_plainly(words) and not healthy) or looks_like_part_of_a_code(said.text):
        return Puzzle(("yes", "no", "pass on"))
    if said.hangs_on is HangsOn.PHOTO:
        return WriteAbout() if healthy and not wants_it_back(words) else Puzzle(("about photo", "hold"))
    if is_chat(words) or not said.photos:
        return PassOn()
    if wants_it_back(words):
        return Puzzle(("hold", "about photo", "pass on"))
    if not said.answers_for_others and not healthy and may_show_another(words):
        return Puzzle(("not me", "pass on"))
    return WriteAbout() if healthy else PassOn() if is_kind(words) else Puzzle(NOT_UNDERSTOOD)


def _answers_plainly(words: str) -> bool:
    bare = {word for word in words.split() if word not in {".", ","} and not word.isdigit()}
    return bool(bare & {"yes", "no", "nope", "yep", "yeah", "nah"}) and len(bare) <= 2 and "worries" not in bare
