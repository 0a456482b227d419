"""The purger as a process, at a real homeserver: what it deletes, what it never does, and what survives what."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.errors import OutsideFailure, Permanent
from bot.purger.deletion_cap import RateCap
from bot.purger.deletion_log import Register
from bot.purger.homeserver_media import HomeserverMedia
from bot.purger.protocol import MAX_LINE, Media
from bot.purger.refusals import HomeserverAway
from bot.purger.server import PurgeServer
from bot.purger.socket_client import SocketPurger
from tests.homeserver import Homeserver, free_port
from tests.patience import PATIENCE
from tests.purger import PurgerProcess

Start = Callable[..., PurgerProcess]


@pytest.fixture
def purger(homeserver: Homeserver, tmp_path: Path) -> Iterator[Start]:
    """Starts the purger, again on the same files if asked again."""
    started: list[PurgerProcess] = []

    def start(url: str = homeserver.url, token: str = homeserver.admin_token, **limits: int) -> PurgerProcess:
        for process in started:
            process.stop()
        started.append(PurgerProcess(tmp_path / "purger", url, token, **limits))
        return started[-1].start()

    yield start
    for process in started:
        process.stop()


def converse(path: Path, said: bytes, *, hang_up: bool = True) -> bytes:
    """All that is answered to these bytes until the connection ends."""
    with socket.socket(socket.AF_UNIX) as talk:
        talk.settimeout(PATIENCE)
        talk.connect(str(path))
        talk.sendall(said)
        if hang_up:
            talk.shutdown(socket.SHUT_WR)
        answered = b""
        while chunk := talk.recv(4096):
            answered += chunk
        return answered


def registered(process: PurgerProcess) -> list[str]:
    return [json.loads(line)["media"] for line in process.register.read_text().splitlines()]


async def test_erased_media_is_gone_from_the_homeserver_and_in_the_register(
    homeserver: Homeserver, purger: Start
) -> None:
    process, media, other = purger(), homeserver.upload(b"one"), homeserver.upload(b"two")
    assert homeserver.download_status(media) == 200

    erased = await process.client.erase_media(media, homeserver.uploader)

    assert erased.gone
    assert homeserver.download_status(media) == 404
    assert homeserver.download_status(other) == 200
    assert registered(process) == [media]
    assert not list(homeserver.data_dir.glob(f"media/**/*{media[-20:]}*"))


async def test_media_that_somebody_else_uploaded_is_not_touched(homeserver: Homeserver, purger: Start) -> None:
    """Whoever names another's media id in a message of their own gets nothing deleted."""
    process, media = purger(), homeserver.upload(b"one")
    assert (await process.client.erase_media(media, "@mallory:practice.test")).reason == "not-theirs"
    assert homeserver.download_status(media) == 200
    assert registered(process) == []


async def test_media_of_another_homeserver_is_not_touched(homeserver: Homeserver, purger: Start) -> None:
    process, media = purger(), homeserver.upload(b"one")
    for address in (media.replace("practice.test", "elsewhere.test"), media.replace("practice", "PRACTICE")):
        assert (await process.client.erase_media(address, homeserver.uploader)).reason == "not-local"
    assert homeserver.download_status(media) == 200
    assert registered(process) == []


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe\x00",
        b"null",
        b"[" * 900,
        b'{"do": "list"}',
        b'{"do": "ping", "media": "mxc://practice.test/a"}',
        b'{"do": "erase"}',
        b'{"do": "erase", "media": "mxc://practice.test/a"}',
        b'{"do": "erase", "media": ["mxc://practice.test/a", "mxc://practice.test/b"]}',
        b'{"do": "erase", "media": "mxc://practice.test/a", "user": "@sam:practice.test"}',
        b'{"do": "purge_history", "room": "!a"}',
        b'{"do": "deactivate", "user": "@sam:practice.test"}',
    ],
)
async def test_anything_but_its_requests_is_malformed(purger: Start, line: bytes) -> None:
    process = purger()
    assert converse(process.socket, line + b'\n{"do": "ping"}\n') == b'{"error": "malformed"}\n{"alive": true}\n'
    assert registered(process) == []


async def test_a_line_without_end_is_answered_and_the_process_lives(purger: Start) -> None:
    process = purger()
    assert converse(process.socket, b"a" * (MAX_LINE + 1), hang_up=False) == b'{"error": "malformed"}\n'
    assert converse(process.socket, b'{"do": "ping"') == b""
    assert await process.client.available()


