"""Names in the lines that invite somebody need no quotation marks, and quotation marks of every kind still work (R15)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import Refused
from bot.domain.formal_names import FormalName, Sex
from bot.domain.identifiers import Account
from bot.domain.people import Relation, Role
from bot.domain.staff_deeds import Answering, NewColleague, NewPatient
from bot.heard.enrolment_line import read_answering, read_enrolment
from tests.practice import staffed_practice
from tests.refusals import refused

TODAY = date(2026, 11, 23)
SAM = NewPatient("10421", "Sam Patel", date(1984, 3, 7), Answering())
LEE = Account("@lee:hs.test")
ANN = Answering(Relation.PARENT, "Ann Patel")


@pytest.mark.parametrize(
    "line",
    [
        "10421 Sam Patel 7 Mar 1984",
        "10421 Sam Patel 7.3.1984",
        '10421 "Sam Patel" 1984-03-07',
        "10421 “Sam Patel” 1984-03-07",
        "10421 „Sam Patel” 7/3/84",
        "10421 «Sam Patel», 7 March 1984",
        "10421, Sam Patel, born 7th of March 1984",
        "MRN 10421 Sam  Patel\nDOB: March 7, 1984",
        "10421 Sam Patel 1984-03-07 self",
    ],
)
def test_a_patients_name_ends_where_the_birthday_begins(line: str) -> None:
    assert read_enrolment(f"patient {line}", TODAY) == SAM


@pytest.mark.parametrize(
    "line",
    [
        "Sam Patel 10421 7 Mar 1984",
        '"Sam Patel" 10421 1984-03-07',
        "Sam Patel, MRN 10421, born 7.3.1984",
        "Sam Patel mrn: 10421 DOB 7/3/84",
    ],
)
def test_a_number_behind_the_name_is_no_name(line: str) -> None:
    assert read_enrolment(f"patient {line}", TODAY) == SAM


def test_a_number_may_be_letters_alone() -> None:
    said = read_enrolment("patient ABX Sam Patel 7 Mar 1984", TODAY)
    assert isinstance(said, NewPatient) and (said.mrn, said.name) == ("ABX", "Sam Patel")


@pytest.mark.parametrize(
    ("line", "family", "given", "sex"),
    [
        ("10421 Patel, Sam 7 Mar 1984", "Patel", "Sam", None),
        ('10421 "Patel, Sam" 1984-03-07 male', "Patel", "Sam", Sex.MALE),
        ("10421, Patel , Sam, born 7.3.1984, F.", "Patel", "Sam", Sex.FEMALE),
        ("10421 de la Cruz, Ana Maria 7 Mar 1984 x self", "de la Cruz", "Ana Maria", Sex.OTHER),
        ("10421 Suharto, - 7 Mar 1984", "Suharto", None, None),
    ],
)
def test_a_comma_within_the_name_says_which_is_the_family_name(
    line: str, family: str, given: str | None, sex: Sex | None
) -> None:
    said = read_enrolment(f"patient {line}", TODAY)
    assert isinstance(said, NewPatient) and said.sex is sex
    assert said.formal == FormalName(family, given)
    assert said.name == (f"{given} {family}" if given else family), "everywhere else it is said as before"


@pytest.mark.parametrize("name", ["Sam Patel", "Patel, Sam, Jo", "Patel,"])
def test_without_one_comma_nobody_guesses_which_is_the_family_name(name: str) -> None:
    said = read_enrolment(f"patient 10421 {name} 7 Mar 1984", TODAY)
    assert isinstance(said, NewPatient) and said.formal is None


def test_a_sex_may_stand_before_whoever_answers() -> None:
    said = read_enrolment("patient 10421 Patel, Sam 7.3.1984 female mother Ann Patel", TODAY)
    assert isinstance(said, NewPatient) and (said.sex, said.answering) == (Sex.FEMALE, ANN)


@pytest.mark.parametrize(
    "behind",
    [
        "parent Ann Patel",
        'parent "Ann Patel"',
        "parent “Ann Patel”",
        ", parent: Ann Patel",
        "mother Ann Patel",
        "Mum is Ann Patel",
        "PARENT Ann  Patel",
    ],
)
def test_whoever_answers_for_them_is_named_behind_it(behind: str) -> None:
    said = read_enrolment(f"patient 10421 Sam Patel 7.3.1984 {behind}", TODAY)
    assert isinstance(said, NewPatient) and said.answering == read_answering(behind) == ANN


@pytest.mark.parametrize(
    ("line", "relation"),
    [
        ("guardian Ann Patel", Relation.GUARDIAN),
        ("child Ann Patel", Relation.CHILD),
        ("decision-maker Ann Patel", Relation.DECISION_MAKER),
        ("decision maker Ann Patel", Relation.DECISION_MAKER),
        ("", Relation.SELF),
        ("self", Relation.SELF),
    ],
)
def test_every_relation_is_read(line: str, relation: Relation) -> None:
    assert read_answering(line).relation is relation


@pytest.mark.parametrize(
    "line",
    [
        "@lee:hs.test Lee Chen",
        '@lee:hs.test "Lee Chen"',
        "@Lee:hs.test, “Lee Chen”",
        "Lee Chen @lee:hs.test",
        "https://matrix.to/#/@lee:hs.test Lee Chen",
        "matrix:u/lee:hs.test Lee Chen",
    ],
)
def test_a_colleagues_name_is_all_but_the_account(line: str) -> None:
    assert read_enrolment(f"clinician {line}", TODAY) == NewColleague(Role.CLINICIAN, LEE, "Lee Chen")


@pytest.mark.parametrize(
    "line", ["", "10421", "10421 Sam Patel", "10421 7.3.1984", "10421 1984 7.3.1984", "Sam 10421 Patel 7.3.1984"]
)
def test_nobody_is_enrolled_without_number_name_and_birthday(line: str) -> None:
    assert read_enrolment(f"patient {line}", TODAY) is None


def test_a_quotation_mark_that_is_missing_is_said() -> None:
    with refused("quotation mark is missing"):
        read_enrolment('patient 10421 "Sam Patel 7.3.1984', TODAY)


@pytest.mark.parametrize("line", ["aunt Ann", "parent", "parent 12", "parental Ann"])
def test_nobody_answers_without_a_relation_and_a_name(line: str) -> None:
    with pytest.raises(Refused):
        read_answering(line)


@pytest.mark.parametrize("line", ["lee Lee Chen", "@lee:hs.test", "Lee @lee:hs.test Chen", "@a:b @c:d Lee", "@lee Lee"])
def test_a_colleague_has_one_account_and_a_name(line: str) -> None:
    assert read_enrolment(f"clinician {line}", TODAY) is None


@pytest.mark.parametrize(
    ("line", "echo"),
    [
        ("!enrol patient 20001 Ada Byron 10.12.2015 parent Ann Byron", "for Ann Byron, who answers for them (parent)"),
        ("!enrol patient 20001 Ada O’Byron 10 Dec 1990", "Ada O'Byron, born 10 December 1990, MRN 20001"),
        ("!link 10421 guardian Ann Patel", "for Ann Patel, who answers for them (guardian)"),
        ("!enrol clinician @chen:hs.test Lee Chen", "Lee Chen, clinician, as @chen:hs.test"),
        ("!enrol outside clinician @chen:hs.test Lee Chen", "Lee Chen, outside-clinician, as @chen:hs.test"),
        ("!enrol Reception Lee Chen @chen:hs.test", "Lee Chen, reception, as @chen:hs.test"),
    ],
)
async def test_the_invitation_is_echoed_to_whoever_wrote_the_line(tmp_path: Path, line: str, echo: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes(line)
        assert any(echo in words and "Code: " in words for words in people.kim.heard)


async def test_R15_a_colleague_is_enrolled_under_the_account_that_a_pill_links_to(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        html = '!enrol clinician <a href="https://matrix.to/#/%40chen%3Ahs.test">Lee Chen</a> Lee Chen'
        content = {"msgtype": "m.text", "body": "!enrol clinician Lee Chen Lee Chen", "formatted_body": html}
        await people.practice.receive(people.kim.arrival(people.kim.own_room, content))
        await people.practice.settle()
        assert any("Lee Chen, clinician, as @chen:hs.test" in words for words in people.kim.heard)
