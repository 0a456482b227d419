"""Lists of phrases, made into one pattern for plain words.

A phrase is words with spaces between. "lip|lips" is either; "swell*" is every word that begins so; "my?" may be missing; "..." is
up to three words within a clause, none of them "no", "not" or "but"; "^" begins a clause and "$" ends one, also as
one of several: "now|$". "?" alone ends a clause with a question mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = r"[^\W_]"


def any_of(*phrases: str) -> re.Pattern[str]:
    """Return the pattern that finds any of these phrases in what `plain` returns."""
    return re.compile("(?<= )(?:" + "|".join(_phrase(phrase) for phrase in phrases) + ")")


def words_of(*lists: str) -> frozenset[str]:
    """Return the words of these lists, which white space parts."""
    return frozenset(word for one in lists for word in one.split())


def either(words: Iterable[str]) -> str:
    """Return a phrase's word that is any of these."""
    return "|".join(words)


def _phrase(phrase: str) -> str:
    return "".join(_part(part) for part in phrase.split())


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
