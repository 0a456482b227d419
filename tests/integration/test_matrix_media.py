"""Media on a real homeserver: reserved before it is filled, capped, and gone only when the homeserver says so."""

from __future__ import annotations

import aiohttp
import pytest

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import MediaId
from tests.homeserver import Homeserver
from tests.integration.test_matrix_start import Bot, bot, make_bot

__all__ = ["bot", "make_bot"]


async def test_what_is_put_is_fetched_again_and_unreadable_on_the_homeserver(homeserver: Homeserver, bot: Bot) -> None:
    mxc = await bot.matrix.reserve_media()
    file = await bot.matrix.put(mxc, b"three days" * 1000)
    assert file["url"] == mxc
    assert await bot.matrix.fetch(file, 10_000) == b"three days" * 1000
    held = homeserver.download(mxc)
    assert len(held) == 10_000 and b"three days" not in held


async def test_a_reserved_id_is_filled_once(bot: Bot) -> None:
    mxc = await bot.matrix.reserve_media()
    file = await bot.matrix.put(mxc, b"rash")
    with pytest.raises(Permanent) as refused:
        await bot.matrix.put(mxc, b"again, under another key")
    assert refused.value.code == "already-uploaded"
    assert await bot.matrix.fetch(file, 4) == b"rash"


async def test_a_download_ends_at_its_limit(bot: Bot) -> None:
    mxc = await bot.matrix.reserve_media()
    file = await bot.matrix.put(mxc, bytes(100_000))
    with pytest.raises(Permanent) as refused:
        await bot.matrix.fetch(file, 99_999)
    assert refused.value.code == "too-large"


async def test_bytes_that_are_not_the_ones_described_are_refused(bot: Bot) -> None:
    mxc, other = await bot.matrix.reserve_media(), await bot.matrix.reserve_media()
    file = await bot.matrix.put(mxc, b"true")
    await bot.matrix.put(other, b"fals")
    with pytest.raises(Permanent) as refused:
        await bot.matrix.fetch({**file, "url": other}, 10)
    assert refused.value.code == "wrong-hash"


async def test_media_is_gone_when_the_homeserver_erased_it_and_not_before(homeserver: Homeserver, bot: Bot) -> None:
    mxc = await bot.matrix.reserve_media()
    file = await bot.matrix.put(mxc, b"rash")
    assert not await bot.matrix.media_is_gone(mxc)
    await erase(homeserver, mxc)
    assert await bot.matrix.media_is_gone(mxc)
    with pytest.raises(Permanent) as refused:
        await bot.matrix.fetch(file, 10)
    assert refused.value.code == "gone"


async def test_an_id_reserved_and_never_filled_is_erased_like_any_other(homeserver: Homeserver, bot: Bot) -> None:
    mxc = await bot.matrix.reserve_media()
    with pytest.raises(OutsideFailure, match="M_NOT_YET_UPLOADED"):
        await bot.matrix.media_is_gone(mxc)
    await erase(homeserver, mxc)
    assert await bot.matrix.media_is_gone(mxc)


async def test_media_that_never_was_is_gone(homeserver: Homeserver, bot: Bot) -> None:
    assert await bot.matrix.media_is_gone(MediaId(f"mxc://{homeserver.server_name}/abcdefghijklmnopqrstuvwx"))


@pytest.mark.parametrize(
    "mxc", ["", "mxc://practice.test", "mxc://practice.test/../../client", "mxc://../config", "https://x/y"]
)
async def test_what_is_no_media_id_reaches_no_other_endpoint(bot: Bot, mxc: str) -> None:
    with pytest.raises(Permanent) as refused:
        await bot.matrix.media_is_gone(MediaId(mxc))
    assert refused.value.code == "bad-attachment"


async def erase(homeserver: Homeserver, mxc: str) -> None:
    """What the purger does."""
    url = f"{homeserver.url}/_synapse/admin/v1/media/{mxc.removeprefix('mxc://')}"
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {homeserver.admin_token}"}) as http,
        http.delete(url) as response,
    ):
        assert response.status == 200
