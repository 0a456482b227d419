"""Settling what holds a photo files it neither under the wrong name nor while somebody may want it back (R15, R29a)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.image import HeldFor, Image, State
from bot.domain.use import UseState
from tests.cases import TEACHING, Shared, matches, pictures_in, shared_practice, taps
from tests.households import enrolled, latest_image
from tests.practice import JPEG, Someone
from tests.unit.test_lost_phone import comes_back

NOT_MINE = "of somebody else"
BACK = "please delete it"
OTHER = JPEG + b" of something else"


async def standing(shared: Shared) -> tuple[State, HeldFor | None]:
    image = await latest_image(shared)
    return image.state, image.held_for


@pytest.mark.parametrize("asked_back", [False, True])
async def test_R15_it_is_not_filed_under_whom_its_sender_says_it_does_not_show(
    tmp_path: Path, asked_back: bool
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(OTHER)
        await shared.sam.writes(NOT_MINE)
        if asked_back:
            await shared.sam.writes(BACK)
        await shared.lee.writes(f"!keep {(await latest_image(shared)).ref}")
        assert "filed under no name before it is known whose it is" in shared.lee.last_heard
        assert await standing(shared) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        await shared.practice.after(hours=30)
        assert (await latest_image(shared)).filed_at is None


async def test_R15_nor_is_one_in_the_record_shown_again_before_it_is_known_whose_it_is(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.writes(NOT_MINE)
        await shared.lee.writes(f"!keep {shared.image.ref}")
        assert f"!refile {shared.image.ref}" in shared.lee.last_heard
        before = pictures_in(shared.practice, shared.lee.own_room)
        await shared.lee.writes(f"!show {shared.image.ref}")
        assert pictures_in(shared.practice, shared.lee.own_room) == before


async def test_R15_that_it_is_theirs_after_all_takes_two_identifiers(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10422 "Alex Ng" 2001-12-01')
        await shared.sam.sends_photo(OTHER)
        await shared.sam.writes(NOT_MINE)
        ref = (await latest_image(shared)).ref
        for wrong in ("10422 2001-12-01", "10421 1984-03-08"):
            await shared.lee.writes(f"!keep {ref} {wrong}")
            assert await standing(shared) == (State.HELD, HeldFor.SOMEBODY_ELSE)
        await shared.lee.writes(f"!keep {ref} 10421 1984-03-07")
        await shared.practice.after(hours=1)
        assert await standing(shared) == (State.VERIFIED, None)


async def test_R29a_settling_whose_it_is_does_not_settle_that_they_want_it_back(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.sam.sends_photo(OTHER)
        await shared.sam.writes(NOT_MINE)
        await shared.sam.writes(BACK)
        ref = (await latest_image(shared)).ref
        await shared.lee.writes(f"!keep {ref} 10421 1984-03-07")
        assert "may want it back" in shared.lee.last_heard
        assert await standing(shared) == (State.HELD, HeldFor.ASKED_BACK)
        await taps(shared.sam, "Yes")
        assert (await latest_image(shared)).state is State.DISCARDED


async def test_R30_who_sent_it_does_not_take_back_what_is_another_patients(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.kim.writes('!enrol patient 10422 "Alex Ng" 2001-12-01')
        await shared.sam.sends_photo(OTHER)
        await shared.sam.writes(NOT_MINE)
        await shared.sam.writes(BACK)
        ref = (await latest_image(shared)).ref
        await matches(shared.kim, ref, "10422 2001-12-01")
        await shared.lee.writes(f"!keep {ref}")
        await shared.practice.after(hours=1)
        image = await latest_image(shared)
        assert (image.state, image.patient_id == shared.image.patient_id) == (State.VERIFIED, False)
        await taps(shared.sam, "Yes")
        assert (await latest_image(shared)).state is State.VERIFIED


# ---- two parents


@asynccontextmanager
async def mias_parents(directory: Path) -> AsyncIterator[tuple[Shared, Someone, Someone]]:
    async with shared_practice(directory) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2016-12-01 parent "Ann Patel"', "ann", "Ann")
        bob = await enrolled(shared, '!link 10423 parent "Bob Patel"', "bob", "Bob")
        await shared.lee.writes("!confirm 10423")
        yield shared, ann, bob


async def both_ask(shared: Shared, ann: Someone, bob: Someone) -> Image:
    await ann.sends_photo(OTHER)
    image = await latest_image(shared)
    await ann.writes("oops, wrong photo")
    await bob.writes(f"delete {image.ref}")
    assert (await latest_image(shared)).held_for is HeldFor.ASKED_BACK
    return image


async def test_R29a_one_parents_keep_files_nothing_while_the_other_may_want_it_back(tmp_path: Path) -> None:
    async with mias_parents(tmp_path) as (shared, ann, bob):
        await both_ask(shared, ann, bob)
        await taps(ann, "No, keep it")
        assert await standing(shared) == (State.HELD, HeldFor.ASKED_BACK)
        assert not any("Bob" in line for line in ann.heard), "one parent is not told of the other (R33a)"
        await taps(bob, "Yes, withdraw it")
        assert (await latest_image(shared)).state is State.DISCARDED


async def test_R29a_nor_does_it_bring_back_what_the_other_withdrew(tmp_path: Path) -> None:
    async with mias_parents(tmp_path) as (shared, ann, bob):
        await both_ask(shared, ann, bob)
        await taps(bob, "Yes, withdraw it")
        await taps(ann, "No, keep it")
        await ann.writes("no, keep it please")
        assert (await latest_image(shared)).state is State.DISCARDED


async def test_R29a_what_one_parent_agreed_to_ends_with_the_others_withdrawal(tmp_path: Path) -> None:
    async with mias_parents(tmp_path) as (shared, ann, bob):
        await ann.sends_photo(OTHER, caption="her rash")
        await shared.practice.after(hours=1)
        image = await latest_image(shared)
        await shared.lee.writes(TEACHING.format(ref=image.ref))
        await taps(ann, "Yes")
        await taps(ann, "Yes")  # of a child a yes is asked for twice
        assert (await shared.uses())[-1].state is UseState.RELEASED
        await bob.writes(f"please don't use {image.ref} any more")
        await ann.writes(f"{image.ref} no, keep it please")
        await taps(bob, "Yes, withdraw it")
        await ann.writes(f"no, keep {image.ref}, it is fine")
        assert (await shared.uses())[-1].state in {UseState.WITHDRAWN, UseState.RECALLED}


async def test_R29a_a_fresh_code_does_not_file_what_the_other_wants_back(tmp_path: Path) -> None:
    async with mias_parents(tmp_path) as (shared, ann, bob):
        await ann.sends_photo(OTHER)
        image = await latest_image(shared)
        await shared.kim.writes("!lost @ann:hs.test")
        await bob.writes(f"delete {image.ref}")
        assert await standing(shared) == (State.HELD, HeldFor.IDENTITY_CHANGED)
        await comes_back(shared, ann, shared.practice.last_code(shared.kim.own_room), "AnnNewIdentity")
        assert await standing(shared) == (State.HELD, HeldFor.ASKED_BACK)
        await taps(bob, "Yes, withdraw it")
        assert (await latest_image(shared)).state is State.DISCARDED
