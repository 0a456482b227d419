"""Given names of those whom somebody answers for, as they stand in words (R15)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.domain.spelling import folded

from .phrase_lists import words_of


def given_names_in(text: str, names: Sequence[str]) -> list[frozenset[int]]:
    """Return for each given name that stands in the words whose it may be, by the numbers of those listed."""
    words = _WORDS.findall(text) if names else []
    return [who for word in words if (who := whose_given_name(word, names)) and not _is_a_word(word)]


def _is_a_word(word: str) -> bool:
    """Return whether it may be another word than a name: "red mark", "will it heal"."""
    return word.casefold() in _ALSO_WORDS and word[:1].islower()


def whose_given_name(word: str, names: Sequence[str]) -> frozenset[int]:
    """Return the numbers of those whose given name a word is, also as "Mia's"."""
    said = folded(_POSSESSIVE.sub("", word.strip(_MARKS)))
    given = [folded(name).split()[:-1] or folded(name).split() for name in names]
    return frozenset(at for at, parts in enumerate(given, 1) if {said, said.removesuffix("s")} & set(parts))


def names_any(text: str, names: Sequence[str]) -> bool:
    """Return whether a given name of one of those listed stands in the words."""
    return bool(given_names_in(text, names))


def without_name(words: str, names: Iterable[str]) -> str:
    """Return plain words with "them" in place of the one patient whom they name; as they are where they name several or none."""
    listed = tuple(names)
    named = {word: who for word in words.split() if (who := whose_given_name(word, listed))}
    if len(frozenset().union(*named.values())) != 1:
        return words
    return " ".join("them" if word in named else word for word in words.split())


_ALSO_WORDS = words_of(
    """
    angel april art bill bob chase clay dawn drew faith grace grant heath hope hunter iris jack jade joy june lane lily mark may
    mason miles olive pat pearl penny pierce ray rich rob robin rose ruby rusty sandy skip sky skye sonny star stone sue summer
    violet wade will willow
    """
)
_WORDS = re.compile(r"[^\W\d_][\w'’-]*")
_MARKS = '.,;:!?()"“”-–—'
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
