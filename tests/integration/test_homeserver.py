"""The embedded homeserver as a practice runs it, with its limits on: closed, private, and handing out no power."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain import identifiers
from bot.domain.errors import Permanent
from bot.homeserver import EmbeddedHomeserver, RegisteredAccount, synapse_venv
from bot.operate.backup.make import back_up
from bot.operate.backup.restore import restore
from bot.operate.kept import opened
from bot.operate.setup import Answers, write_practice
from storage.vault.key_ring import KeyRing
from tests.homeserver import Homeserver, finish, free_port

REGISTER = "/_matrix/client/v3/register"


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    """Its own homeserver, because the suite's has no limits and cheap passwords."""
    directory = tmp_path_factory.mktemp("practice") / "homeserver"
    server = Homeserver(EmbeddedHomeserver(directory, "practice.test", free_port(), synapse_venv()))
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def sam(practice: Homeserver) -> tuple[RegisteredAccount, str]:
    account = practice.account("sam")
    return account, practice.token(account)


def register_with(practice: Homeserver, username: str, token: str) -> int:
    """What becomes of somebody who registers with this token."""
    body: dict[str, object] = {"username": username, "password": "a long enough password"}
    _, answer = practice.ask("POST", REGISTER, json.dumps(body).encode())
    body["auth"] = {"session": json.loads(answer)["session"], "type": "m.login.registration_token", "token": token}
    status, answer = practice.ask("POST", REGISTER, json.dumps(body).encode())
    if status == 401 and "m.login.dummy" in json.dumps(json.loads(answer).get("flows", [])):
        body["auth"] = {"session": json.loads(answer)["session"], "type": "m.login.dummy"}
        status, _ = practice.ask("POST", REGISTER, json.dumps(body).encode())
    return status


async def test_nobody_registers_without_a_token_and_a_token_makes_one_account(practice: Homeserver) -> None:
    pool = await practice.embedded.registration_tokens(2)
    handed_out = pool.take(datetime.now(UTC) + timedelta(days=14))
    assert handed_out

    assert register_with(practice, "nobody", "guessed") == 401
    assert register_with(practice, "patient", handed_out.token) == 200
    assert register_with(practice, "patients-friend", handed_out.token) == 401


async def test_a_token_is_handed_out_once_and_the_pool_is_filled_up_again(practice: Homeserver) -> None:
    soon, late = datetime.now(UTC) + timedelta(days=14), datetime.now(UTC) + timedelta(days=365)
    pool = await practice.embedded.registration_tokens(2)
    first, second = pool.take(soon), pool.take(soon)
    assert first
    assert second
    assert first.token != second.token
    assert pool.take(soon) is None

    refilled = await practice.embedded.registration_tokens(2)
    assert refilled.count(soon) == 2
    assert refilled.take(late) is None, "no token is promised for longer than it lasts"
    assert first.token not in repr(first)


async def test_the_purgers_token_is_kept_found_again_and_made_anew(practice: Homeserver) -> None:
    embedded = practice.embedded
    token = await embedded.admin_token()
    assert await embedded.admin_token() == token
    assert embedded.purger_token_file.read_text().strip() == token

    embedded.purger_token_file.unlink()
    anew = await embedded.admin_token()
    status, answer = practice.ask("GET", "/_synapse/admin/v1/server_version", token=anew)
    assert status == 200, answer


def test_every_room_is_encrypted_whoever_made_it(practice: Homeserver, sam: tuple[RegisteredAccount, str]) -> None:
    _, token = sam
    _, answer = practice.ask("POST", "/_matrix/client/v3/createRoom", b"{}", token)
    room = json.loads(answer)["room_id"]
    status, answer = practice.ask("GET", f"/_matrix/client/v3/rooms/{room}/state/m.room.encryption", token=token)
    assert status == 200
    assert json.loads(answer)["algorithm"] == "m.megolm.v1.aes-sha2"


