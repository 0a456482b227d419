"""A question beside one child's photo that names another reaches the team, and lies in nobody's record (R15, R34)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.entries import EntryKind
from tests.households import answered_in_app, documents, with_children
from tests.practice import JPEG

ASKED = "Is it contagious? Mia sleeps in the same room"


@pytest.mark.parametrize("how", ["just so", "reply", "reference"])
async def test_R15_it_reaches_the_team_and_is_filed_nowhere(tmp_path: Path, how: str) -> None:
    async with with_children(tmp_path) as (shared, ann):
        sent = await ann.sends_photo(JPEG + b"leo")
        await ann.writes("3 rash")
        *_, leo = await shared.practice.images()
        named = f"{leo.ref} " if how == "reference" else ""
        await ann.writes(named + ASKED, **(answered_in_app(sent.event_id) if how == "reply" else {}))
        team = shared.practice.seen_in(await shared.practice.practice_room())
        assert ASKED in team[-1] and leo.ref in team[-1]
        assert "I have passed your question on to the team" in ann.last_heard and "Leo Patel" in ann.last_heard
        assert not [one for one in await documents(shared, image_id=leo.id) if one.kind is EntryKind.ANSWER]


async def test_R15_whoever_took_the_photo_reads_it(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"leo")
        await ann.writes("3 rash")
        *_, leo = await shared.practice.images()
        await shared.lee.writes(f"!mine {leo.ref}")
        await ann.writes(ASKED)
        assert ASKED in "\n".join(shared.lee.heard) and "on to Dr Lee" in ann.last_heard


async def test_R34_out_of_hours_whoever_is_on_duty_reads_it(tmp_path: Path) -> None:
    async with with_children(tmp_path) as (shared, ann):
        await ann.sends_photo(JPEG + b"leo")
        await ann.writes("3 rash")
        await shared.practice.after(hours=14)
        await ann.writes(ASKED)
        own = [*shared.lee.heard, *shared.kim.heard]
        assert any(ASKED in line for line in own)
