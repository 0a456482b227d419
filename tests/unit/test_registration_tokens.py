"""A registration token can be read aloud and typed on a phone, and the invitation says where."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.homeserver.tokens import RegistrationToken, TokenPool, drawn_token
from bot.operate import token_stock
from bot.operate.token_stock import KEPT, TokenStock
from tests.cases import shared_practice
from tests.practice import POLICY

WEEK = timedelta(days=7)
HERE = "https://chat.example.org"


def test_a_token_is_three_groups_of_four_without_look_alikes_and_begins_with_a_digit() -> None:
    drawn = {drawn_token() for _ in range(200)}
    assert len(drawn) == 200
    for token in drawn:
        assert re.fullmatch(r"[2-9][2-9a-z]{3}-[2-9a-z]{4}-[2-9a-z]{4}", token), token
        assert not set(token) & set("01ilou"), token


async def test_a_patients_invitation_says_on_which_server_an_account_is_made_and_with_which_token(
    tmp_path: Path,
) -> None:
    async with shared_practice(tmp_path, replace(POLICY, own_homeserver=HERE)) as shared:
        clock = shared.practice.clock
        await shared.practice.journal.offer_registration_token("7kqm-4xdr-9tpw", clock.now() + timedelta(days=60))
        await shared.kim.writes('!enrol patient 10999 "Noor Haddad" 1990-01-02')
        invitation = next(words for words in shared.kim.heard[::-1] if "Code: " in words)
        assert f"server {HERE} " in invitation and "registration token: 7kqm-4xdr-9tpw\n" in invitation
        await shared.kim.writes('!enrol reception @rory:hs.test "Rory"')
        invitation = next(words for words in shared.kim.heard[::-1] if "Code: " in words)
        assert HERE not in invitation and "token" not in invitation
        await shared.kim.writes('!enrol patient 10998 "Noor Haddad" 1990-01-02')
        invitation = next(words for words in shared.kim.heard[::-1] if "Code: " in words)
        assert "no registration token" in invitation and "consentry homeserver" in invitation


class Owner:
    """Who runs the homeserver, and puts tokens into the pool."""

    def __init__(self, directory: Path, now: datetime) -> None:
        self.pool = TokenPool(directory / "tokens.json")
        self._now = now

    def puts(self, count: int, last: timedelta = timedelta(days=60)) -> None:
        fresh = [RegistrationToken(drawn_token(), self._now + last) for _ in range(count)]
        self.pool.put(fresh, self._now)


async def test_the_stock_is_filled_up_again_while_the_bot_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the hundredth patient since the bot was started is given a link."""
    monkeypatch.setattr(token_stock, "LOOK_EVERY", 0.001)
    async with shared_practice(tmp_path, replace(POLICY, own_homeserver=HERE)) as shared:
        clock, journal = shared.practice.clock, shared.practice.journal
        owner = Owner(tmp_path, clock.now())
        keeping = asyncio.create_task(TokenStock(owner.pool, journal, clock, WEEK).run_for_ever())
        for number in range(2 * KEPT + 1):
            owner.puts(1)
            while not await journal.free_registration_tokens(clock.now() + WEEK):
                await asyncio.sleep(0)
            await shared.kim.writes(f'!enrol patient {11000 + number} "Noor Haddad" 1990-01-02')
            assert "registration token: " in next(words for words in shared.kim.heard[::-1] if "Code: " in words)
        keeping.cancel()


async def test_tokens_that_end_before_the_invitation_are_none(tmp_path: Path) -> None:
    async with shared_practice(tmp_path, POLICY) as shared:
        clock, journal = shared.practice.clock, shared.practice.journal
        owner = Owner(tmp_path, clock.now())
        stock = TokenStock(owner.pool, journal, clock, WEEK)
        owner.puts(KEPT, last=WEEK)
        await stock.fill()
        assert await journal.free_registration_tokens(clock.now() + WEEK) == 0
        owner.puts(3 * KEPT)
        await stock.fill()
        await stock.fill()
        assert await journal.free_registration_tokens(clock.now() + WEEK) == KEPT
