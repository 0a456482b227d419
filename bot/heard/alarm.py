"""Alarm words: what may be an emergency, in a patient's words (R34). They bring the emergency sentence at once and change nothing
else: nothing is triaged, reordered or delayed by them.

One sentence too many does no harm, one too few may. So a sign counts unless it is plainly denied, or plainly long past; and
where no sign is known, a sentence counts whose words weigh enough (`trouble`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from .alarm_signs import (
    BABY,
    BLEEDING,
    BREATHING,
    BURN,
    CALL,
    CHEST,
    CONSCIOUSNESS,
    HARMLESS,
    IN_OTHER_LANGUAGES,
    IN_OTHER_SCRIPTS,
    INFECTION,
    PAIRS,
    POISON,
    SELF_HARM,
    STROKE,
    SWELLING,
    TOGETHER,
    UNABLE,
)
from .body_signs import ALONE, BODY_SIGNS
from .body_signs import UNABLE as UNABLE_BODY
from .denied import is_past, not_denied, standing
from .leaning import begins_with_yes
from .phrase_lists import Phrases, any_of
from .plain import clauses, plain, sentences
from .trouble import trouble_in


def _phrases_in(lines: Iterable[str]) -> list[str]:
    """Return the phrases of lines in which ";" parts them."""
    return [phrase for line in lines for phrase in line.split("; ")]


# A "no" before these takes nothing away.
_UNABLE = any_of(*UNABLE, *_phrases_in(UNABLE_BODY), *SELF_HARM, *CALL, *IN_OTHER_LANGUAGES)
_SIGNS = any_of(
    *BREATHING,
    *CHEST,
    *SWELLING,
    *CONSCIOUSNESS,
    *STROKE,
    *BLEEDING,
    *BURN,
    *POISON,
    *BABY,
    *INFECTION,
    *_phrases_in(ALONE),
)
_TOGETHER = any_of(*TOGETHER)
_HARMLESS = any_of(*HARMLESS)
_PAIRS = tuple(
    (any_of(*first.split("; ")), any_of(*second.split("; ")))
    for first, second in (*PAIRS, *(row.split(" / ") for row in BODY_SIGNS))
)
_DENIALS = frozenset({"no", "not", "never", "without", "denies", "nor"})
_NAMED = "(?:img [0-9a-z]{4,8}|[0-9]{4})"
_NAMED_YES = re.compile(
    rf"(?<= )(?:i agree|(?:yes|yep|yeah|ok|okay|sure)(?: please)?) {_NAMED} (?:thanks )?|(?<= ){_NAMED} yes "
)
_IS = re.compile(
    r"(?<=[^\W\d_])['’‘`´ʼ]s\b", re.IGNORECASE
)  # "my throat's closing" says of a throat what "my throats" does not
_NEAR, _STRIDE = 12, 5  # words in which both halves of a sign stand: in a long sentence everything stands somewhere


def alarm_words(text: str, more: Iterable[str] = (), words: str = "") -> tuple[str, ...]:
    """Return the alarm words that stand in the text; `more` are phrases that the practice added, `words` the text made plain."""
    words = without_harmless(words or plain(text))
    added = [phrase for phrase_added in more if (phrase := plain(phrase_added).strip(" .,?"))]
    found = [*_signs_in(text, words)]
    found += [" … ".join(heavy) for said in sentences(words) if (heavy := trouble_in(said))]
    found += [phrase for phrase in added for clause in clauses(words) if f" {phrase} " in clause]
    return tuple(dict.fromkeys(sign.strip() for sign in found))


def has_sign(text: str) -> bool:
    """Return whether a known sign of an emergency stands in the text, whatever its words weigh."""
    return next(_signs_in(text, without_harmless(plain(text))), None) is not None


def without_harmless(words: str) -> str:
    """Return plain words without what sounds like a sign and is none, and without an answer that names what it answers."""
    return _HARMLESS.without(_NAMED_YES.sub(". ", words))


def _signs_in(text: str, words: str) -> Iterator[str]:
    yield from _signs_among(words)
    if _IS.search(text):
        yield from _signs_among(without_harmless(plain(_IS.sub(" is", text))))
    yield from (sign for sign in IN_OTHER_SCRIPTS if sign in unicodedata.normalize("NFC", text))


def _signs_among(words: str) -> Iterator[str]:
    paired = [pair for pair in _PAIRS if all(half.search(words) for half in pair)]
    for said in sentences(words):
        if not is_past(said):
            yield from _TOGETHER.found(said.replace(" , ", " "))
        if paired:
            yield from (sign for near in _stretches(said) for sign in _together(near, paired))
    if _UNABLE.search(words) or _SIGNS.search(words):
        for clause in clauses(words):
            yield from _UNABLE.found(clause)
            if not is_past(clause):
                yield from not_denied(_SIGNS, clause)


def _stretches(said: str) -> list[str]:
    """Return what stands near together in a sentence: all of it, or stretches of a long one, each over half of the next."""
    words = said.split()
    if len(words) <= _NEAR + _STRIDE:
        return [said]
    starts = range(0, len(words) - _NEAR + _STRIDE, _STRIDE)
    return [f". {' '.join(words[_with_denial(words, at) : at + _NEAR])} . " for at in starts]


def _with_denial(words: list[str], at: int) -> int:
    """Return where a stretch begins: with the "no" shortly before it that denies what it says."""
    return next((before for before in range(max(at - _STRIDE, 0), at) if words[before] in _DENIALS), at)


def _together(said: str, pairs: Sequence[tuple[Phrases, Phrases]]) -> Iterator[str]:
    """Yield the signs of which both halves stand together, in any order: "the throat feels so tight"."""
    for pair in pairs:
        first, second = (next(standing(half, said), "") for half in pair)
        if first and second:
            yield f"{first} … {second}"


def alarms_answered(quoted: str, words: str, more: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the alarm words in the question they quote, if their own plain words begin with a yes: "Any chest pain?" "yes"."""
    return alarm_words(quoted, more) if "?" in quoted and begins_with_yes(words) else ()
