"""Setting the clock moves no date that was agreed, and no birthday (R12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.watches import clock_jumps
from bot.core.watches.clock_jumps import ClockWatch
from bot.domain.image import State
from bot.domain.use import UseState
from bot.ports import AuditEntry
from tests.cases import Shared, shared_practice
from tests.households import enrolled, heard_with
from tests.practice import JPEG


async def clock_is_set(shared: Shared, by: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock is put right while the bot runs."""
    monkeypatch.setattr(clock_jumps, "elapsed", timedelta)
    watch = ClockWatch(shared.practice.journal, shared.practice.dispatch, shared.practice.clock)
    shared.practice.clock.move(by)
    await watch.look()
    await shared.practice.settle()


async def starts_again(shared: Shared, after: timedelta, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bot is stopped, and started by a clock that stands so much later; what the practice's room reads then."""
    practice = shared.practice
    monkeypatch.setattr(clock_jumps, "elapsed", timedelta)
    room = await practice.practice_room()
    before = len(practice.seen_in(room))
    practice.clock.move(after)
    async with practice.journal.transaction() as rows:
        await rows.audit(AuditEntry("operator", "setting.changed", "by the new clock", {}), practice.clock.now())
    watch = ClockWatch(practice.journal, practice.dispatch, practice.clock)
    await watch.begin()
    await watch.look()
    await practice.settle()
    return [words for words in practice.seen_in(room)[before:] if "The clock of the computer" in words]


async def test_a_clock_put_back_while_the_bot_was_stopped_lets_nothing_wait_until_it_is_caught_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.practice.receive(shared.sam.photo(JPEG + b"another", caption="rash"))
        await shared.practice.inbox.drain()  # decided, and nothing done about it yet
        (told,) = await starts_again(shared, timedelta(days=-1), monkeypatch)
        assert "was set back by 1440 minutes" in told
        assert {image.state for image in await shared.practice.images()} == {State.VERIFIED}
        assert not await starts_again(shared, timedelta(minutes=1), monkeypatch), "it is told of once"


async def test_a_bot_that_was_only_stopped_for_a_while_moves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        assert not await starts_again(shared, timedelta(days=1), monkeypatch)


async def on(shared: Shared, day: datetime) -> None:
    shared.practice.clock.move(day - shared.practice.clock.now())
    await shared.practice.settle()


async def test_R12_a_clock_put_back_ends_no_use_before_the_agreed_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        await clock_is_set(shared, timedelta(days=-40), monkeypatch)
        await on(shared, datetime(2027, 2, 25, 12, tzinfo=UTC))
        assert (await shared.uses())[0].state is UseState.RELEASED
        await on(shared, datetime(2027, 4, 2, 12, tzinfo=UTC))
        assert (await shared.uses())[0].state is UseState.CLOSED


async def test_R12_a_clock_put_forward_lets_no_use_outlast_the_agreed_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        await clock_is_set(shared, timedelta(days=40), monkeypatch)
        await on(shared, datetime(2027, 4, 2, 12, tzinfo=UTC))
        assert (await shared.uses())[0].state is UseState.CLOSED


async def test_who_turns_18_is_invited_though_the_clock_was_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shared_practice(tmp_path) as shared:
        ann = await enrolled(shared, '!enrol patient 10423 "Mia Patel" 2008-12-24 parent "Ann Patel"', "ann", "Ann")
        await clock_is_set(shared, timedelta(days=-1), monkeypatch)
        await on(shared, datetime(2026, 12, 30, 12, tzinfo=UTC))
        assert heard_with(ann, "has turned 18")
        assert heard_with(shared.kim, "Mia Patel")[1:]


async def test_R12_a_deadline_that_comes_too_soon_waits_for_the_agreed_day(tmp_path: Path) -> None:
    async with shared_practice(tmp_path) as shared:
        await shared.taught()
        (use,) = await shared.uses()
        async with shared.practice.journal.transaction() as rows:
            await shared.practice.dispatch.transaction(rows).remind("use-ends", use.id, timedelta())
        await shared.practice.settle()
        assert (await shared.uses())[0].state is UseState.RELEASED