def test_a_first_sync_is_never_answered_as_it_was(practice: Homeserver, sam: tuple[RegisteredAccount, str]) -> None:
    """A page keeps no messages and asks anew at each visit: what was redacted in between must not come back to it (R17)."""
    _, token = sam
    _, made = practice.ask("POST", "/_matrix/client/v3/createRoom", b"{}", token)
    room = json.loads(made)["room_id"]
    send = f"/_matrix/client/v3/rooms/{room}/send/m.room.encrypted/1"
    event = json.loads(practice.ask("PUT", send, b'{"ciphertext": "photo"}', token)[1])["event_id"]

    def seen() -> dict[str, object]:
        _, answer = practice.ask("GET", "/_matrix/client/v3/sync?timeout=0", token=token)
        timeline = json.loads(answer)["rooms"]["join"][room]["timeline"]["events"]
        return next(dict(each["content"]) for each in timeline if each["event_id"] == event)

    assert seen() == {"ciphertext": "photo"}
    assert practice.ask("PUT", f"/_matrix/client/v3/rooms/{room}/redact/{event}/2", b"{}", token)[0] == 200
    assert seen() == {}


def test_patients_cannot_find_one_another(practice: Homeserver, sam: tuple[RegisteredAccount, str]) -> None:
    _, token = sam
    practice.account("samantha")
    status, answer = practice.ask(
        "POST", "/_matrix/client/v3/user_directory/search", b'{"search_term": "samantha"}', token
    )
    assert (status, json.loads(answer)["results"]) == (200, [])
    assert practice.ask("GET", "/_matrix/client/v3/publicRooms")[0] in (401, 403)


def test_wrong_passwords_are_soon_slowed_down(practice: Homeserver) -> None:
    account = practice.account("guessed")
    body = json.dumps({"type": "m.login.password", "user": account.user_id, "password": "wrong"}).encode()
    assert any(practice.ask("POST", "/_matrix/client/v3/login", body)[0] == 429 for _ in range(12))


def test_everything_on_disk_is_closed_to_others(practice: Homeserver, sam: tuple[RegisteredAccount, str]) -> None:
    practice.ask("POST", "/_matrix/media/v3/upload", b"ciphertext", sam[1])

    def open_to_others(path: Path) -> int:
        try:
            return path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        except FileNotFoundError:
            return 0  # gone since it was listed: its database makes and removes files while it runs

    everything = [practice.data_dir, *practice.data_dir.rglob("*")]
    assert [path for path in everything if open_to_others(path)] == []


