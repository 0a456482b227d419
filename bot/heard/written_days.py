"""Days as people write them: 2027-03-31, 31/3/2027 or 31 March 2027. Day first, as here in Australia; nothing is guessed."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_SPELT = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]*({'|'.join(_MONTHS)})[a-z]*\.?,?[\s-]*(\d{{4}})\b", re.IGNORECASE
)


def in_figures(text: str) -> str:
    """The text, with every day that is spelt out written in figures."""
    return _SPELT.sub(lambda found: f" {found[3]}-{_month(found[2])}-{found[1]} ", text)


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].casefold()) + 1


def has_the_shape_of_a_day(word: str) -> bool:
    return bool(_YEAR_FIRST.match(word) or _DAY_FIRST.match(word))


def as_day(written: str) -> date | None:
    """None for anything else, and for a day that does not exist."""
    word = in_figures(written).strip(" .,;!")
    if found := _YEAR_FIRST.match(word):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.match(word):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
