"""Hear a patient's words where several things are open: as an answer to the gravest of them, until they are one (R34)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.conversation import Open
from bot.domain.deeds import (
    CorrectReason,
    Deed,
    HoldPhoto,
    LosePhone,
    Puzzle,
    SayStop,
    SayWhoseItIsNot,
    StateReason,
    WriteAbout,
)
from bot.domain.words_said import Numbered

from .family import without_signature
from .given_names import names_any
from .health import about_health
from .only_whose import (
    chosen_again,
    chosen_instead,
    is_a_number,
    name_alone,
    only_whose,
    says_wrong_child,
    takes_back_a_choice,
)
from .patient import HangsOn, Heard, Written, alarm_of, deed_of
from .patient.written import without_reference
from .plain import plain
from .suspicion import picks_one
from .whose import chosen, shows_somebody_else

_BEGINS_WITH_A_NUMBER = re.compile(r"\s*[0-9]{1,2}\b")
_WHOSE_MATTERS = frozenset({Open.CONSENT, Open.WITHDRAW, Open.WHICH, Open.REASON})
_ORDER = (Open.CONSENT, Open.WITHDRAW, Open.WHICH, Open.REASON)  # a wrong answer would do the most harm to the first


def hear_in_turn(said: Written, more_alarms: Iterable[str] = ()) -> Heard:
    """Return what the words mean, and the question that they answer, of all that is open."""
    text = without_reference(said.text)
    if again := _in_place_of_the_first(text, said):
        return again
    who = chosen(without_signature(text, said.name), said.whom) or _by_name_alone(text, said.whom)
    deed, under = _in_turn(said, who is not None or names_any(said.text, said.whom))
    words = plain(said.text)
    if not isinstance(deed, HoldPhoto | LosePhone | CorrectReason) and shows_somebody_else(said.text):
        deed = SayWhoseItIsNot(as_shown=True)  # in the words that the help shows, whatever is open
    elif under is not Open.WHICH and _says_whose(text, said):
        deed = SayWhoseItIsNot()  # "that's Leo's": it may lie in a wrong record
    told = about_health(words)
    return Heard(deed, alarm_of(said, more_alarms), under, told=told, chosen=who, picks_one=picks_one(words))


def _says_whose(text: str, said: Written) -> bool:
    """Return whether they say no more than whose a photo is: by its name alone, of one that they name or reply to."""
    points = said.hangs_on is HangsOn.PHOTO or text != said.text
    return bool(only_whose(text, said.family, said.name) or (points and name_alone(text, said.family)))


def _by_name_alone(text: str, names: Sequence[str]) -> Numbered | None:
    """Return whom "I meant Leo" chooses."""
    return chosen_again(text, names) if only_whose(text, names) else None


def _in_place_of_the_first(text: str, said: Written) -> Heard | None:
    """Return what takes the place of the first choice, while it is asked what the photo is about, and after that.

    Where a request is open too, or it is asked no more, only words that say plainly that they take something back.
    """
    waiting, wrong = said.open & _WHOSE_MATTERS, said.answers_for_others and says_wrong_child(text)
    if Open.WHICH in waiting:
        return None
    told, alarm = about_health(plain(text)), alarm_of(said)
    plainly = Open.CONSENT not in waiting or takes_back_a_choice(text)
    if Open.REASON in waiting:
        again = chosen_again(text, said.chose_from) if plainly else None
        if again or (wrong and len(said.chose_from) > 1):
            return Heard(StateReason(), alarm, Open.REASON, told, again, again=True, by_number=is_a_number(text))
        if not wrong:
            return None
    asked_back = Open.WITHDRAW in waiting  # "no, Leo's" may answer that
    again = chosen_instead(text, said.chose_last) if plainly and not asked_back else None
    return Heard(SayWhoseItIsNot(), alarm, None, told, again, again=True) if again or wrong else None


def _in_turn(said: Written, says_whose: bool) -> tuple[Deed | Puzzle, Open | None]:
    """Hear the words under one question after the other; or else as words about a photo."""
    waiting = [kind for kind in _ORDER if kind in said.open]
    if Open.REASON in waiting and not (says_whose or _BEGINS_WITH_A_NUMBER.match(without_reference(said.text))):
        waiting = [kind for kind in waiting if kind is not Open.WHICH]
    if not waiting or waiting[0] is Open.CONSENT:
        alone = deed_of(replace(said, open=frozenset()))
        if not waiting or isinstance(alone, SayStop):
            return alone, None  # of a stop it is asked what is to be stopped: the request, or a photo
    for kind in waiting:
        deed = deed_of(replace(said, open=frozenset({kind})))
        if kind is Open.WHICH and says_whose and _answers_nothing(deed):
            return StateReason(), kind
        if not _answers_nothing(deed):
            break
    return deed, kind


def _answers_nothing(deed: Deed | Puzzle) -> bool:
    """Return whether it may be meant for something else that is open."""
    return isinstance(deed, WriteAbout) or (isinstance(deed, Puzzle) and "pass on" in deed.likely)
