"""Lists of phrases, found in plain words.

A phrase is words with spaces between. "lip|lips" is either; "swell*" is every word that begins so; "my?" may be missing; "..." is
up to three words within a clause, none of them "no", "not" or "but"; "^" begins a clause and "$" ends one, also as one of
several: "now|$". "?" alone ends a clause with a question mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

_WORD = r"[^\W_]"
LONGEST = 12  # letters of a beginning: a word of thousands of letters has not thousands of them
_TAKEN_OUT = "_ "  # stands where a phrase was: no phrase reaches across it


def any_of(*phrases: str) -> Phrases:
    """Return what finds any of these phrases in what `plain` returns."""
    return Phrases(phrases)


def words_of(*lists: str) -> frozenset[str]:
    """Return the words of these lists, which white space parts."""
    return frozenset(word for phrases in lists for word in phrases.split())


def either(words: Iterable[str]) -> str:
    """Return a phrase's word that is any of these."""
    return "|".join(words)


class Phrases:
    """Phrases by the words they begin with: only where such a word stands, the rest is compared.

    So it takes time in proportion to the length of the text, and next to none where no phrase begins, as in nearly every text.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[str]] = {}
        self._by_beginning: dict[str, list[str]] = {}
        for phrase in phrases:
            for word in _first_words(phrase.split()):
                index = self._by_beginning if word.endswith("*") else self._by_word
                index.setdefault(word.removesuffix("*"), []).append(phrase)
        self._lengths = sorted({len(word) for word in self._by_beginning})
        if self._lengths and self._lengths[-1] > LONGEST:
            raise ValueError(f"a beginning has {LONGEST} letters at most")
        self._begin = frozenset({*self._by_word, *self._by_beginning})

    def search(self, words: str) -> bool:
        """Return whether one of the phrases stands in the words."""
        return next(self.spans(words), None) is not None

    def found(self, words: str) -> list[str]:
        """Return the phrases that stand in the words, as they stand there."""
        return [words[start:end].strip() for start, end in self.spans(words)]

    def without(self, words: str) -> str:
        """Return the words without the phrases."""
        return self.take_out(words)[0]

    def take_out(self, words: str) -> tuple[str, int]:
        """Return the words without the phrases, and how many were taken out."""
        parts, since = [], 0
        spans = list(self.spans(words))
        for start, end in spans:
            parts += [words[since:start], _TAKEN_OUT]
            since = end
        return "".join([*parts, words[since:]]), len(spans)

    def begins_at(self, words: str, start: int, word: str) -> bool:
        """Return whether one of the phrases begins where this word stands."""
        return any(pattern.match(words, start) for pattern in self._beginning_with(word))

    def spans(self, words: str) -> Iterator[tuple[int, int]]:
        """Return where the phrases begin and end, from left to right, none over another."""
        if self._begin.isdisjoint(_beginnings(words)):
            return
        said = words.split(" ")
        may_begin = {word: patterns for word in set(said) if (patterns := self._beginning_with(word))}
        at = free = 0
        for word in said if may_begin else ():
            if at >= free and word in may_begin:
                match = next((m for pattern in may_begin[word] if (m := pattern.match(words, at))), None)
                if match:
                    yield at, match.end()
                    free = match.end()
            at += len(word) + 1

    def _beginning_with(self, word: str) -> list[re.Pattern[str]]:
        phrases = self._by_word.get(word, [])
        for length in self._lengths:
            if length <= len(word) and (more := self._by_beginning.get(word[:length])):
                phrases = phrases + more
        return [_pattern(phrase) for phrase in phrases]


@lru_cache(maxsize=16)
def _beginnings(words: str) -> frozenset[str]:
    """Return the words of a text, and what they begin with. Hundreds of lists look through the same text."""
    said = set(words.split(" "))
    return frozenset(said).union(word[:length] for word in said for length in range(1, min(len(word), LONGEST) + 1))


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """Return what finds a phrase; made once its first word is heard, for making all of them would hold up every start."""
    return re.compile("(?<= )" + "".join(_part(part) for part in phrase.split()))


def _first_words(parts: list[str]) -> set[str]:
    first, rest = parts[0], parts[1:]
    if first == "^":
        return _first_words(rest)
    if first in {"...", "$", "?"}:
        raise ValueError(f"a phrase begins with a word: {' '.join(parts)}")  # else it would never be found
    words = set(first.removesuffix("?").split("|"))
    return words | _first_words(rest) if first.endswith("?") else words


def _part(part: str) -> str:
    if part == "...":
        return f"(?:(?!(?:no|not|never|without|but) ){_WORD}+ ){{0,3}}"
    if part == "^":
        return r"(?<=[.,?] )"
    if part == "$":
        return r"(?=[.,?])"
    if part == "?":
        return r"(?=\?)"
    missing, part = part.endswith("?"), part.removesuffix("?")
    words, ends = part.removesuffix("|$"), part.endswith("|$")
    one = f"(?:{'|'.join(_word(word) for word in words.split('|'))}) "
    return f"(?:{one})?" if missing else rf"(?:{one}|(?=[.,?]))" if ends else one


def _word(word: str) -> str:
    return f"{re.escape(word[:-1])}{_WORD}*" if word.endswith("*") else re.escape(word)
