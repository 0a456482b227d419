"""The homeserver ended the bot's session: it stops with a sentence, and signs in again under the same identity."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import assembled, forget_session
from bot.domain.errors import SignedOut
from bot.setup import Answers, write_practice
from tests.homeserver import Homeserver


async def test_a_bot_that_was_signed_out_stops_and_comes_back_as_itself(homeserver: Homeserver, tmp_path: Path) -> None:
    account = homeserver.account("bot")
    answers = Answers(
        "Harbour",
        "Australia/Sydney",
        account.user_id,
        homeserver.url,
        False,
        ["@lee:practice.test"],
        "@lee:practice.test",
    )
    config, _ = write_practice(tmp_path / "config.toml", answers, account.password)
    async with assembled(config) as bot:
        identity, device = await bot.matrix.own_identity(), bot.matrix.device_id
        homeserver.token(account)  # somebody else signs in as the bot, and signs everybody out
        status = homeserver.ask("POST", "/_matrix/client/v3/logout/all", token=homeserver.token(account))
        assert status
        with pytest.raises(SignedOut, match="sign-in"):
            await bot.inbox.pull(timedelta(0))
    with pytest.raises(SignedOut):
        async with assembled(config):
            pass
    await forget_session(config)
    async with assembled(config) as bot:
        assert await bot.matrix.own_identity() == identity
        assert bot.matrix.device_id != device
        assert bot.matrix.cross_signed
        await bot.inbox.pull(timedelta(0))
