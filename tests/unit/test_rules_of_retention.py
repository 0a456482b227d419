"""R23 as a truth table: until when a record is kept, and what forbids its destruction."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from bot.domain.identifiers import NO_IMAGE, EventId, ImageId, LegalHoldId, PatientId, PersonId, RoomId
from bot.domain.image import HeldFor, Image, State
from bot.domain.retention_rules import Around, LegalHold, RetentionRule, keep_until, what_forbids
from bot.words.sentence import in_words

AT = datetime(2020, 5, 1, tzinfo=UTC)
UNTIL = date(2027, 5, 1)
IMAGE = Image(
    ImageId("id"), "IMG-7F3K", PersonId("sam"), RoomId("!r"), EventId("$e"), AT, State.VERIFIED, PatientId("p1")
)
HOLD = LegalHold(LegalHoldId("h"), PatientId("p1"), NO_IMAGE, "subpoena 12/2026", PersonId("kim"), AT)


@pytest.mark.parametrize(
    ("born", "last_entry", "until"),
    [
        (date(1984, 3, 7), date(2020, 5, 1), date(2027, 5, 1)),  # an adult: seven years
        (date(1984, 3, 7), date(2020, 2, 29), date(2027, 3, 1)),  # the 29th of February is no day seven years later
        (date(2002, 5, 1), date(2020, 5, 1), date(2027, 5, 1)),  # on the eighteenth birthday: an adult
        (date(2002, 5, 2), date(2020, 5, 1), date(2027, 5, 2)),  # the day before it: until the 25th birthday
        (date(2015, 1, 1), date(2020, 5, 1), date(2040, 1, 1)),  # a small child
        (date(2004, 2, 29), date(2020, 5, 1), date(2029, 3, 1)),  # born on a leap day
    ],
)
def test_R23_until_when_a_record_is_kept(born: date, last_entry: date, until: date) -> None:
    assert keep_until(born, last_entry, RetentionRule()) == until


def test_a_practice_may_keep_longer() -> None:
    assert keep_until(date(1984, 3, 7), date(2020, 5, 1), RetentionRule(10, 30)) == date(2030, 5, 1)
    assert keep_until(date(2015, 1, 1), date(2020, 5, 1), RetentionRule(10, 30)) == date(2045, 1, 1)


def test_a_child_is_never_kept_shorter_than_an_adult() -> None:
    for month in range(1, 13):
        born, last = date(2002, month, 15), date(2020, 1, 10)
        assert keep_until(born, last, RetentionRule()) >= date(2027, 1, 10)


def test_R23_only_what_is_verified_due_and_free_of_everything_may_go() -> None:
    """Every combination there is: one of them is allowed."""
    flags = ("hold", "in_use", "breach_open", "unfinished")
    days, either = (date(2027, 4, 30), UNTIL), (False, True)
    for (state, today, stopped, known, form), on in product(
        product(State, days, either, either, ("", "other")), product(either, repeat=len(flags))
    ):
        held_for = HeldFor.SOMEBODY_ELSE if state is State.HELD else None
        image = replace(IMAGE, state=state, held_for=held_for, stopped=stopped, form_of=ImageId(form))
        given = dict(zip(flags, on, strict=True))
        around = Around(HOLD if given.pop("hold") else None, **given, stop_is_known=known)
        why = what_forbids(image, UNTIL, today, around)
        free = state is State.VERIFIED and today >= UNTIL and not any(on) and not form and (known or not stopped)
        assert (why is None) == free
        assert why is None or image.ref in in_words(why)


def said(image: Image, until: date, today: date, around: Around) -> str:
    why = what_forbids(image, until, today, around)
    assert why is not None
    return in_words(why)


def test_each_refusal_says_what_stands_in_the_way() -> None:
    day = UNTIL
    assert "subpoena 12/2026" in said(IMAGE, UNTIL, day, Around(HOLD))
    assert "01 May 2027" in said(IMAGE, UNTIL, date(2026, 1, 1), Around())
    assert "on hold" in said(replace(IMAGE, state=State.HELD), UNTIL, day, Around())
    assert "though stopped" in said(replace(IMAGE, stopped=True), UNTIL, day, Around())


def test_a_hold_is_on_one_image_or_on_everything_of_a_patient_until_it_is_released() -> None:
    another = replace(IMAGE, id=ImageId("another"))
    assert HOLD.holds(IMAGE) and HOLD.holds(another)
    assert not HOLD.holds(replace(IMAGE, patient_id=PatientId("p2")))
    one = replace(HOLD, image_id=ImageId("id"))
    assert one.holds(IMAGE) and not one.holds(another)
    assert not replace(HOLD, released_at=AT).holds(IMAGE)