def test_no_secret_is_an_argument_and_no_environment_is_handed_on(
    practice: Homeserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", "canary-in-the-environment")
    practice.stop()
    practice.start()
    process = Path("/proc") / (practice.data_dir / "homeserver.lock").read_text()
    identity = json.loads((practice.data_dir / "identity.yaml").read_text())
    arguments, environment = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
    assert b"synapse.app.homeserver" in arguments
    for secret in (value for key, value in identity.items() if key != "server_name"):
        assert secret.encode() not in arguments + environment
    assert b"CANARY" not in environment


def test_what_people_write_is_not_in_the_logs(practice: Homeserver, sam: tuple[RegisteredAccount, str]) -> None:
    _, token = sam
    _, answer = practice.ask("POST", "/_matrix/client/v3/createRoom", b'{"name": "canary-name"}', token)
    room = json.loads(answer)["room_id"]
    practice.ask("PUT", f"/_matrix/client/v3/rooms/{room}/send/m.room.message/1", b'{"body": "canary-body"}', token)
    practice.ask("PUT", f"/_matrix/client/v3/rooms/{room}/send/m.room.message/2", b'{"body": "canary-brok', token)
    for log in [*practice.data_dir.glob("homeserver.log*"), practice.data_dir / "start.err"]:
        assert "canary" not in log.read_text()


async def test_whoever_comes_later_finds_it_running_and_can_stop_it(practice: Homeserver) -> None:
    port = int(practice.url.rpartition(":")[2])
    later = EmbeddedHomeserver(practice.data_dir, "practice.test", port, synapse_venv())
    lock = practice.data_dir / "homeserver.lock"
    before = lock.read_text()
    await later.start()
    assert lock.read_text() == before, "no second one was started"

    await later.stop()
    assert not practice.embedded.running()
    await later.stop()
    await practice.embedded.start()


async def test_a_restored_one_starts_with_its_accounts_its_sessions_and_its_rooms(
    practice: Homeserver, sam: tuple[RegisteredAccount, str], tmp_path: Path
) -> None:
    account, token = sam
    _, answer = practice.ask("POST", "/_matrix/client/v3/createRoom", b"{}", token)
    room = f"/_matrix/client/v3/rooms/{json.loads(answer)['room_id']}"
    _, answer = practice.ask("PUT", f"{room}/send/m.room.encrypted/1", b'{"ciphertext": "x"}', token)
    before = f"{room}/event/{json.loads(answer)['event_id']}"

    bot, file = f"@bot:{practice.server_name}", practice.data_dir.parent / "config.toml"
    manager = identifiers.Account(account.user_id)
    answers = Answers("Harbour", "Australia/Sydney", identifiers.Account(bot), practice.url, True, [manager], manager)
    config, _ = write_practice(file, answers, "the password")
    async with opened(config):
        made = await back_up(config, file, tmp_path / "usb")  # the homeserver runs
    await practice.embedded.admin_token()
    assert not [file for file in made.directory.rglob("*") if file.suffix == ".token"], "it is made anew"
    paper = KeyRing.load(config.data.keys_directory).recovery_secret()
    await restore(made.directory, tmp_path / "new" / "config.toml", lambda: paper)
    directory = tmp_path / "new" / "homeserver"
    restored = Homeserver(EmbeddedHomeserver(directory, practice.server_name, free_port(), synapse_venv()))
    restored.start()
    try:
        assert restored.ask("GET", before, token=token)[0] == 200
        assert restored.token(account)
        assert (await restored.embedded.registration_tokens(2)).count(datetime.now(UTC)) >= 2
        assert restored.ask("GET", "/_synapse/admin/v1/server_version", token=restored.admin_token)[0] == 200
    finally:
        restored.stop()


async def test_its_name_and_keys_are_made_once(tmp_path: Path) -> None:
    EmbeddedHomeserver(tmp_path, "practice.test", 1).prepare()
    made = {path: path.read_bytes() for path in (tmp_path / "identity.yaml", tmp_path / "signing.key")}
    EmbeddedHomeserver(tmp_path, "practice.test", 2).prepare()
    assert made == {path: path.read_bytes() for path in made}
    with pytest.raises(Permanent, match="another name"):
        EmbeddedHomeserver(tmp_path, "other.test", 1).prepare()


@pytest.mark.parametrize("name", ["", "practice test", "-x", "a/b", 'x"\nadmin: true', "Practice.test"])
def test_a_name_no_homeserver_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Permanent, match="server-name"):
        EmbeddedHomeserver(tmp_path, name, 1).prepare()


async def test_a_taken_port_is_said(practice: Homeserver, tmp_path: Path) -> None:
    port = int(practice.url.rpartition(":")[2])
    with pytest.raises(Permanent, match="port-taken"):
        await EmbeddedHomeserver(tmp_path, "other.test", port).start()


async def test_a_missing_synapse_is_said(tmp_path: Path) -> None:
    with pytest.raises(Permanent, match="make install"):
        await EmbeddedHomeserver(tmp_path, "other.test", free_port(), tmp_path / "no-venv").start()


async def test_settings_synapse_refuses_end_with_where_to_look(tmp_path: Path) -> None:
    (tmp_path / "local.yaml").write_text("database: {name: no-such-database}\n")
    with pytest.raises(Permanent, match=r"start\.err"):
        await EmbeddedHomeserver(tmp_path, "other.test", free_port(), synapse_venv()).start()


def test_a_password_is_not_in_what_is_printed(practice: Homeserver) -> None:
    account = finish(practice.embedded.register(practice.localpart(), "canary-password"))
    assert "canary" not in repr(account)
