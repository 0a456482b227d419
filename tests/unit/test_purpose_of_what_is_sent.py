"""What a photo is for: care, unless its sender names another purpose, and nothing else in their words names one (R1, R9)."""

from __future__ import annotations

from pathlib import Path

from bot.domain.purposes import Purpose
from tests.cases import taps
from tests.colleagues import FILE, LINE, image_of, with_derm
from tests.practice import staffed_practice

OTHER_DOCTOR = "for the other doctor to look at, rash"


async def test_R1_a_patients_words_about_another_doctor_name_no_other_purpose(tmp_path: Path) -> None:
    async with staffed_practice(tmp_path) as people:
        await people.sam.sends_photo(caption=OTHER_DOCTOR)
        image = await people.practice.only_image()
        assert (image.purpose, image.reason) == (Purpose.CARE, OTHER_DOCTOR)


async def test_R2_nor_do_a_colleagues(tmp_path: Path) -> None:
    async with with_derm(tmp_path) as (practice, people, _):
        await people.lee.sends_photo(caption=f"{LINE}, {OTHER_DOCTOR}")
        await taps(people.lee, FILE)
        image = await image_of(practice)
        assert (image.purpose, image.reason) == (Purpose.CARE, "other doctor to look at rash")
