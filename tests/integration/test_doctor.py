"""The doctor sees what is wrong on a real homeserver, says how to mend it, and goes on looking."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Config
from bot.domain.identifiers import Account
from bot.ids import SystemClock
from bot.operate.app import assembled, run
from bot.operate.doctor import Finding, examine
from bot.operate.doctor.check_homeserver import clock, kept_session
from bot.operate.doctor.check_machine import theft
from bot.operate.doctor.check_record import vault_key
from bot.operate.kept import opened
from bot.operate.setup import Answers, write_practice
from storage.vault.key_ring import FILE
from storage.vault.rotation import Rotation
from tests.homeserver import Homeserver, free_port
from tests.patience import PATIENCE


def practice(directory: Path, url: str, user: str, password: str) -> Config:
    answers = Answers(
        "Harbour",
        "Australia/Sydney",
        Account(user),
        url,
        False,
        [Account("@lee:practice.test")],
        Account("@lee:practice.test"),
    )
    return write_practice(directory / "config.toml", answers, password)[0]


@pytest.fixture
def config(homeserver: Homeserver, tmp_path: Path) -> Config:
    account = homeserver.account("bot")
    return practice(tmp_path, homeserver.url, account.user_id, account.password)


async def found(config: Config) -> dict[str, Finding]:
    findings = await examine(config, config.data.directory.parent / "config.toml")
    assert all(finding.mend for finding in findings if finding.ok is not True)
    return {finding.name: finding for finding in findings}


async def test_before_the_first_start_nothing_is_wrong_and_what_is_missing_is_told(config: Config) -> None:
    findings = await found(config)
    assert [name for name, finding in findings.items() if finding.ok is False] == []
    risky = [name for name, finding in findings.items() if finding.risky]
    assert [name for name in risky if name != "Stolen disk"] == ["Second copy", "Purger"]  # that one is this machine's
    assert findings["Homeserver"].ok and findings["Clock"].ok and findings["Pictures"].ok is not False
    assert findings["Login"].ok is findings["Record"].ok is findings["Purger"].ok is None
    assert "beyond the bot's reach" in findings["Purger"].what
    assert all(layer in findings["Pictures"].what for layer in ("no network", "Landlock", "seccomp"))


async def test_a_running_bot_is_seen_to_be_signed_and_to_have_the_power_to_redact(config: Config) -> None:
    running = asyncio.create_task(run(config))
    findings: dict[str, Finding] = {}
    async with asyncio.timeout(PATIENCE):  # until the practice's room is made
        while not ((power := findings.get("Power to redact")) and power.ok):
            assert not running.done()
            findings = await found(config)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert findings["Cross-signing"].ok and findings["Login"].ok and findings["Record"].ok
    assert "1 of its 1 rooms" in findings["Power to redact"].what
    assert findings["Audit log"].ok is not False


async def test_a_session_that_was_ended_is_told_with_what_to_do(homeserver: Homeserver, config: Config) -> None:
    async with assembled(config) as bot:
        session = kept_session(config, bot.kept)
    assert session is not None
    homeserver.ask("POST", "/_matrix/client/v3/logout", b"{}", session.access_token)
    login = (await found(config))["Login"]
    assert login.ok is False
    assert "consentry sign-in" in login.mend
    assert session.access_token not in repr(login)


async def test_one_thing_wrong_keeps_nothing_else_from_being_looked_at(tmp_path: Path) -> None:
    config = practice(tmp_path, f"http://127.0.0.1:{free_port()}", "@bot:practice.test", "secret-password")
    (config.data.keys_directory / FILE).unlink()
    config.data.directory.chmod(0o755)
    config.homeserver.password_file.chmod(0o644)
    findings = await found(config)
    wrong = {name for name, finding in findings.items() if finding.ok is False}
    assert wrong == {"Data directory", "Password file", "Keys", "Homeserver"}
    assert findings["Data directory"].mend == f"chmod 700 {config.data.directory}"
    assert findings["Password file"].mend == f"chmod 600 {config.homeserver.password_file}"
    assert findings["Pictures"].ok
    assert "secret-password" not in repr(findings)


async def test_a_renewal_of_the_vaults_key_that_stopped_half_way_is_told_until_it_is_finished(tmp_path: Path) -> None:
    config = practice(tmp_path, f"http://127.0.0.1:{free_port()}", "@bot:practice.test", "secret-password")
    async with opened(config) as kept:
        await kept.masters.current()
        assert (await vault_key(kept)).ok
        async with kept.database.transaction() as connection:  # as a rotation begins
            await kept.masters.add(connection)
        stopped = await vault_key(kept)
        assert stopped.ok is False
        assert "1, 2" in stopped.what and "consentry keys rotate" in stopped.mend
        await Rotation(kept.database, kept.masters, kept.vault, SystemClock().now).run()
        assert (await vault_key(kept)).what == "key 2 alone"


def test_keys_and_data_on_one_disk_that_is_not_encrypted_are_a_risk_that_is_told(tmp_path: Path) -> None:
    config = practice(tmp_path, f"http://127.0.0.1:{free_port()}", "@bot:practice.test", "secret-password")
    blocks, on = tmp_path / "blocks", config.data.directory.parent.stat().st_dev
    assert theft(config, blocks).ok is None
    device = blocks / f"{os.major(on)}:{os.minor(on)}"
    (device / "slaves" / "partition").mkdir(parents=True)
    assert theft(config, blocks).risky
    (device / "dm").mkdir()
    (device / "dm" / "uuid").write_text("LVM-volume")
    assert theft(config, blocks).risky
    (device / "slaves" / "partition" / "dm").mkdir()
    (device / "slaves" / "partition" / "dm" / "uuid").write_text("CRYPT-LUKS2-0123")
    assert theft(config, blocks).ok


async def test_a_purger_that_does_not_answer_is_wrong(config: Config, tmp_path: Path) -> None:
    asked = config.model_copy(update={"purger": config.purger.model_copy(update={"socket": tmp_path / "none.sock"})})
    assert (await found(asked))["Purger"].ok is False


def test_clocks_may_differ_by_a_minute_and_no_more() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert clock(now - timedelta(seconds=60), now).ok
    assert clock(now + timedelta(seconds=61), now).ok is False
    assert clock(None, now).ok is None
