"""The restore drill: another machine, a backup, the recovery key on paper; and a bot that was signed out comes back.

Sam's app and the homeserver are real. The old machine lives on for a while after the backup, then is gone.
"""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.errors import Permanent, SignedOut
from bot.domain.identifiers import Account
from bot.domain.image import State
from bot.matrix.session import session_of
from bot.operate.app import assembled
from bot.operate.backup.keys_file import back_up_keys, restore_keys
from bot.operate.backup.make import back_up
from bot.operate.backup.restore import restore
from bot.operate.setup import Answers, write_practice
from bot.operate.signed_in_device import forget_session
from storage.vault.key_ring import KeyRing
from tests.homeserver import Homeserver
from tests.live import Live, staffed_live
from tests.patience import PATIENCE
from tests.photos import small


async def becomes(live: Live, event_id: str, state: State) -> str:
    """The image of this event, once it has come so far; its id."""
    for _ in range(int(PATIENCE / 0.1)):
        async with live.bot.kept.journal.reading() as rows:
            image = await rows.images.first(event_id=event_id)
        if image is not None and image.state is state:
            return image.id
        await asyncio.sleep(0.1)
    raise AssertionError(f"{event_id} is not {state.value}: {image and image.state}")


async def test_a_new_machine_with_a_backup_and_the_paper_files_a_photo_in_an_open_case(
    homeserver: Homeserver, tmp_path: Path
) -> None:
    def photo(number: int) -> Path:
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(small(number))
        return path

    async with staffed_live(homeserver, tmp_path / "old") as live:
        sam, file = live.sam, tmp_path / "old" / "config.toml"
        before = await sam.app.aio.send_image(sam.room, photo(1), caption="rash on my arm")
        filed = await becomes(live, before, State.VERIFIED)
        identity = homeserver.identity(live.bot.matrix.user_id).master
        device = live.bot.matrix.device_id
        paper = KeyRing.load(live.config.data.keys_directory).recovery_secret()
        made = await back_up(live.config, file, tmp_path / "usb")  # the bot runs
        await back_up_keys(live.config, tmp_path / "usb" / "keys")
        token = live.bot.matrix._session.access_token
        await live.stop()

        # For the old device, with a key it has, and with a key that it never fetched.
        known = await sam.app.aio.send_image(sam.room, photo(2), caption="it spread")
        await sam.app.aio.call("new_room_key", room=sam.room)
        fresh = await sam.app.aio.send_image(sam.room, photo(3), caption="and spread")
        shutil.rmtree(tmp_path / "old")

        restored = await restore(made.directory, tmp_path / "new" / "config.toml", lambda: paper)

        config, objects = restored.config, restored.objects
        assert objects == 1
        assert restore_keys(config, None, tmp_path / "usb" / "keys") == ["homeserver-password"]
        live.config = config
        await live.start()
        assert homeserver.identity(live.bot.matrix.user_id).master == identity
        assert live.bot.matrix.device_id != device
        with pytest.raises(SignedOut):
            await session_of(homeserver.url, token)
        for event_id in (known, fresh):
            await becomes(live, event_id, State.VERIFIED)
        after = await sam.app.aio.send_image(sam.room, photo(4), caption="better now")
        image_id = await becomes(live, after, State.VERIFIED)
        assert await live.bot.kept.record.content(image_id) == small(4)
        assert await live.bot.kept.record.content(filed) == small(1)
        await live.well()


async def test_a_bot_that_was_signed_out_or_lost_its_keys_stops_and_comes_back_as_itself(
    homeserver: Homeserver, tmp_path: Path
) -> None:
    account, lee = homeserver.account("bot"), "@lee:practice.test"
    answers = Answers(
        "Harbour", "Australia/Sydney", Account(account.user_id), homeserver.url, False, [Account(lee)], Account(lee)
    )
    config, _ = write_practice(tmp_path / "config.toml", answers, account.password)
    secret = KeyRing.load(config.data.keys_directory).recovery_secret()
    async with assembled(config) as bot:
        identity, device = homeserver.identity(account.user_id).master, bot.matrix.device_id
        somebody = homeserver.token(account)  # somebody else signs in as the bot, and signs everybody out
        assert homeserver.ask("POST", "/_matrix/client/v3/logout/all", token=somebody)
        with pytest.raises(SignedOut, match="sign-in"):
            await bot.inbox.pull(timedelta(0))
    with pytest.raises(SignedOut):
        async with assembled(config):
            pass
    await forget_session(config)
    async with assembled(config) as bot:
        assert homeserver.identity(account.user_id).master == identity
        assert bot.matrix.device_id != device
        device = bot.matrix.device_id
        assert signed(homeserver, account.user_id)[device]
        await bot.inbox.pull(timedelta(0))

    shutil.rmtree(config.data.keys_directory)
    with pytest.raises(Permanent, match="no-keys"):
        async with assembled(config):
            pass
    restore_keys(config, secret, None)
    assert not config.homeserver.password_file.exists()
    async with assembled(config) as bot:  # signed in as it is, it needs no password
        assert bot.matrix.device_id == device and signed(homeserver, account.user_id)[device]
        assert homeserver.identity(account.user_id).master == identity


def signed(homeserver: Homeserver, user_id: str) -> dict[str, bool]:
    """Whether each device is signed by the account's own identity."""
    return {device.device_id: device.signed for device in homeserver.identity(user_id).devices}
