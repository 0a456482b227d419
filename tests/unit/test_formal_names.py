"""Programs that file by family and given names: these are asked for at enrolment, and told later by `!name`; never guessed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.domain.formal_names import FormalName, Sex
from bot.domain.people import Patient
from tests.practice import POLICY, Staffed, staffed_practice

WANTED = replace(POLICY, names_apart=("Best Practice",))


async def the_patient(people: Staffed, mrn: str) -> Patient | None:
    async with people.practice.journal.reading() as rows:
        return await rows.patients.with_mrn(mrn)


async def test_where_a_program_files_by_it_the_family_name_is_asked_for_before_anybody_is_enrolled(
    tmp_path: Path,
) -> None:
    async with staffed_practice(tmp_path, WANTED) as people:
        await people.kim.writes("!enrol patient 10555 Ana Maria de la Cruz 2 Aug 1991")
        assert "Which is the family name? “Best Practice” needs to know." in people.kim.last_heard
        assert "!enrol patient 10555 Morgan, Alex 2 Aug 1991 female" in people.kim.last_heard
        assert "may be left out" in people.kim.last_heard
        assert await the_patient(people, "10555") is None
        await people.kim.writes("!enrol patient 10555 de la Cruz, Ana Maria 2 Aug 1991 female")
        enrolled = await the_patient(people, "10555")
        assert enrolled is not None and enrolled.name == "Ana Maria de la Cruz"
        assert (enrolled.formal, enrolled.sex) == (FormalName("de la Cruz", "Ana Maria"), Sex.FEMALE)
        assert any("Ana Maria de la Cruz, born 2 August 1991" in words for words in people.kim.heard)


async def test_where_no_program_asks_a_name_is_enrolled_as_it_is_said(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes("!enrol patient 10555 Ana Maria de la Cruz 2 Aug 1991")
        enrolled = await the_patient(people, "10555")
        assert enrolled is not None and enrolled.formal is None and enrolled.sex is None


async def test_who_was_enrolled_before_is_named_by_a_command_and_called_the_same_as_before(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, WANTED) as people:
        await people.kim.writes("!name 10421 Patel, Sam male")
        assert "family name Patel, given names Sam, sex male" in people.kim.last_heard
        await people.kim.writes("!name 10421 Patel, Sam")
        sam = await the_patient(people, "10421")
        assert sam is not None
        assert (sam.name, sam.formal, sam.sex) == ("Sam Patel", FormalName("Patel", "Sam"), Sex.MALE)


async def test_R15_another_name_is_no_order_of_the_same_words_and_changes_nothing(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, WANTED) as people:
        before = await the_patient(people, "10421")
        await people.kim.writes("!name 10421 Patel, Samantha")
        assert "MRN 10421 is Sam Patel" in people.kim.last_heard
        assert await the_patient(people, "10421") == before


async def test_only_those_who_enrol_say_which_is_the_family_name(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path, WANTED) as people:
        before = await the_patient(people, "10421")
        await people.lee.writes("!name 10421 Patel, Sam")
        await people.sam.writes("!name 10421 Patel, Sam")
        assert await the_patient(people, "10421") == before