async def test_no_more_than_the_cap_is_deleted_also_after_a_restart(homeserver: Homeserver, purger: Start) -> None:
    process = purger(per_hour=6)
    uploads = [homeserver.upload(b"x") for _ in range(3)]
    for media in uploads[:2]:
        assert (await process.client.erase_media(media, homeserver.uploader)).gone

    for again in (process, purger(per_hour=6)):
        put_off = await again.client.erase_media(uploads[2], homeserver.uploader)
        assert (put_off.gone, put_off.reason) == (False, "rate-capped")
        assert put_off.ask_again is not None
        assert timedelta(minutes=50) < put_off.ask_again <= timedelta(hours=1)
    assert homeserver.download_status(uploads[2]) == 200


async def test_whoever_has_used_up_their_share_stops_nobody_elses(homeserver: Homeserver, purger: Start) -> None:
    process, tom = purger(per_hour=6), homeserver.account("tom-of-the-share")
    for _ in range(2):
        assert (await process.client.erase_media(homeserver.upload(b"x"), homeserver.uploader)).gone
    assert (await process.client.erase_media(homeserver.upload(b"x"), homeserver.uploader)).reason == "rate-capped"

    _, answer = homeserver.ask("POST", "/_matrix/media/v3/upload", b"ciphertext", homeserver.token(tom))
    photo = json.loads(answer)["content_uri"]
    assert (await process.client.erase_media(photo, tom.user_id)).gone
    assert homeserver.download_status(photo) == 404


async def test_media_the_homeserver_never_had_is_gone_and_costs_neither_cap_nor_register(
    homeserver: Homeserver, purger: Start
) -> None:
    process = purger(per_hour=3)
    for _ in range(30):
        invented = f"mxc://practice.test/{secrets.token_hex(12)}"
        assert (await process.client.erase_media(invented, homeserver.uploader)).gone
    assert registered(process) == []
    assert (await process.client.erase_media(homeserver.upload(b"x"), homeserver.uploader)).gone


async def test_a_burst_is_capped_by_the_minute(homeserver: Homeserver, purger: Start) -> None:
    process = purger(per_minute=1)
    assert (await process.client.erase_media(homeserver.upload(b"x"), homeserver.uploader)).gone
    put_off = await process.client.erase_media(homeserver.upload(b"x"), homeserver.uploader)
    assert put_off.ask_again is not None
    assert put_off.ask_again <= timedelta(minutes=1)


async def test_a_homeserver_that_is_away_is_tried_again_later(homeserver: Homeserver, purger: Start) -> None:
    process, earlier, media = purger(), homeserver.upload(b"one"), homeserver.upload(b"two")
    assert (await process.client.erase_media(earlier, homeserver.uploader)).gone
    async with homeserver.away():
        with pytest.raises(OutsideFailure, match="away"):
            await process.client.erase_media(media, homeserver.uploader)
        assert await process.client.available()
        assert registered(process) == [earlier]
    assert (await process.client.erase_media(media, homeserver.uploader)).gone
    assert homeserver.download_status(media) == 404


async def test_a_token_without_power_is_for_a_person_to_mend(homeserver: Homeserver, purger: Start) -> None:
    process, media = purger(token=homeserver.token(homeserver.account("sam"))), homeserver.upload(b"one")
    with pytest.raises(Permanent, match="purger-forbidden"):
        await process.client.erase_media(media, homeserver.uploader)

    process.token_file.write_text("no-such-token")
    process = purger(token="no-such-token")
    with pytest.raises(Permanent, match="purger-forbidden"):
        await process.client.erase_media(media, homeserver.uploader)

    process.token_file.write_text(homeserver.admin_token)
    assert (await process.client.erase_media(media, homeserver.uploader)).gone, (
        "a renewed token is read without a restart"
    )


