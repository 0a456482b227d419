"""Whether words are a no to what goes on already: to a use that they name, or to what was agreed to just before (R13, R29a)."""

from __future__ import annotations

from bot.heard.asking import asks
from bot.heard.health import about_health, tells_how_it_is
from bot.heard.leaning import Lean, leaning
from bot.heard.phrase_lists import any_of
from bot.heard.suspicion import denies_an_ailment
from bot.heard.use_named import names_what_goes_on, purposes_named

from .written import Written

_REFUSES = frozenset({Lean.NO, Lean.BOTH})  # of a yes and a no, the no is heard
_ASKED_TO_STOP = any_of("can|could|would|will you|we|i just? please? just? stop|cancel|withdraw|end")
_WAIT = any_of("^ oh|no|actually|sorry|please? wait|hang|hold")


def refuses_what_goes_on(said: Written, words: str) -> bool:
    """Return whether plain words say so. Nothing ends by it: what they may mean is held, and they are asked."""
    if denies_an_ailment(words) or tells_how_it_is(words):
        return False
    if said.in_use & purposes_named(words):
        if asks(words):
            return asks_to_stop(words)
        return names_what_goes_on(words) or leaning(words) in _REFUSES
    refuses = leaning(words) in _REFUSES or _WAIT.search(words)
    return said.agreed and refuses and not about_health(words) and not asks(words)


def asks_to_stop(words: str) -> bool:
    """Return whether plain words ask for it as people do who are polite: "can you stop the research?"."""
    return _ASKED_TO_STOP.search(words)
