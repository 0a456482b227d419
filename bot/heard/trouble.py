"""How much trouble a sentence tells of: for emergencies in words that no list of signs holds.

Frightened people say little of what is wrong and much of how it is: "my leg went, it feels dead and wont hold". So each kind of
thing that is said has a weight (a part that life hangs on, what it can no longer do, since when, how badly), and so has each
word. What eases weighs against it: better, a bit, for weeks, an ailment of the skin, and a long sentence, in which more of
everything stands. The weights are learnt from messages that people write: ``tests/heard/weigh.py``.
"""

from __future__ import annotations

from .denied import is_denied, is_past, not_denied
from .health import AILMENTS, names_a_body
from .leaning import Lean, leaning
from .phrase_lists import words_of
from .plain import clauses
from .trouble_kinds import EASING, TROUBLE
from .trouble_weights import LENGTH, OF_KINDS, OF_WORDS

ENOUGH = 4  # the dial: at which a sentence may tell of an emergency
ENOUGH_WITHOUT_AILMENT = 6  # where it names nothing that ails: "its my mums leg"
_ENDINGS = ("iness", "ingly", "ness", "ing", "edly", "ied", "ies", "ed", "es", "er", "ly", "y", "s", "e")
_SEVERAL, _TOLD = 2, 4  # one word is never enough; so many are told to the team, the heaviest first
_SHORTEST_STEM = 4
_LONG, _STEP, _LONGEST = 12, 4, 4  # words from which a sentence is long, words in a step, steps that count
_SMALL = words_of(
    """
    a an the and or in on at to of is are it its was were my me i im ive id he hes she shes his her him they them we us our you
    for with this that these as be am been do does did had has have having by also all some like would came come coming
    put one two make made just up got get
    """
)
NOBODY = "nobody"  # eases, by far the most: a sentence names no body, and nothing that befalls one
_OF_A_BODY = TROUBLE.keys() - {"now", "very", "scared"}
_WEIGHT = {stem: weight for weight, stems in OF_WORDS.items() for stem in stems.split()}


def stem(word: str) -> str:
    """Return the word without its ending, so that "faint", "faints" and "fainted" are one."""
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= _SHORTEST_STEM), "")
    word = word.removesuffix(ending)
    return word[:-1] if len(word) > _SHORTEST_STEM and word[-1] == word[-2] else word


def said_of_trouble(said: str) -> dict[str, str]:
    """Return the stems that a sentence says are so, each with its word; small words say nothing."""
    stems: dict[str, str] = {}
    for clause in clauses(said):
        at = 0
        for word in clause.split(" ") if not is_past(clause) else ():
            if word.isalnum() and word not in _SMALL and not is_denied(clause, at):
                stems.setdefault(stem(word), word)
            at += len(word) + 1
    return stems


def kinds_of_trouble(said: str) -> dict[str, str]:
    """Return the kinds of things that a sentence says, each with what says it; what eases counts also where it is denied."""
    lately = [clause for clause in clauses(said) if not is_past(clause)]
    found = {
        kind: next((sign for clause in lately for sign in not_denied(phrases, clause)), "")
        for kind, phrases in TROUBLE.items()
        if phrases.search(said)
    }
    found |= {kind: next(iter(phrases.found(said)), "") for kind, phrases in EASING.items()}
    told = {kind: words for kind, words in found.items() if words}
    return told if names_a_body(said) or told.keys() & _OF_A_BODY else told | {NOBODY: "nobody"}


def length_of(said: str) -> int:
    """Return how many steps longer than most a sentence is."""
    return min(_LONGEST, max(0, (len(said.split()) - _LONG + _STEP - 1) // _STEP))


def trouble_in(said: str) -> list[str]:
    """Return what tells of trouble in one sentence, if all of it together weighs enough, and no one word is all of it."""
    said = _without_yes(said)
    weights = [(weight_of(word), word) for word in said_of_trouble(said).values()]
    kinds = kinds_of_trouble(said)
    weights += [(OF_KINDS.get(kind, 0), words) for kind, words in kinds.items()]
    heavy = {words: weight for weight, words in weights if weight > 0}
    ails = set(said.split()) & AILMENTS or any(OF_KINDS.get(kind, 0) > 0 for kind in kinds)
    enough = ENOUGH if ails else ENOUGH_WITHOUT_AILMENT
    if (
        sum(weight for weight, _ in weights) + LENGTH * length_of(said) < enough
        or len({words.split()[0] for words in heavy}) < _SEVERAL
    ):
        return []
    return sorted(heavy, key=lambda words: -heavy[words])[:_TOLD]


def _without_yes(said: str) -> str:
    """Return a sentence without the clauses that say yes and speak of nothing that ails: they ease nothing beside them."""
    left = [
        clause.strip(" .")
        for clause in clauses(said)
        if leaning(clause) is not Lean.YES or any(TROUBLE[kind].search(clause) for kind in _OF_A_BODY)
    ]
    return f". {' , '.join(left)} . "


def weight_of(word: str) -> int:
    """Return what a word weighs: more than nothing where it tells of trouble, less where it is ordinary."""
    return _WEIGHT.get(stem(word), 0)
