"""“Delete everything except Leo's” takes back the others, and never Leo's (R15, R34)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.identifiers import PatientId
from bot.domain.use import UseState
from bot.heard.family import Family
from tests.households import answered_in_app, with_children
from tests.practice import JPEG
from tests.unit.test_names_decide import asked_for_both, is_asked_back, one_of_each, uses

FAMILY = Family({PatientId("mia"): "Mia Patel", PatientId("leo"): "Leo Patel"})


@pytest.mark.parametrize(
    ("words", "left_out"),
    [
        ("delete all except Leo's photo and IMG-7F3K", ({"leo"}, {"IMG-7F3K"})),
        ("delete that pic, other than that Leo is fine", (set(), set())),
        ("don't show it to anyone except Leo's GP", (set(), set())),
        ("No. Apart from that Leo is fine", (set(), set())),
    ],
)
def test_R15_only_a_name_alone_is_left_out(words: str, left_out: tuple[set[str], set[str]]) -> None:
    said = FAMILY.left_out_in(words)
    assert (set(said.whose), set(said.refs)) == left_out


@pytest.mark.parametrize(
    "words",
    [
        "delete everything except Leo's",
        "please delete all the photos apart from Leo's",
        "delete all but Leo's",
        "delete everything but not Leo's",
        "delete everything except {leo}",
    ],
)
async def test_R15_what_is_left_out_is_not_held(tmp_path: Path, words: str) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia, leo = await one_of_each(shared, ann)
        await ann.writes(words.format(leo=leo.ref))
        assert await is_asked_back(shared, mia) and not await is_asked_back(shared, leo)


async def test_R15_all_but_the_one_replied_to_is_not_that_one(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        mia, _ = await one_of_each(shared, ann)
        sent = await ann.sends_photo(JPEG + b"third")
        await ann.writes("3 wart")
        *_, third = await shared.practice.images()
        await ann.writes("delete everything except this one", **answered_in_app(sent.event_id))
        assert await is_asked_back(shared, mia) and not await is_asked_back(shared, third)


@pytest.mark.parametrize(
    "words", ["delete {mia} but not {leo}", "delete Mia's but not Leo's", "delete the photo of Mia but not my account"]
)
async def test_R15_what_is_named_beside_it_alone_is_held(tmp_path: Path, words: str) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"ann")
        await ann.writes("1 mole")
        *_, own = await shared.practice.images()
        mia, leo = await one_of_each(shared, ann)
        await ann.writes(words.format(mia=mia.ref, leo=leo.ref))
        assert await is_asked_back(shared, mia)
        assert not await is_asked_back(shared, leo) and not await is_asked_back(shared, own)


async def test_R34_where_nothing_else_is_there_the_words_reach_the_team(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"leo")
        await ann.writes("3 rash")
        *_, leo = await shared.practice.images()
        await ann.writes("delete everything except Leo's")
        assert not await is_asked_back(shared, leo)
        assert "except Leo" in "\n".join(shared.practice.seen_in(await shared.practice.practice_room()))


@pytest.mark.parametrize("words", ["no to everything except Leo's", "no, except for Leo"])
async def test_R13_a_no_that_leaves_one_out_does_not_refuse_that_one(tmp_path: Path, words: str) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await asked_for_both(shared, ann)
        await ann.writes(words)
        assert set((await uses(shared)).values()) == {UseState.AWAITING_CONSENT}
