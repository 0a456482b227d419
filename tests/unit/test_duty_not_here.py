"""While whoever is on duty is not here, the managers are told, and no patient reads that duty has their words (R28a)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.cases import Shared, shared_practice
from tests.households import heard_with
from tests.practice import JPEG
from tests.unit.test_parents_who_work_here import kims_family

AT_NIGHT = datetime(2026, 11, 28, 22, 0, tzinfo=UTC)
BY_DAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


async def duty_lost_a_phone(shared: Shared, at: datetime) -> int:
    await shared.kim.writes("!lost @lee:hs.test")
    shared.practice.clock.move(at - shared.practice.clock.now())
    await shared.practice.settle()
    return len(shared.lee.heard)


async def test_R28a_at_night_the_managers_read_what_a_patient_writes(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        before = await duty_lost_a_phone(shared, AT_NIGHT)
        await shared.sam.writes("the rash is spreading to my face")
        assert "on duty" not in shared.sam.last_heard
        assert heard_with(shared.kim, "spreading to my face")
        assert shared.lee.heard[before:] == []


async def test_R28a_at_night_the_managers_hear_alarm_words(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await duty_lost_a_phone(shared, AT_NIGHT)
        await shared.sam.writes("I can't breathe")
        assert heard_with(shared.kim, "I can't breathe")


async def test_R28a_the_managers_hear_of_a_photo_that_nobody_took(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        before = await duty_lost_a_phone(shared, BY_DAY)
        await shared.sam.sends_photo(JPEG + b"x", caption="red streak up my arm")
        await shared.practice.after(minutes=90)
        assert heard_with(shared.kim, "red streak up my arm")
        assert shared.lee.heard[before:] == []


async def test_whoever_is_on_duty_and_here_is_told_and_no_manager(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        shared.practice.clock.move(AT_NIGHT - shared.practice.clock.now())
        await shared.sam.writes("the rash is spreading to my face")
        assert "on duty" in shared.sam.last_heard
        assert heard_with(shared.lee, "spreading to my face")
        assert not heard_with(shared.kim, "spreading to my face")


async def test_R33a_a_manager_who_is_the_childs_parent_hears_nothing_of_the_childs_own_photo(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        _, mia = await kims_family(shared)
        assert mia is not None
        await duty_lost_a_phone(shared, BY_DAY)
        await mia.sends_photo(JPEG + b"mia's", caption="a rash from the pill")
        await shared.practice.after(minutes=90)
        assert not heard_with(shared.kim, "a rash from the pill")
