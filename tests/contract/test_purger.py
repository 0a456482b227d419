"""What the core may count on from any purger, the real one and the one that says there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.identifiers import Account, MediaId
from bot.ports import Purger
from bot.purger.socket_client import NoPurger, SocketPurger
from tests.homeserver import Homeserver
from tests.purger import PurgerProcess


@pytest.fixture(params=["socket", "none"])
def purger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Purger]:
    if request.param == "none":
        yield NoPurger()
        return
    homeserver: Homeserver = request.getfixturevalue("homeserver")
    process = PurgerProcess(tmp_path / "purger", homeserver.url, homeserver.admin_token).start()
    try:
        yield process.client
    finally:
        process.stop()


async def test_erasing_twice_is_as_good_as_once(purger: Purger, homeserver: Homeserver) -> None:
    media = homeserver.upload(b"ciphertext")
    assert await purger.erase_media(MediaId(media), Account(homeserver.uploader)) == await purger.erase_media(
        MediaId(media), Account(homeserver.uploader)
    )


async def test_what_is_available_erases_and_what_is_not_says_so(purger: Purger, homeserver: Homeserver) -> None:
    erased = await purger.erase_media(MediaId(homeserver.upload(b"ciphertext")), Account(homeserver.uploader))
    assert erased.gone == await purger.available()


@pytest.mark.parametrize(
    "media",
    [
        "mxc://elsewhere.test/abcdef",
        "mxc://practice.test",
        "mxc://practice.test/",
        "mxc://practice.test/../../users",
        "mxc://practice.test/a/b",
        "mxc://practice.test/a?b",
        "mxc://practice.test/a%2Fb",
        "mxc://practice.test/a\n",
        "mxc://practice.test/" + "a" * 5000,
        "https://practice.test/a",
        "",
    ],
)
async def test_what_cannot_be_erased_is_answered_with_a_reason(purger: Purger, media: str) -> None:
    erased = await purger.erase_media(MediaId(media), Account("@sam:practice.test"))
    assert not erased.gone
    assert erased.reason


async def test_a_purger_that_is_not_there_is_not_available(tmp_path: Path) -> None:
    assert not await SocketPurger(tmp_path / "nothing").available()
