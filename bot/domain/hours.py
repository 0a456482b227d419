"""When the practice looks at photos: opening hours, judged and put into words.

Guarantees: the answer follows the wall clock of the practice: a daylight-saving change moves nothing that people see.
Nobody is told that a practice without configured hours is closed: it makes no promise about when it looks.
It deliberately knows nothing of public holidays: the sentence states the usual hours and never when someone will answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MIDNIGHT = time(0, 0)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Open on `days` (0 is Monday) from `opens` until, not at, `closes`; closing at 00:00 is the end of that day."""

    days: tuple[int, ...]
    opens: time
    closes: time

    def covers(self, day: int, at: time) -> bool:
        """Return whether `at`, on weekday `day`, lies within."""
        return day in self.days and self.opens <= at and (self.closes == MIDNIGHT or at < self.closes)


def is_open(hours: Iterable[OpeningHours], now: datetime, zone: tzinfo) -> bool:
    """Return whether the practice looks at photos at `now` (aware); always true when no hours are configured."""
    listed = tuple(hours)
    local = now.astimezone(zone)
    return not listed or any(entry.covers(local.weekday(), local.time()) for entry in listed)


def describe(hours: Iterable[OpeningHours]) -> str:
    """Return the hours as people say them, "Monday to Friday 8–18, Saturday 9–12:30"; "" when none are configured."""
    runs: list[tuple[list[int], str]] = []
    listed = tuple(hours)
    for day in range(7):
        periods = sorted({(e.opens, e.closes) for e in listed if day in e.days}, key=lambda p: p[0])
        words = _listed([f"{_clock(opens)}–{_clock(closes, closing=True)}" for opens, closes in periods])
        if not words:
            continue
        if runs and runs[-1][1] == words and runs[-1][0][-1] == day - 1:
            runs[-1][0].append(day)
        else:
            runs.append(([day], words))
    return ", ".join(f"{_days(days)} {words}" for days, words in runs)


def outside_hours(hours: Sequence[OpeningHours], now: datetime, zone: tzinfo) -> str:
    """Return the sentence for someone who writes outside the hours; "" within them, or when none are configured."""
    if is_open(hours, now, zone):
        return ""
    return f"We look at photos {describe(hours)}; it is now outside these hours."


def turns_today(hours: Iterable[OpeningHours], now: datetime, zone: tzinfo) -> int:
    """Return how many times the practice has opened or closed since midnight."""
    local = now.astimezone(zone)
    today = [entry for entry in hours if local.weekday() in entry.days]
    ends = {at for entry in today for at in (entry.opens, entry.closes) if at != MIDNIGHT}
    return sum(at <= local.time() for at in ends)


def _days(days: Sequence[int]) -> str:
    names = [DAYS[day] for day in days]
    return f"{names[0]} to {names[-1]}" if len(names) > 2 else " and ".join(names)


def _clock(at: time, *, closing: bool = False) -> str:
    if closing and at == MIDNIGHT:
        return "24"
    return f"{at.hour}:{at.minute:02}" if at.minute else str(at.hour)


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
