"""Starting on a real homeserver: signed before anything else, alone on its key store, and never under a new identity.

Also the bot that the other Matrix tests start, stop and read with.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.arrivals import Arrival, Batch
from bot.domain.errors import Permanent
from bot.matrix.cross_signing import Seeds, bootstrap
from bot.matrix.failures import IdentityConflict, SignedOut
from bot.matrix.gateway import Matrix
from bot.matrix.session import Session, login, session_of
from tests.homeserver import Homeserver
from tests.patience import PATIENCE

WAIT = timedelta(seconds=5)


@dataclass
class Bot:
    """A bot's account and all it keeps. `matrix` is the running one; `token` is what an inbox would have committed."""

    url: str
    session: Session
    store: Path
    password: str = field(repr=False)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    seeds: Seeds = field(default_factory=Seeds.generate)
    token: str | None = None
    running: Matrix | None = None

    @property
    def matrix(self) -> Matrix:
        assert self.running is not None
        return self.running

    async def start(self) -> Matrix:
        self.running = await Matrix.start(self.url, self.session, self.store, self.key, self.seeds)
        return self.running

    async def stop(self) -> None:
        if self.running is not None:
            await self.running.close()
            self.running = None

    async def read(self, *, keep_token: bool = True) -> Batch:
        batch = await self.matrix.next_batch(self.token, WAIT)
        if keep_token:
            self.token = batch.token
        return batch

    async def read_until(self, wanted: Callable[[Arrival], bool]) -> Arrival:
        """The first arrival that is wanted; everything before it is passed over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for arrival in (await self.read()).arrivals:
                    if wanted(arrival):
                        return arrival


MakeBot = Callable[[], Awaitable[Bot]]


@pytest.fixture
async def make_bot(homeserver: Homeserver, tmp_path: Path) -> AsyncIterator[MakeBot]:
    """A new bot account, logged in, its identity published, started."""
    bots: list[Bot] = []

    async def make() -> Bot:
        account = homeserver.account("bot")
        session = await login(homeserver.url, account.user_id, account.password)
        bot = Bot(homeserver.url, session, tmp_path / f"keys-{len(bots)}" / "store.db", account.password)
        await bootstrap(bot.url, session, bot.seeds, bot.password)
        bots.append(bot)
        await bot.start()
        return bot

    yield make
    for bot in bots:
        await bot.stop()


@pytest.fixture
async def bot(make_bot: MakeBot) -> Bot:
    return await make_bot()


async def test_a_started_bot_is_signed_by_its_own_identity(homeserver: Homeserver, bot: Bot) -> None:
    shown = homeserver.identity(bot.matrix.user_id)
    assert shown.master == bot.seeds.identity
    assert [(device.device_id, device.signed) for device in shown.devices] == [(bot.matrix.device_id, True)]


async def test_publishing_the_same_identity_twice_changes_nothing(bot: Bot) -> None:
    assert await bootstrap(bot.url, bot.session, bot.seeds) == bot.seeds.identity


async def test_another_identity_is_never_put_in_the_place_of_the_first(bot: Bot) -> None:
    with pytest.raises(IdentityConflict):
        await bootstrap(bot.url, bot.session, Seeds.generate(), bot.password)
    await bot.stop()
    bot.seeds = Seeds.generate()
    with pytest.raises(IdentityConflict):
        await bot.start()


async def test_a_bot_without_an_identity_does_not_start(homeserver: Homeserver, tmp_path: Path) -> None:
    account = homeserver.account("bot")
    session = await login(homeserver.url, account.user_id, account.password)
    with pytest.raises(Permanent) as refused:
        await Matrix.start(homeserver.url, session, tmp_path / "store.db", secrets.token_bytes(32), Seeds.generate())
    assert refused.value.code == "not-cross-signed"


async def test_a_second_bot_on_the_same_key_store_is_refused(bot: Bot) -> None:
    with pytest.raises(Permanent) as refused:
        await Matrix.start(bot.url, bot.session, bot.store, bot.key, bot.seeds)
    assert refused.value.code == "already-running"


async def test_a_lost_key_store_is_noticed_instead_of_showing_new_keys(bot: Bot) -> None:
    await bot.stop()
    bot.store = bot.store.with_name("another.db")
    with pytest.raises(Permanent) as refused:
        await bot.start()
    assert refused.value.code == "key-store-lost"


async def test_a_session_is_known_by_its_token_and_never_printed(bot: Bot) -> None:
    assert await session_of(bot.url, bot.session.access_token) == bot.session
    assert bot.session.access_token not in repr(bot.session)
    assert repr(bot.seeds) == "Seeds()"


async def test_a_revoked_token_says_that_the_bot_is_signed_out(bot: Bot) -> None:
    revoking = await session_of(bot.url, bot.session.access_token)
    await bot.matrix._client.call("POST", "/_matrix/client/v3/logout", body={})
    with pytest.raises(SignedOut):
        await bot.read()
    with pytest.raises(SignedOut):
        await session_of(bot.url, revoking.access_token)


async def test_a_wrong_password_is_forbidden(homeserver: Homeserver) -> None:
    account = homeserver.account("bot")
    with pytest.raises(Permanent) as refused:
        await login(homeserver.url, account.user_id, "not it")
    assert refused.value.code == "forbidden"
