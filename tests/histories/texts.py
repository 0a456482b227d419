"""Find marks in texts."""

import re
from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=4096)
def _pattern(mark: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(mark)}(?!\w)", re.IGNORECASE)


def mentions(text: str, marks: Iterable[str]) -> bool:
    """Say whether one of these marks stands in the text, as a word of its own."""
    return any(mark and _pattern(mark).search(text) for mark in marks)


def numbers_of_four(text: str) -> frozenset[str]:
    """Return the numbers of four digits that stand alone; what looks like a year, or is part of a date, is none."""
    return frozenset(
        found
        for found in re.findall(r"(?<![\w/+-])(?<!\d[.:])\d{4}(?![\w/+-]|[.:]\d)", text)
        if not 1900 <= int(found) < 2100
    )


def without_numbers(text: str) -> str:
    """Return a text with every date, and every word that holds a digit, taken out, to compare what two answers say."""
    return " ".join(re.sub(r"\d{1,2} [A-Z][a-z]+ \d{4}|\S*\d\S*", "#", text).split())
