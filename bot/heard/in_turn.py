"""Hear a patient's words where several things are open: as an answer to the gravest of them, until they are one (R34)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.domain.conversation import Open
from bot.domain.deeds import Deed, DenyBeing, HoldPhoto, LosePhone, Puzzle, SayStop, SayWhoseItIsNot, WriteAbout

from .patient import Heard, Written, hear
from .whose import says_not_me, shows_somebody_else

_BEGINS_WITH_A_NUMBER = re.compile(r"\s*[0-9]{1,2}\b")
_ORDER = (Open.CONSENT, Open.WITHDRAW, Open.WHICH, Open.REASON)  # a wrong answer would do the most harm to the first


def hear_in_turn(said: Written, more_alarms: Iterable[str] = (), *, newcomer: bool = False) -> Heard:
    """Return what the words mean, and the question that they answer, of all that is open. Only a newcomer can be nobody here."""
    heard = _in_turn(said, tuple(more_alarms))
    if not isinstance(heard.deed, HoldPhoto | LosePhone) and shows_somebody_else(said.text):
        heard = replace(
            heard, deed=SayWhoseItIsNot(as_shown=True)
        )  # in the words that the help shows, whatever is open
    return replace(heard, deed=DenyBeing()) if newcomer and says_not_me(said.text) else heard


def _in_turn(said: Written, more_alarms: tuple[str, ...]) -> Heard:
    """Hear the words under one question after the other; or else as words about a photo."""
    waiting = [kind for kind in _ORDER if kind in said.open]
    if Open.REASON in waiting and not _BEGINS_WITH_A_NUMBER.match(said.text):
        waiting = [kind for kind in waiting if kind is not Open.WHICH]
    if not waiting or waiting[0] is Open.CONSENT:
        alone = hear(replace(said, open=frozenset()), more_alarms)
        if not waiting or isinstance(alone.deed, SayStop):
            return alone  # of a stop it is asked what is to be stopped: the request, or a photo
    for kind in waiting:
        heard = replace(hear(replace(said, open=frozenset({kind})), more_alarms), under=kind)
        if not _answers_nothing(heard.deed):
            break
    return heard


def _answers_nothing(deed: Deed | Puzzle) -> bool:
    """Return whether it may be meant for something else that is open."""
    return isinstance(deed, WriteAbout) or (isinstance(deed, Puzzle) and "pass on" in deed.likely)
