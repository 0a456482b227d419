"""One reader of days, for every line that has one: as people write them, day first, and in doubt asked (R15)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.heard.statement_line import read_line
from bot.heard.written_days import UnclearDay, as_day, days_in, the_birthday, the_day
from bot.words.sentence import in_words
from tests.colleagues import FILE, answers, asked, with_derm
from tests.practice import staffed_practice
from tests.refusals import refused

TODAY = date(2026, 11, 23)
BORN = date(1984, 3, 7)
THE_SAME = (
    "1984-03-07",
    "1984/3/7",
    "1984–03–07",
    "7.3.1984",
    "7. 3. 1984",
    "07/03/1984",
    "07 03 1984",
    "7-3-1984",
    "7 Mar 1984",
    "7Mar1984",
    "7/Mar/1984",
    "7-march-1984",
    "7 MARCH 1984",
    "7th March, 1984",
    "7th of March 1984",
    "March 7, 1984",
    "Mar. 7 1984",
    "march 7th 1984",
    "7 march 84",
    "7 Mar '84",
    "7.3.84",
    "07/03/84",
)


def birthday(written: str) -> date:
    (found,) = days_in(written)
    return the_birthday(found, TODAY)


def until(written: str) -> date | None:
    (found,) = days_in(written)
    return the_day(found, TODAY, date(2126, 1, 1))


@pytest.mark.parametrize("written", THE_SAME)
def test_a_day_is_the_same_however_it_is_written(written: str) -> None:
    assert birthday(written) == BORN


@pytest.mark.parametrize("written", ["31.3.27", "31/03/2027", "31 March 2027", "March 31, 2027", "31 Mar '27"])
def test_a_day_to_come_has_one_century(written: str) -> None:
    assert until(written) == date(2027, 3, 31)


@pytest.mark.parametrize(
    "words",
    [
        "10421",
        "3 cm",
        "3 May 10 days ago",
        "1/2",
        "version 1.2.3.4",
        "may 1984",
        "2027",
        "32nd of",
        "no date",
    ],
)
def test_these_are_no_days(words: str) -> None:
    assert days_in(words) == [] and as_day(words) is None


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("3/7/24", ("3 July 1924", "3 July 2024")),
        ("3 July 24", ("3 July 1924", "3 July 2024")),
        ("03/25/1984", ("25 March 1984",)),
        ("3-25-84", ("25 March 1984",)),
    ],
)
def test_what_may_be_two_days_is_asked_with_the_line_to_write(written: str, lines: tuple[str, ...]) -> None:
    with pytest.raises(UnclearDay) as unclear:
        birthday(written)
    asked, *to_write = in_words(unclear.value.within(f"!enrol patient 1 Sam Patel {written}")).splitlines()
    assert to_write == [f"!enrol patient 1 Sam Patel {line}" for line in lines]
    assert all(line in asked for line in lines)


@pytest.mark.parametrize("written", ["13/25/1984", "13/25/84", "31.2.1984", "1984-02-30", "29 February 1985"])
def test_a_day_that_does_not_exist_is_said_to(written: str) -> None:
    with refused(f"“{written}” is not a date"):
        birthday(written)


@pytest.mark.parametrize("written", ["7 March 2084", "1/1/1879", "24 November 2026"])
def test_nobody_is_born_then(written: str) -> None:
    with refused("can't be a date of birth"):
        birthday(written)


# ---- in the lines that have a day


@pytest.mark.parametrize("written", THE_SAME)
async def test_a_patient_is_enrolled_and_a_photo_matched_by_any_of_them(tmp_path: Path, written: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes(f"!enrol patient 20001 Ada Byron {written}")
        async with people.practice.journal.reading() as rows:
            ada = await rows.patients.with_mrn("20001")
        assert ada is not None and (ada.name, ada.born) == ("Ada Byron", BORN)
        await people.sam.sends_photo(caption="rash")
        ref = (await people.practice.only_image()).ref
        await people.kim.writes(f"!refile {ref} 20001 {written}")
        assert "Ada Byron" in people.kim.last_heard
        await people.kim.writes(f"!match {ref} 20001 {written}")
        assert "doesn't answer for that patient" in people.kim.last_heard


async def test_R15_nothing_is_enrolled_while_a_birthday_is_in_doubt_and_the_line_that_is_told_works(
    tmp_path: Path,
) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes('!enrol patient 20001 “Ada Byron” 12/25/1984 parent "Ann Byron"')
        answer = people.kim.last_heard
        assert "Is it 25 December 1984?" in answer and answer.splitlines()[-1].startswith("!enrol patient 20001")
        async with people.practice.journal.reading() as rows:
            assert await rows.patients.with_mrn("20001") is None
        await people.kim.writes("!refile IMG-0000 10421 12/25/1984")
        assert people.kim.last_heard.endswith("!refile IMG-0000 10421 25 December 1984")


@pytest.mark.parametrize(
    ("line", "born", "consented"),
    [
        ("10421 7.3.84 verbal 20.11.26", BORN, date(2026, 11, 20)),
        ("10421 March 7, 1984 verbal 20 Nov 26", BORN, date(2026, 11, 20)),
        ("verbal on 20th of November 2026, 10421 born 7th of March 1984", BORN, date(2026, 11, 20)),
    ],
)
def test_a_statement_has_its_birthday_and_its_day_of_consent(line: str, born: date, consented: date) -> None:
    said = read_line(f"body mine {line}", TODAY)
    assert said.dates == (born, consented) and said.numbers == ("10421",) and not said.unclear


@pytest.mark.parametrize(
    ("written", "says"),
    [("3/25/1984", "Is it 25 March 1984?"), ("7.3.24", "7 March 1924 or 7 March 2024"), ("31.2.1984", "not a date")],
)
async def test_R15_in_a_statement_a_day_in_doubt_is_asked_about_and_names_nobody(
    tmp_path: Path, written: str, says: str
) -> None:
    async with with_derm(tmp_path) as (_, people, _derm):
        await people.lee.sends_photo(caption=f"body 10421 {written} mine verbal today rash")
        assert says in people.lee.last_heard and "which patient" in people.lee.last_heard
        await people.lee.writes("10421 7 March 1984")
        assert "Sam Patel" in asked(people.lee) and FILE in answers(people.lee)[0]


def test_a_record_number_that_looks_like_a_short_date_stays_one() -> None:
    assert read_line("body 45-67-89 7 March 1984", TODAY).numbers == ("45-67-89",)
