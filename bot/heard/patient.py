"""What somebody who speaks for a patient means by their words: one deed, or a puzzle (R34).

In this order. First what must never be swallowed: an alarm (told beside the deed, it changes none), stop and delete, a lost
phone. Then what they ask for by name. Then what is open shapes the meaning: an answer is heard only as far as it is clear.
What costs one tap is cheap, the wrong direction is not: so whatever leans two ways is a puzzle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.conversation import Open
from bot.domain.deeds import (
    NOT_UNDERSTOOD,
    AskPractice,
    Correction,
    CorrectReason,
    Deed,
    GiveAnswer,
    HoldPhoto,
    LosePhone,
    PassOn,
    PlainAnswer,
    Puzzle,
    SayStop,
    SayWhoseItIsNot,
    SeeHelp,
    StateReason,
    WriteAbout,
)
from bot.domain.purposes import read_purpose, states_purpose
from bot.domain.references import as_reference
from bot.domain.words_said import Numbered

from .alarm import alarm_words, alarms_answered
from .asking import asks
from .codes import looks_like_part_of_a_code
from .health import about_health, names_a_part, names_ailment, tells_how_it_is
from .kin import may_show_another, names_kin, shows_another
from .leaning import Lean, begins_with_yes, is_bare_yes, is_hedged, is_no_alone, is_yes_alone, leaning, sets_a_condition
from .losing import loses_a_phone, may_be_lost
from .phrase_lists import words_of
from .plain import is_whole, plain
from .small_talk import has_no_words, is_chat, is_courtesy, is_kind, says_nothing
from .suspicion import (
    denies_an_ailment,
    is_about_consent,
    may_ask,
    may_take_back,
    names_oneself,
    picks_a_photo,
    wants_it_back,
)
from .taking_back import (
    is_wrong,
    keeps,
    refuses_use,
    says_stop,
    takes_away,
    takes_back,
    without_mistakes,
    without_wishes,
)
from .wanted import correction_in, puts_right, wanted, without_lead


class HangsOn(StrEnum):
    """What a message replies to in the app. A reply to a question of the bot is an answer like any other."""

    PHOTO = "photo"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class Written:
    """Words somebody wrote themselves, with what they hang on and what is open for them."""

    text: str
    open: frozenset[Open] = frozenset()
    hangs_on: HangsOn | None = None
    photos: int = 0  # of patients they speak for
    refs: frozenset[str] = frozenset()  # those photos' references
    numbers: frozenset[str] = frozenset()  # of the open requests for consent
    name: str = ""  # that was asked about: "are you Sam Patel?"
    whom: tuple[str, ...] = ()  # names of the patients they were asked to choose from, as they were listed
    answers_for_others: bool = False
    quoted: str = ""  # by their app: what they reply to


@dataclass(frozen=True, slots=True)
class Heard:
    """What was meant, and the alarm words that stand in it; `under` is the open question that it answers, if any.

    `told`: the words are about a body too, whatever they ask for or answer. Then people read them. `chosen`: whose photo it is,
    of those listed, where they say so.
    """

    deed: Deed | Puzzle
    alarm: tuple[str, ...] = ()
    under: Open | None = None
    told: bool = False
    chosen: Numbered | None = None


_ANSWERS = {Lean.YES: PlainAnswer.YES, Lean.NO: PlainAnswer.NO, Lean.LATER: PlainAnswer.LATER}
_NUMBER = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
_ANY_NUMBER = "4821"  # stands for the reference, where a yes to a photo is read as one to a request
# Beside a yes and its number: nothing that casts doubt on it.
_MAY_STAND_THERE = frozenset(" \t\n,.!;'’“”\"#:–—-👍👌🙂😊😀😃😄😁🙏✅\ufe0f")
_REFERENCE = re.compile(r"\bimg[\s–—-]{0,3}[0-9a-z]{4,8}\b", re.IGNORECASE)


def hear(said: Written, more_alarms: Iterable[str] = ()) -> Heard:
    """Return what the words mean; it changes nothing, and is the same for the same words and circumstances."""
    return Heard(deed_of(said), alarm_of(said, more_alarms))


def deed_of(said: Written) -> Deed | Puzzle:
    return _deed(said, plain(said.text))


def alarm_of(said: Written, more_alarms: Iterable[str] = ()) -> tuple[str, ...]:
    words, more = plain(said.text), tuple(more_alarms)
    return alarm_words(said.text, more, words) or alarms_answered(said.quoted, words, more)


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


def _under_nothing(said: Written, words: str) -> Deed | Puzzle:
    if says_stop(words):
        return SayStop()
    if takes_back(words):
        return HoldPhoto()
    if shows_another(words, answers_for_others=said.answers_for_others):
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


def _under_reason(said: Written, words: str) -> Deed | Puzzle:
    if says_stop(words):
        return SayStop()
    if takes_back(words):
        return HoldPhoto()
    if shows_another(words, answers_for_others=said.answers_for_others):
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


def _under_withdraw(said: Written, words: str) -> Deed | Puzzle:
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
        bare = is_bare_yes(words) and _casts_no_doubt(said.text)
        return Puzzle(("yes", "about photo", "pass on")) if told else GiveAnswer(PlainAnswer.YES, bare=bare)
    if lean is Lean.LATER:
        return GiveAnswer(PlainAnswer.LATER)
    return Puzzle(("yes", "no", "pass on"))


def _not_kept(said: Written, words: str) -> Deed | Puzzle:
    """Return what a no means that does not ask to keep the photo: only one that says nothing but its name lets it go on."""
    if is_no_alone(plain(_REFERENCE.sub(" ", said.text))):
        return GiveAnswer(PlainAnswer.NO)
    told = about_health(words) or alarm_of(said)
    return WriteAbout() if told and not is_wrong(words) else Puzzle(("yes", "no"))


def _photo_taken_back(said: Written) -> str:
    """Return the photo that they say yes about and nothing else: only such a yes, or a tap, takes one back (R13)."""
    *before, last = said.text.split() or [""]
    named = _reference_in(said.text) or as_reference(last)
    rest = _REFERENCE.sub(" ", said.text) if _reference_in(said.text) else " ".join(before)
    alone = is_whole(said.text) and is_yes_alone(plain(f"{rest} {_ANY_NUMBER}"), _ANY_NUMBER)
    return named if alone and named in said.refs else ""


def _under_consent(said: Written, words: str) -> Deed | Puzzle:
    if takes_away(words):
        return HoldPhoto()
    if asks(words):
        return Puzzle(("no", "question")) if refuses_use(words) else AskPractice()
    number = next((number for number in said.numbers if is_yes_alone(words, number)), "")
    if number and is_whole(said.text) and _is_typed_as_asked(said.text, number):
        return GiveAnswer(PlainAnswer.YES, number, _reference_in(said.text))
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
    return GiveAnswer(_ANSWERS[lean], _number_in(said, words) if lean is Lean.NO else "", _reference_in(said.text))


def _is_typed_as_asked(text: str, number: str) -> bool:
    """Return whether words stand before the number, and nothing that casts doubt: no question mark, no face that thinks."""
    before, _, after = text.partition(number)
    named = any(sign.isalpha() for sign in before)
    return named and _casts_no_doubt(before + after)


def _casts_no_doubt(text: str) -> bool:
    return all(sign.isalpha() or sign.isdigit() or sign in _MAY_STAND_THERE for sign in text)


def _about_and_no(words: str) -> Deed | Puzzle:
    """Return what a no means that names a body: "no, not my bottom" refuses, "no, still sore" may answer something else."""
    return Puzzle(("no", "about photo")) if tells_how_it_is(words) else GiveAnswer(PlainAnswer.NO)


def _beside_a_request(words: str) -> Deed | Puzzle:
    if takes_back(words) and not keeps(words):
        return GiveAnswer(PlainAnswer.NO)
    chat = is_chat(words) and not is_hedged(words) and not is_about_consent(words)
    return PassOn() if is_courtesy(words) or chat else Puzzle(("yes", "no", "later", "pass on"))


def _under_confirm(said: Written, words: str) -> Deed | Puzzle:
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
        return GiveAnswer(_ANSWERS[lean])
    if shows_another(words, answers_for_others=said.answers_for_others):
        return GiveAnswer(PlainAnswer.NO)
    if names_oneself(words, said.name):
        return GiveAnswer(PlainAnswer.YES)
    return PassOn() if is_courtesy(words) else Puzzle(("yes", "no"))


def _under_which(said: Written, words: str) -> Deed | Puzzle:
    if takes_back(words) or says_stop(words):
        return HoldPhoto()
    if asks(words):
        return AskPractice()
    if may_take_back(words, healthy=True):  # "1 (not 2)", "2, sorry" choose
        return Puzzle(("hold", "which"))
    named = _reference_in(said.text) or next(
        (ref for ref in map(as_reference, said.text.split()) if ref in said.refs), ""
    )
    named = named or as_reference(said.text)
    if named:
        return StateReason() if named in said.refs else Puzzle(tuple(sorted(said.refs))[:3])
    if picks_a_photo(words) or names_a_part(words):
        return StateReason()
    lean = leaning(words)
    if lean in {Lean.NO, Lean.LATER} and not about_health(words):
        return GiveAnswer(_ANSWERS[lean]) if "know" not in words.split() else Puzzle(("which",))
    return PassOn() if is_courtesy(words) else Puzzle(("which", "pass on"))


_AS_OPEN = {
    None: _under_nothing,
    Open.REASON: _under_reason,
    Open.WITHDRAW: _under_withdraw,
    Open.CONSENT: _under_consent,
    Open.CONFIRM: _under_confirm,
    Open.WHICH: _under_which,
}


def _reference_in(text: str) -> str:
    return next((ref for found in _REFERENCE.findall(text[:4_000]) if (ref := as_reference(found))), "")


def _number_in(said: Written, words: str) -> str:
    return next((number for number in _NUMBER.findall(words) if number in said.numbers), "")
