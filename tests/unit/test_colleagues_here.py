"""A colleague who treats here too is asked without a question to anybody: that is no use, and the look is listed (R31)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.people import Relation
from bot.words import about_barred_uses, about_uses
from tests.cases import Shared, pictures_in, shared_practice
from tests.households import answers_as, family, latest_image
from tests.practice import POLICY, Someone

QUESTION = "could this be a nickel allergy?"


async def chen_of(shared: Shared) -> Someone:
    """Dr Chen, a clinician of the practice."""
    return await shared.kim.joins_as("@chen:hs.test", "ChenIdentity", '!enrol clinician @chen:hs.test "Dr Chen"')


async def asks_chen(shared: Shared, ref: str) -> str:
    await shared.lee.writes(f"!forward {ref} @chen:hs.test {QUESTION}")
    return shared.lee.last_heard


async def test_R31_it_is_shown_with_the_question_the_look_is_listed_and_nobody_is_asked(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        chen, before = await chen_of(shared), len(shared.sam.heard)
        assert await asks_chen(shared, shared.image.ref) == about_uses.shown_to_colleague.english(
            shared.image.ref, "Dr Chen"
        )
        (shown,) = [
            post for post in shared.practice.posts_in(chen.own_room) if post.content.get("msgtype") == "m.image"
        ]
        assert "Dr Lee asks you" in shown.body and QUESTION in shown.body
        assert len(shared.sam.heard) == before and await shared.uses() == []
        async with shared.practice.journal.reading() as rows:
            (look,) = await rows.disclosures.of_image(shared.image.id)
        assert look.how == "viewed"
        await shared.sam.writes("my images")
        assert "Dr Chen" in shared.sam.last_heard


async def test_R31_also_what_may_not_be_used_any_more_as_the_record_stays_open(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        chen = await chen_of(shared)
        await shared.sam.writes(f"withdraw {shared.image.ref}")
        await asks_chen(shared, shared.image.ref)
        assert len(pictures_in(shared.practice, chen.own_room)) == 1


async def test_R21_not_to_a_device_that_nobody_has_confirmed_in_time(tmp_path: Path) -> None:
    async with shared_practice(tmp_path, replace(POLICY, device_check_months=6)) as shared:
        chen = await chen_of(shared)
        async with shared.practice.journal.transaction() as rows:
            for someone, year in ((chen, 2020), (shared.lee, 2030)):
                person = await rows.people.first(account=someone.account)
                assert person is not None
                due = shared.practice.clock.now().replace(year=year)
                await rows.people.save(replace(person, device_check_due=due))
        assert await asks_chen(shared, shared.image.ref) == about_barred_uses.device_check_first.english()
        assert pictures_in(shared.practice, chen.own_room) == []


@pytest.mark.parametrize("own", [False, True], ids=["of a patient they speak for", "a mature minor's own"])
async def test_R33_nor_to_who_speaks_for_the_patient(tmp_path: Path, own: bool) -> None:
    async with shared_practice(tmp_path) as shared:
        chen = await chen_of(shared)
        if own:
            await family(shared)
        await answers_as(chen, "10423" if own else "10421", Relation.PARENT)
        ref = (await latest_image(shared)).ref
        assert await asks_chen(shared, ref) == about_barred_uses.a_patients_account.english()
        assert pictures_in(shared.practice, chen.own_room) == []
