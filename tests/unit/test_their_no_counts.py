"""Whose capacity is impaired still says no, to whatever they were asked before (who may answer, R29a)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.use import UseState
from tests.cases import TEACHING, answer_id, pictures_in, shared_practice, taps
from tests.unit.test_two_people import linked


async def test_a_no_to_what_they_were_asked_before_counts_and_their_decision_maker_does_not_undo_it(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        no = answer_id(shared.practice, shared.sam.own_room, "No")
        ann = await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        await taps(shared.sam, "No", secret=no)
        assert (await shared.uses())[-1].state is UseState.EXPIRED, "it ended when somebody else came to decide"
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        assert not any("registrar teaching" in line for line in ann.heard), "nobody is asked in their place"
        assert pictures_in(shared.practice, shared.derm.own_room) == []


@pytest.mark.parametrize("label", ["Yes", "Ask me later"])
async def test_nothing_else_they_tap_does(tmp_path: Path, label: str) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.lee.writes(TEACHING.format(ref=shared.image.ref))
        secret = answer_id(shared.practice, shared.sam.own_room, label)
        await linked(shared, '!link 10421 decision-maker "Ann Patel"', "ann")
        await shared.lee.writes("!confirm 10421")
        await taps(shared.lee, "Yes")
        await taps(shared.sam, label, secret=secret)
        assert (await shared.uses())[-1].state is UseState.EXPIRED
        assert pictures_in(shared.practice, shared.derm.own_room) == []
