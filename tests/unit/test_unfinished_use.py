"""A use that somebody began to ask for and never finished ends by itself, and its asker hears so once (R13)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.uses.begin import FINISHED_WITHIN
from bot.domain.use import UseState
from tests.cases import Shared, answer_id, polls_in, shared_practice, taps

STEPS = ("education", "Probably not", "Six months")


async def begun(shared: Shared, how: str) -> str:
    """A request left where `how` says; the secret of an answer that stands in the chat."""
    if how == "advice":
        await shared.lee.writes(f"!forward {shared.image.ref} @derm:hs.test is this a melanoma?")
        return answer_id(shared.practice, shared.lee.own_room, "Yes")
    await shared.lee.writes(f"!use {shared.image.ref}")
    secret = answer_id(shared.practice, shared.lee.own_room, STEPS[0])
    for step in STEPS[: int(how)]:
        await taps(shared.lee, step)
        secret = answer_id(shared.practice, shared.lee.own_room, "")
    return secret


@pytest.mark.parametrize(("how", "command"), [("advice", "!forward"), ("0", "!use"), ("2", "!use"), ("3", "!use")])
async def test_what_was_not_finished_within_a_day_ends_with_one_kind_sentence(
    tmp_path: Path, how: str, command: str
) -> None:
    async with shared_practice(tmp_path) as shared:
        secret = await begun(shared, how)
        await shared.practice.after(hours=23, minutes=59)
        assert [use.state for use in await shared.uses()] == [UseState.ASKED]
        await shared.practice.after(minutes=2)
        assert [use.state for use in await shared.uses()] == [UseState.EXPIRED]
        told = [words for words in shared.lee.heard if "not finished" in words]
        assert len(told) == 1 and "Nothing was shared" in told[0] and f"{command} {shared.image.ref}" in told[0]
        assert await shared.practice.audited("use.Expired") == 1
        await taps(shared.lee, "", secret=secret)
        assert "expired" in shared.lee.last_heard or "answered already" in shared.lee.last_heard
        await shared.lee.writes("how: teaching\nseen by: registrars\nrecipient: @derm:hs.test")
        assert [use.state for use in await shared.uses()] == [UseState.EXPIRED]
        assert not any("asks for permission" in words for words in shared.sam.heard)


async def test_it_no_longer_counts_as_under_way_when_the_patient_leaves(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await begun(shared, "1")
        await shared.kim.writes("!patient-leaves 10421")
        assert "1 use under way" in polls_in(shared.practice, shared.kim.own_room)[-1]["question"]["body"]
        await shared.practice.after(days=1, minutes=1)
        await shared.kim.writes("!patient-leaves 10421")
        assert "0 uses under way" in polls_in(shared.practice, shared.kim.own_room)[-1]["question"]["body"]


async def test_what_was_finished_in_time_is_left_to_the_patient(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await begun(shared, "3")
        await shared.practice.after(hours=20)
        await shared.lee.writes("how: teaching\nseen by: registrars\nrecipient: @derm:hs.test")
        await shared.practice.after(hours=20)
        assert [use.state for use in await shared.uses()] == [UseState.AWAITING_CONSENT]
        assert not any("not finished" in words for words in shared.lee.heard)


async def test_a_late_step_gives_no_more_time(tmp_path: Path) -> None:
    """Every question of it ends with the whole, so none stands in the chat that can't be answered."""
    async with shared_practice(tmp_path) as shared:
        await begun(shared, "0")
        await shared.practice.after(hours=20)
        await taps(shared.lee, STEPS[0])
        async with shared.practice.journal.reading() as rows:
            ends = {one.expires_at for one in await rows.choices.find(about="use-detail", used_at=None)}
        (use,) = await shared.uses()
        assert ends == {use.asked_at + FINISHED_WITHIN}
