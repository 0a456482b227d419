"""A practice that lost its keys directory runs again with its data and the recovery key on paper, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.app import assembled
from bot.domain.errors import Permanent
from bot.setup import Answers, recover_keys, write_practice
from tests.homeserver import Homeserver


async def test_the_recovery_key_alone_starts_the_bot_again_under_its_own_identity(
    homeserver: Homeserver, tmp_path: Path
) -> None:
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
    config, recovery_key = write_practice(tmp_path / "config.toml", answers, account.password)
    async with assembled(config) as bot:
        before = (await bot.matrix.own_identity(), bot.matrix.device_id)
    shutil.rmtree(config.data.keys_directory)
    with pytest.raises(Permanent, match="no-keys"):
        async with assembled(config):
            pass
    recover_keys(config, recovery_key)
    assert not config.homeserver.password_file.exists()
    async with assembled(config) as bot:
        assert (await bot.matrix.own_identity(), bot.matrix.device_id) == before
        assert bot.matrix.cross_signed