def test_the_socket_is_closed_to_others(purger: Start) -> None:
    process = purger()
    assert stat.S_IMODE(process.socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(process.socket.parent.stat().st_mode) == 0o700


def test_a_lax_directory_or_token_file_is_refused(purger: Start) -> None:
    process = purger()
    process.stop()
    process.socket.parent.chmod(0o755)
    with pytest.raises(RuntimeError, match="chmod 700"):
        purger()
    process.socket.parent.chmod(0o700)
    process.token_file.chmod(0o640)
    with pytest.raises(RuntimeError, match="chmod 600"):
        purger()


def test_a_token_is_never_sent_in_clear_to_another_machine(purger: Start) -> None:
    with pytest.raises(RuntimeError, match="https"):
        purger(url="http://homeserver.example:8008")


async def test_another_user_of_the_machine_gets_no_answer(homeserver: Homeserver, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.touch(mode=0o600)
    token.write_text(homeserver.admin_token)
    register = Register(tmp_path / "register")
    media = HomeserverMedia(homeserver.url, token)
    path = tmp_path / "socket" / "purger"
    server = PurgeServer(path, media, register, RateCap(10, 10), uid=os.getuid() + 1)
    await server.start()
    try:
        assert not await SocketPurger(path).available()
    finally:
        await server.close()
        register.close()


async def test_the_token_is_in_no_log_register_or_argument(homeserver: Homeserver, purger: Start) -> None:
    token = homeserver.admin_token
    process = purger()
    await process.client.erase_media(homeserver.upload(b"x"), homeserver.uploader)
    await process.client.erase_media("mxc://practice.test/" + secrets.token_hex(8), homeserver.uploader)
    async with homeserver.away():
        with pytest.raises(OutsideFailure):
            await process.client.erase_media("mxc://practice.test/x", homeserver.uploader)
    for proc_file in (Path(f"/proc/{process.pid}/cmdline"), Path(f"/proc/{process.pid}/environ")):
        assert token.encode() not in proc_file.read_bytes()
    for file in process.directory.rglob("*"):
        if file.is_file() and file != process.token_file:
            assert token.encode() not in file.read_bytes(), file
    assert "away" in process.said()


async def test_a_killed_purger_starts_again_over_its_own_socket_and_register(
    homeserver: Homeserver, purger: Start
) -> None:
    process, media = purger(), homeserver.upload(b"x")
    assert (await process.client.erase_media(media, homeserver.uploader)).gone
    process.stop(signal.SIGKILL)
    with process.register.open("ab") as register:
        register.write(b'{"n": 2, "at": "torn')

    again = purger()

    assert (await again.client.erase_media(media, homeserver.uploader)).gone
    assert registered(again) == [media], "gone already, it is not erased again"


def test_two_purgers_never_share_a_register(purger: Start) -> None:
    process = purger()
    second = PurgerProcess(process.directory, "http://127.0.0.1:1", "t")
    with pytest.raises(RuntimeError, match="another purger"):
        second.start()
    second.stop()


async def test_a_proxys_404_is_not_taken_for_gone(tmp_path: Path) -> None:
    async def whoami(_: web.Request) -> web.Response:
        return web.json_response({"user_id": "@consentry-purger:practice.test"})

    async def nothing(_: web.Request) -> web.Response:
        return web.json_response({"errcode": "M_UNRECOGNIZED"}, status=404)

    app = web.Application()
    app.router.add_get("/_matrix/client/v3/account/whoami", whoami)
    app.router.add_route("*", "/{anything:.*}", nothing)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    token = tmp_path / "token"
    token.touch(mode=0o600)
    token.write_text("t")
    media = HomeserverMedia(f"http://127.0.0.1:{port}", token)
    try:
        assert await media.server_name() == "practice.test"
        with pytest.raises(HomeserverAway):
            await media.delete(Media("practice.test", "abc"))
    finally:
        await runner.cleanup()


async def test_only_one_accounts_ciphertext_of_this_homeserver_is_named_and_nothing_is_registered(
    homeserver: Homeserver, purger: Start
) -> None:
    process = purger()
    account = homeserver.account("lister")
    token = homeserver.token(account)
    before = datetime.now(UTC) - timedelta(minutes=1)
    _, answer = homeserver.ask("POST", "/_matrix/media/v3/upload", b"ciphertext", token)
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert await process.client.media_of(account.user_id, later) == [json.loads(answer)["content_uri"]]
    assert await process.client.media_of(account.user_id, before) == []
    with pytest.raises(OutsideFailure, match="not-local"):
        await process.client.media_of("@sam:elsewhere.test", later)
    with pytest.raises(OutsideFailure, match="malformed"):
        await process.client.media_of("@sam/../../x?y:practice.test", later)
    assert registered(process) == []
