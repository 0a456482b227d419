"""When the bot cannot be trusted to run it ends: one clear sentence, an exit code, and everything left as it was."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.operate.kept import JOURNAL
from storage.sql.database import Database
from storage.vault.key_ring import KeyRing
from tests.bot_process import BotProcess, RunningPractice, until
from tests.homeserver import Homeserver, finish


@pytest.fixture(scope="module")
def used(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPractice]:
    """A practice whose bot has run once and was stopped."""
    practice = RunningPractice(homeserver, tmp_path_factory.mktemp("used"))
    try:
        practice.bot.start()
        until(lambda: not practice.intents("due"), "the first start has made the practice's room")
        assert practice.bot.stop() == 0
        yield practice
    finally:
        practice.bot.kill()


@pytest.fixture
def copy(used: RunningPractice, tmp_path: Path) -> Path:
    """Its configuration, data and keys, to be spoilt."""
    home = tmp_path / "practice"
    home.mkdir(mode=0o700)
    for name in ("config.toml", "data", "keys"):
        source = used.home / name
        shutil.copytree(source, home / name) if source.is_dir() else shutil.copy(source, home / name)
    return home


def refused(home: Path, *words: str) -> str:
    """Run the bot there; the one sentence with which it ended."""
    bot = BotProcess(home / "config.toml")
    ended = bot.command(*(words or ("run",)))
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout == ""
    [sentence] = ended.stderr.splitlines()
    assert "Traceback" not in sentence
    return sentence


def test_a_second_bot_on_the_same_data_is_refused_and_the_first_goes_on(used: RunningPractice) -> None:
    used.bot.start()
    second = used.bot.command("run")
    assert second.returncode == 1
    [sentence] = second.stderr.splitlines()
    assert "another consentry is running" in sentence
    assert used.bot.alive()
    assert used.bot.stop() == 0


def damage(home: Path) -> None:
    journal = home / "data" / JOURNAL
    content = bytearray(journal.read_bytes())
    content[5000] ^= 1
    journal.write_bytes(content)


def truncate(home: Path) -> None:
    journal = home / "data" / JOURNAL
    journal.write_bytes(journal.read_bytes()[:10_000])


def make_newer(home: Path) -> None:
    async def newer() -> None:
        database = await Database.open(home / "data" / JOURNAL, KeyRing.load(home / "keys").database)
        async with database.transaction() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        await database.close()

    finish(newer())


def exchange_keys(home: Path) -> None:
    (home / "keys" / "master.key").unlink()
    KeyRing.create(home / "keys")


def lose_keys(home: Path) -> None:
    (home / "keys" / "master.key").unlink()


def open_keys_to_others(home: Path) -> None:
    (home / "keys" / "master.key").chmod(0o644)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (damage, "is damaged and was left as it is.*restore a backup"),
        (truncate, "is damaged and was left as it is"),
        (make_newer, "written by a newer version"),
        (exchange_keys, "the keys do not open.*recovery key"),
        (lose_keys, "is missing; restore the keys directory"),
        (open_keys_to_others, "others on this machine may open .*chmod 600"),
    ],
)
def test_what_is_kept_and_cannot_be_trusted_is_left_alone(copy: Path, spoil: Callable[[Path], None], said: str) -> None:
    spoil(copy)
    before = (copy / "data" / JOURNAL).read_bytes()
    sentence = refused(copy)
    assert re.search(said, sentence), sentence
    assert (copy / "data" / JOURNAL).read_bytes() == before


def test_a_lost_matrix_key_store_is_not_silently_made_anew(copy: Path) -> None:
    (copy / "data" / "matrix-keys.db").unlink()
    assert "key" in refused(copy)


def test_a_homeserver_that_is_not_there_is_named_and_waited_for_until_somebody_stops_it(
    copy: Path, used: RunningPractice
) -> None:
    config = copy / "config.toml"
    config.write_text(config.read_text().replace(used.homeserver.url, "http://127.0.0.1:9"))
    bot = BotProcess(config)
    bot.launch()
    try:
        until(lambda: b"next try in 2 s; `consentry doctor` helps" in bot.said(), "it tries again")
        assert b"homeserver: ClientConnectorError" in bot.said()
        assert bot.stop() == 0
    finally:
        bot.kill()


def test_signed_out_elsewhere_it_ends_and_says_so(homeserver: Homeserver, tmp_path: Path) -> None:
    practice = RunningPractice(homeserver, tmp_path)
    practice.bot.start()
    account = practice.accounts["consentry"].user_id
    path = f"/_synapse/admin/v1/reset_password/{account}"
    body = b'{"new_password": "another long password", "logout_devices": true}'
    assert homeserver.ask("POST", path, body, homeserver.admin_token)[0] == 200
    try:
        assert practice.bot.ended() == 1
    finally:
        practice.bot.kill()
    *_, last = practice.bot.said().decode().splitlines()
    assert "the homeserver ended the bot's session" in last
    assert "Traceback" not in practice.bot.said().decode()
