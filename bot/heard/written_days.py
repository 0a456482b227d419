"""Days as people write them: 1984-03-07, 7.3.1984, 7/3/84, 7th of March 1984, March 7, 1984. Whoever reads a day reads it here.

The day comes before the month, as it does in Australia. Nothing is guessed: a day that could be in two centuries, and one that
exists only with the month first, are asked about, with the line to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.errors import Refused
from bot.domain.message import Message, message

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    "dec(?:ember)?"
)
_MARK = "[-/.–—‐]"
_SHORT_YEAR = r"['’]?\d{2}"
_NO_YEAR = r"(?!\w|\s?(?:cm|mm|days?|weeks?|months?|years?|yrs?|yo|hours?|times|kg|%))"  # "3 May 10 days ago"
_DAY = re.compile(
    rf"(?<![\w./-])(?:"
    rf"(?P<y1>\d{{4}}){_MARK}(?P<m1>\d{{1,2}}){_MARK}(?P<d1>\d{{1,2}})"
    rf"|(?P<d2>\d{{1,2}})\s?{_MARK}\s?(?P<m2>\d{{1,2}})\s?{_MARK}\s?(?P<y2>\d{{4}}|{_SHORT_YEAR})"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:\sof)?[\s./–—-]?(?P<m3>{_MONTH})(?:,\s?|[.]\s?|[\s/–—-])?"
    rf"(?P<y3>\d{{4}}|{_SHORT_YEAR}{_NO_YEAR})"
    rf"|(?P<m4>{_MONTH})(?:[.]\s?|\s)?(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s?|\s)(?P<y4>\d{{4}}|{_SHORT_YEAR}{_NO_YEAR})"
    rf"|(?P<d5>\d{{1,2}})\s(?P<m5>\d{{1,2}})\s(?P<y5>(?:19|20)\d{{2}})"
    rf")(?!\w|{_MARK}\d)",
    re.IGNORECASE,
)
_FORMS = 5  # as many as the pattern has


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """A day where it stands in a text. `readings` are the days it may mean, `turned` those it would be with the month first."""

    start: int
    end: int
    written: str
    readings: tuple[date, ...]
    turned: tuple[date, ...] = ()

    @property
    def has_a_whole_year(self) -> bool:
        return bool(re.search(r"\d{4}", self.written))

    def between(self, first: date, last: date) -> WrittenDay:
        """Return the same with those readings only that are within these days, unless none is."""
        return WrittenDay(
            self.start,
            self.end,
            self.written,
            tuple(day for day in self.readings if first <= day <= last) or self.readings,
            tuple(day for day in self.turned if first <= day <= last) or self.turned,
        )

    @property
    def doubt(self) -> Message | None:
        """Return what is unclear about it, with the readings there are; None when it is one day."""
        if len(self.readings) == 1:
            return None
        if self.readings:
            return message("about_typed_lines.may_be_several_days", written=self.written, days=self.readings)
        if self.turned:
            return message("about_typed_lines.day_comes_first", written=self.written, days=self.turned)
        return message("about_typed_lines.not_a_date", written=self.written)


def days_in(text: str) -> list[WrittenDay]:
    """Return every day that is written in the text, and what only looks like one."""
    return [_read(found) for found in _DAY.finditer(text)]


def without_days(text: str) -> str:
    """Return the text with every day that is written in it left out."""
    return _DAY.sub(" ", text)


def as_day(written: str) -> date | None:
    """Return the day that these words are; None for anything else, and for a day that is unclear or does not exist."""
    words = written.strip(' ,.;!"“”')
    found = days_in(words)
    whole = len(found) == 1 and found[0].written == words and len(found[0].readings) == 1
    return found[0].readings[0] if whole else None


class UnclearDay(Refused):
    """Which day is meant is not clear (R15)."""

    def __init__(self, found: WrittenDay, doubt: Message) -> None:
        super().__init__(message("about_typed_lines.unclear_day", doubt=doubt), "R15")
        self.found = found
        self.doubt = doubt

    def within(self, line: str) -> Message:
        """Return the same, with the lines to write instead of this one."""
        days = self.found.readings or self.found.turned
        lines = [line.replace(self.found.written, spelt(day), 1) for day in days]
        if not lines:
            return self.said
        return message("about_typed_lines.unclear_day_within", doubt=self.doubt, lines=lines)


def the_day(found: WrittenDay, first: date, last: date) -> date | None:
    """Return the day that is meant, or None when it is not within these days; raise `UnclearDay` when that is unclear."""
    found = found.between(first, last)
    if found.doubt:
        raise UnclearDay(found, found.doubt)
    (day,) = found.readings
    return day if first <= day <= last else None


EARLIEST_BIRTHDAY = date(1880, 1, 1)


def the_birthday(found: WrittenDay, today: date) -> date:
    born = the_day(found, EARLIEST_BIRTHDAY, today)
    if born is None:
        raise Refused(message("about_typed_lines.not_a_birthday", written=found.written), "R15")
    return born


def birthday_in(text: str, today: date) -> date | None:
    """Return the date of birth that stands in the text, None where there is none.

    Raises `Refused` with what to ask where it is not clear which day is meant: so one answer is one day, and no more.
    """
    days = {the_birthday(found, today) for found in days_in(text)}
    if len(days) > 1:
        raise Refused(message("about_typed_lines.one_date_only"), "R15")
    return days.pop() if days else None


def spelt(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _read(found: re.Match[str]) -> WrittenDay:
    form = next(str(number) for number in range(1, _FORMS + 1) if found[f"y{number}"])
    year, month, day = (found[f"{part}{form}"] for part in "ymd")
    short = year.lstrip("'’")
    years = [int(short)] if len(short) > len("84") else [1900 + int(short), 2000 + int(short)]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].casefold()) + 1
    readings = _existing(years, number, int(day))
    may_be_turned = month.isdigit() and form != "1" and not readings
    turned = _existing(years, int(day), number) if may_be_turned else ()
    return WrittenDay(found.start(), found.end(), found[0], readings, turned)


def _existing(years: Iterable[int], month: int, day: int) -> tuple[date, ...]:
    found = []
    for year in years:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(found)
