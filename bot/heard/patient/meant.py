"""What somebody who speaks for a patient means by their words: one deed, or a puzzle (R34).

In this order. First what must never be swallowed: an alarm (told beside the deed, it changes none), stop and delete, a lost
phone. Then what they ask for by name. Then what is open shapes the meaning: an answer is heard only as far as it is clear.
What costs one tap is cheap, the wrong direction is not: so whatever leans two ways is a puzzle.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.conversation import Open
from bot.domain.deeds import (
    AskPractice,
    Correction,
    CorrectReason,
    Deed,
    GiveAnswer,
    HoldPhoto,
    LosePhone,
    PassOn,
    Puzzle,
    SayStop,
    SayWhoseItIsNot,
    WriteAbout,
)
from bot.domain.purposes import read_purpose
from bot.heard.asking import asks
from bot.heard.health import about_health
from bot.heard.kin import says_plainly_it_shows_another
from bot.heard.leaning import Lean, leaning
from bot.heard.losing import loses_a_phone
from bot.heard.phrase_lists import words_of
from bot.heard.plain import plain
from bot.heard.small_talk import is_courtesy, says_nothing
from bot.heard.taking_back import says_stop, takes_away, takes_back
from bot.heard.wanted import correction_in, wanted, without_lead

from .choice_open import under_choice
from .consent_open import under_consent
from .identity_open import under_identity
from .nothing_open import under_nothing
from .reason_open import under_reason
from .withdrawal_open import under_withdrawal
from .written import HangsOn, Heard, Written, alarm_of, says_it_shows_another


def hear(said: Written, more_alarms: Iterable[str] = ()) -> Heard:
    """Return what the words mean; it changes nothing, and is the same for the same words and circumstances."""
    return Heard(deed_of(said), alarm_of(said, more_alarms))


def deed_of(said: Written) -> Deed | Puzzle:
    """Return what the words ask for or answer, without their alarm words."""
    return _deed(said, plain(said.text))


def gives_reason(text: str) -> bool:
    """Return whether a colleague's words may be what a photo is about.

    No answer is, no wish to have it back, and no question in return (R34); "is this infected?" says what it is about.
    """
    words = plain(text)
    if takes_back(words) or says_stop(words) or says_nothing(words) or set(words.split()) <= _AGREES:
        return False
    return about_health(words) or (leaning(words) is Lean.NEITHER and not asks(words))


def read_correction(words: str) -> Correction:
    """Return what is to stand in place of what a photo was said to be about; a question, a no and a stop are no such words."""
    words = without_lead(words)
    deed = None if correction_in(words) is not None else deed_of(Written(words, frozenset({Open.REASON})))
    none = isinstance(deed, AskPractice | GiveAnswer) or says_nothing(plain(words)) or is_courtesy(plain(words))
    return Correction(words, read_purpose(words), isinstance(deed, HoldPhoto | SayStop), says_nothing=none)


_ASKED_OF_IT = frozenset({Open.CONSENT, Open.WITHDRAW, Open.WHICH})  # the other questions hear it themselves
_AGREES = words_of("correct right true exactly me thats that is it yes no nein non . ,")


def _deed(said: Written, words: str) -> Deed | Puzzle:
    put_right = correction_in(said.text)
    if put_right is not None:
        ref, right_words = put_right
        return CorrectReason(ref, read_correction(right_words))
    by_name = wanted(words)
    if loses_a_phone(words):
        return LosePhone()
    if by_name is not None and not takes_back(words):
        return by_name
    if said.hangs_on is HangsOn.CLINICIAN or said.open & _ASKED_OF_IT:
        plainly = says_it_shows_another(said, words) and says_plainly_it_shows_another(words)
        if plainly and not takes_away(words):
            return SayWhoseItIsNot()  # it may lie in a wrong record: that comes before any answer (R15)
    if said.hangs_on is HangsOn.CLINICIAN:
        return _to_a_clinician(words)
    return _AS_OPEN[_what_is_open(said.open)](said, words)


def _what_is_open(waiting: frozenset[Open]) -> Open | None:
    """Return the question that words answer if several are open: the one where a wrong answer would do the most harm."""
    return next(
        (kind for kind in (Open.CONSENT, Open.WITHDRAW, Open.CONFIRM, Open.WHICH, Open.REASON) if kind in waiting), None
    )


def _to_a_clinician(words: str) -> Deed | Puzzle:
    if takes_back(words):
        return HoldPhoto()
    return (
        AskPractice()
        if asks(words)
        else PassOn()
        if is_courtesy(words) and leaning(words) is Lean.NEITHER
        else WriteAbout()
    )


_AS_OPEN = {
    None: under_nothing,
    Open.REASON: under_reason,
    Open.WITHDRAW: under_withdrawal,
    Open.CONSENT: under_consent,
    Open.CONFIRM: under_identity,
    Open.WHICH: under_choice,
}
