"""Opening hours follow the practice's wall clock and are put as people put them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.hours import OpeningHours, describe, is_open, outside_hours, turns_today

SYDNEY = ZoneInfo("Australia/Sydney")
WEEK = (OpeningHours((0, 1, 2, 3, 4), time(8), time(18)),)


def local(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=SYDNEY, fold=fold).astimezone(UTC)  # type: ignore[arg-type, misc]  # up to the minute


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (local(2026, 3, 2, 7, 59), False),
        (local(2026, 3, 2, 8, 0), True),
        (local(2026, 3, 2, 17, 59), True),
        (local(2026, 3, 2, 18, 0), False),
        (local(2026, 3, 7, 12, 0), False),  # a Saturday
        (datetime(2026, 3, 1, 22, 30, tzinfo=UTC), True),  # still Sunday in UTC, Monday 9:30 in Sydney
    ],
)
def test_open_from_the_first_minute_until_the_last(at: datetime, open_: bool) -> None:
    assert is_open(WEEK, at, SYDNEY) is open_


def test_daylight_saving_moves_the_utc_hour_and_not_the_wall_clock() -> None:
    before, after = local(2026, 4, 3, 8, 0), local(2026, 4, 6, 8, 0)  # clocks went back on 5 April
    assert (before.hour, after.hour) == (21, 22)
    assert is_open(WEEK, before, SYDNEY) and is_open(WEEK, after, SYDNEY)
    assert not is_open(WEEK, after.replace(hour=21), SYDNEY)


def test_the_hour_that_happens_twice_is_open_twice_and_the_one_that_never_happens_does_no_harm() -> None:
    night = (OpeningHours((6,), time(2), time(3)),)
    assert is_open(night, local(2026, 4, 5, 2, 30, fold=0), SYDNEY)
    assert is_open(night, local(2026, 4, 5, 2, 30, fold=1), SYDNEY)
    assert not is_open(night, local(2026, 10, 4, 3, 0), SYDNEY)  # 2:00–3:00 was skipped


def test_no_hours_configured_promises_nothing() -> None:
    now = local(2026, 3, 7, 3, 0)
    assert is_open((), now, SYDNEY)
    assert describe(()) == ""
    assert outside_hours((), now, SYDNEY) == ""


def test_midnight_closes_at_the_end_of_the_day() -> None:
    late = (OpeningHours((0,), time(20), time(0)),)
    assert is_open(late, local(2026, 3, 2, 23, 59), SYDNEY)
    assert not is_open(late, local(2026, 3, 3, 0, 0), SYDNEY)
    assert describe(late) == "Monday 20–24"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (WEEK, "Monday to Friday 8–18"),
        ((*WEEK, OpeningHours((5,), time(9), time(12, 30))), "Monday to Friday 8–18, Saturday 9–12:30"),
        ((OpeningHours((5, 6), time(9), time(12)),), "Saturday and Sunday 9–12"),
        ((OpeningHours((0, 2), time(9), time(12)),), "Monday 9–12, Wednesday 9–12"),
        (
            (OpeningHours((0, 1, 2), time(13), time(17)), OpeningHours((0, 1, 2), time(8, 30), time(12))),
            "Monday to Wednesday 8:30–12 and 13–17",
        ),
        ((OpeningHours((0,), time(8), time(9)), OpeningHours((0,), time(8), time(9))), "Monday 8–9"),
    ],
)
def test_hours_are_put_as_people_put_them(hours: tuple[OpeningHours, ...], words: str) -> None:
    assert describe(hours) == words


def test_outside_the_hours_the_sentence_says_so_and_inside_nothing_is_said() -> None:
    assert outside_hours(WEEK, local(2026, 3, 2, 12), SYDNEY) == ""
    assert (
        outside_hours(WEEK, local(2026, 3, 7, 12), SYDNEY)
        == "We look at photos Monday to Friday 8–18; it is now outside these hours."
    )


@pytest.mark.parametrize(
    ("at", "turns"),
    [
        (local(2026, 3, 2, 7, 59), 0),
        (local(2026, 3, 2, 8, 0), 1),
        (local(2026, 3, 2, 18, 0), 2),
        (local(2026, 3, 3, 7, 59), 0),
        (local(2026, 3, 7, 12, 0), 0),  # a Saturday
    ],
)
def test_each_opening_and_closing_of_the_day_is_counted(at: datetime, turns: int) -> None:
    assert turns_today(WEEK, at, SYDNEY) == turns
    assert turns_today((), at, SYDNEY) == 0
