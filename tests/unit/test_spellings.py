"""One person, however name and number are typed: capitals, forms of letters, apostrophes and blanks part nobody (R15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.people import Patient
from bot.domain.spelling import same_name, same_number
from tests.cases import taps
from tests.colleagues import FILE, asked
from tests.practice import Staffed, staffed_practice

STORED = "Zoë O'Brien"
TYPED = [
    "Zoë O'Brien",
    "ZOË O'BRIEN",
    "zoe\u0308 o’brien",
    "Zoë  O‘Brien",
    "Zoë\u00a0Oʼbrien",
    "\u200bZoë O`Brien\u200f",
    "ℤoë O'Brien",
    "Ｚｏë Ｏ＇Brien",
]


@pytest.mark.parametrize("typed", TYPED)
def test_a_name_is_the_same_however_it_is_typed(typed: str) -> None:
    assert same_name(typed, STORED)


@pytest.mark.parametrize("other", ["Zoe O'Brien", "Zoë OBrien", "Zoë O'Brian", "Zoë", ""])
def test_another_name_stays_another(other: str) -> None:
    assert not same_name(other, STORED)


@pytest.mark.parametrize("typed", ["UR555", "ur555", "Ur 555", " ur555\u200b", "ＵＲ５５５"])
def test_a_record_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert same_number(typed, "UR555") and not same_number(typed, "UR-555") and not same_number(typed, "UR0555")


async def patients(people: Staffed) -> list[Patient]:
    async with people.practice.journal.reading() as rows:
        return await rows.patients.every()


@pytest.mark.parametrize("number", ["UR555", "ur555", "ｕｒ555"])
@pytest.mark.parametrize("name", TYPED[:4])
async def test_R15_who_is_enrolled_already_gets_no_second_record(tmp_path: Path, number: str, name: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes(f'!enrol patient UR555 "{STORED}" 1990-05-02')
        first = people.practice.last_code(people.kim.own_room)
        await people.kim.writes(f'!enrol patient {number} "{name}" 1990-05-02')
        assert [patient.name for patient in await patients(people)] == ["Sam Patel", STORED]
        assert people.practice.last_code(people.kim.own_room) != first
        assert "its code no longer works" in " ".join(people.kim.heard[-3:])


async def test_R15_a_number_that_looks_alike_is_the_other_patients(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes(f'!enrol patient UR555 "{STORED}" 1990-05-02')
        await people.kim.writes('!enrol patient ur555 "Ann Lim" 1990-05-02')
        assert "MRN UR555 is already Zoë O'Brien" in people.kim.last_heard


async def test_R15_a_namesake_is_warned_of_however_the_name_is_typed(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes(f'!enrol patient UR555 "{STORED}" 1990-05-02')
        await people.kim.writes('!enrol patient UR556 "ZOE\u0308 O’BRIEN" 1991-06-03')
        assert any("another patient has the same name (MRN UR555" in words for words in people.kim.heard)


@pytest.mark.parametrize("number", ["ur555", "Ur555", "ＵＲ555"])
async def test_every_command_finds_the_patient_by_that_number(tmp_path: Path, number: str) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes(f'!enrol patient UR555 "{STORED}" 1990-05-02')
        for command, says in (
            (f'!link {number} child "Mo O’Brien"', "Zoë O'Brien, born 2 May 1990, MRN UR555"),
            (f"!died {number}", "Zoë O'Brien"),
            (f"!patient-leaves {number}", "Zoë O'Brien"),
            (f"!legal-hold {number} a court asks", "Zoë O'Brien"),
        ):
            heard = len(people.kim.heard)
            await people.kim.writes(command)
            assert says in "\n".join(people.kim.heard[heard:]), command


async def test_R15_a_statement_finds_the_patient_by_that_number(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes(f'!enrol patient UR555 "{STORED}" 1990-05-02')
        await people.lee.sends_photo(caption="body uR555 1990-05-02 mine verbal today a rash")
        assert "Zoë O'Brien" in asked(people.lee) and "Reason: “rash”" in asked(people.lee)
        await taps(people.lee, FILE)
        image = await people.practice.only_image()
        await people.kim.writes(f"!refile {image.ref} 10421 1984-03-07")
        assert "Sam Patel" in people.kim.last_heard


async def test_R33_an_invitation_for_the_same_parent_ends_the_earlier_one_however_the_name_is_typed(
    tmp_path: Path,
) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.kim.writes('!link 10421 child "Ann O\'Neill"')
        await people.kim.writes('!link 10421 child "ann o’neill"')
        assert "its code no longer works" in " ".join(people.kim.heard[-4:])
