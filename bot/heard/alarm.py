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
    WORRIES,
)
from .body_signs import ALONE, BODY_SIGNS
from .body_signs import UNABLE as UNABLE_BODY
from .leaning import begins_with_yes
from .phrase_lists import Phrases, any_of
from .plain import clauses, plain, sentences
from .trouble import ENOUGH, weight_of


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
_WORRIES = tuple(any_of(*worry.split("; ")) for worry in WORRIES)
_DENIED = re.compile(
    r"(?<= )(?:no|not|never|without|denies|nor|dont have|doesnt have|didnt have|havent had|havent got|hasnt had|hasnt got|isnt"
    r"|arent|wasnt|werent|zero|nothing like|free of|rather than) (?!(?:sure|idea|certain|help|reply|answer|doctor|improvement) )"
    r"(?:(?!(?:and|but|now|then|because|though|however) )[^\W_]+ ){0,4}$"
)
_PAST = any_of(
    "in|since 19*|200*|201*|2020|2021|2022|2023|2024",
    "years|decades|months ago",
    "last year|summer|winter|spring|autumn",
    "history of",
    "used to",
    "as a child|kid|baby|teenager|boy|girl",
    "when i was",
    "childhood",
)
_AGAIN = any_of("again|now|today|tonight|just|still|currently")


def alarm_words(text: str, more: Iterable[str] = (), words: str = "") -> tuple[str, ...]:
    """Return the alarm words that stand in the text; `more` are phrases that the practice added, `words` the text made plain."""
    words = words or plain(text)
    added = [phrase for phrase_added in more if (phrase := plain(phrase_added).strip(" .,?"))]
    found = [sign for sign in IN_OTHER_SCRIPTS if sign in unicodedata.normalize("NFC", text)]
    words = _HARMLESS.without(words)
    found += [
        sign for said in sentences(words) if not _is_past(said) for sign in _TOGETHER.found(said.replace(" , ", " "))
    ]
    paired = [pair for pair in _PAIRS if all(half.search(words) for half in pair)]
    found += [sign for said in sentences(words) if paired for sign in _together(said, paired)]
    worries = [signs for worry in _WORRIES if worry.search(words) and (signs := _standing(worry, words))]
    found += [signs[0] for signs in worries if len(worries) > 1]
    found += [" … ".join(heavy) for said in sentences(words) if (heavy := _heavy_words(said))]
    hidden = added or _UNABLE.search(words) or _SIGNS.search(words)
    for clause in clauses(words) if hidden else ():
        found += _UNABLE.found(clause)
        if not _is_past(clause):
            found += _not_denied(_SIGNS, clause)
        found += [phrase for phrase in added if f" {phrase} " in clause]
    return tuple(dict.fromkeys(sign.strip() for sign in found))


def _together(said: str, pairs: Sequence[tuple[Phrases, Phrases]]) -> Iterator[str]:
    """Yield the signs of which both halves stand in one sentence, in any order: "the throat feels so tight"."""
    for pair in pairs:
        first, second = (_standing(half, said) for half in pair)
        if first and second:
            yield f"{first[0]} … {second[0]}"


def _heavy_words(said: str) -> list[str]:
    """Return what tells of trouble in one sentence, if its words together weigh enough; each word counts once."""
    weights: dict[str, int] = {}
    for clause in clauses(said):
        at = 0
        for word in clause.split(" ") if not _is_past(clause) else ():
            weight = weight_of(word) if word not in weights else 0
            if weight < 0 or (weight > 0 and not _DENIED.search(clause[:at])):
                weights[word] = weight
            at += len(word) + 1
    return [word for word, weight in weights.items() if weight > 1] if sum(weights.values()) >= ENOUGH else []


def _standing(signs: Phrases, words: str) -> list[str]:
    """Return the signs that are neither denied nor long past."""
    return [sign for clause in clauses(words) if not _is_past(clause) for sign in _not_denied(signs, clause)]


def _not_denied(signs: Phrases, clause: str) -> list[str]:
    return [clause[start:end].strip() for start, end in signs.spans(clause) if not _DENIED.search(clause[:start])]


def alarms_answered(quoted: str, words: str, more: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the alarm words in the question they quote, if their own plain words begin with a yes: "Any chest pain?" "yes"."""
    return alarm_words(quoted, more) if "?" in quoted and begins_with_yes(words) else ()


def _is_past(words: str) -> bool:
    """Return whether what is said here is long past. It takes nothing from what is said beside it."""
    return _PAST.search(words) and not _AGAIN.search(words)
