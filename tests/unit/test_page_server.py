"""The page process between a browser and a homeserver: strict headers, a short list, caps, and one true address."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from bot.config import LoopbackAddress
from bot.domain.errors import Permanent
from bot.page import Bundle, PageServer, PageSettings, load_bundle
from bot.page.bundle import PACKED_LIST
from bot.page.passing_on import LARGEST_QUESTION, browsers_address
from tests.homeserver import free_port

START = b"<!doctype html>"
SYNC = "/_matrix/client/v3/sync"
SEND = "/_matrix/client/v3/rooms/!a:practice.test/send/m.room.encrypted/1"
UPLOAD = "/_matrix/media/v3/upload"
LARGEST = 100_000
LATE = "timeout=30000"


@dataclass
class Between:
    """The page's address, and what reached the homeserver behind it."""

    url: str
    reached: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)  # for what is answered late


def digests_of(place: Path, listed: str, *names: str) -> None:
    lines = (f"{hashlib.sha256((place / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (place / listed).write_text("".join(lines))


def bundle(place: Path) -> Bundle:
    (place / "index.html").write_bytes(START)
    (place / "app-1.js").write_bytes(b"1")
    (place / "app-1.js.br").write_bytes(b"packed")
    digests_of(place, "list", "index.html", "app-1.js")
    digests_of(place, PACKED_LIST, "app-1.js.br")
    return load_bundle(place, place / "list")


@pytest.fixture
async def between(tmp_path: Path) -> AsyncIterator[Between]:
    async def answered(request: web.Request) -> web.Response:
        try:
            body = await request.read()
        except ConnectionError:  # it was cut off
            return web.Response()
        there.reached.append((request.rel_url.raw_path_qs, dict(request.headers), body))
        if request.query_string == LATE:
            await there.goes_on.wait()
        return web.json_response({}, status=there.status, headers={"Retry-After": "7", "Set-Cookie": "a=b"})

    app = web.Application(client_max_size=1 << 20)
    app.router.add_route("*", "/{anything:.*}", answered)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    listen = LoopbackAddress("127.0.0.1", free_port())
    there = Between(f"http://{listen}")
    server = PageServer(
        bundle(tmp_path), PageSettings("Hill", "@bot:hs.test", "Call 000.", f"http://127.0.0.1:{port}", LARGEST, listen)
    )
    await server.start()
    yield there
    await server.stop()
    await runner.cleanup()


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_every_answer_carries_the_strict_headers(between: Between, browser: aiohttp.ClientSession) -> None:
    for path in ("/", "/app-1.js", "/practice.json", "/nothing", SYNC, "/_matrix/nothing", "/_synapse/admin"):
        async with browser.get(between.url + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none';") and "require-trusted-types-for 'script'" in policy
            assert "unsafe-inline" not in policy and "http" not in policy
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_files_are_served_packed_where_the_browser_can_unpack_them(
    between: Between, browser: aiohttp.ClientSession
) -> None:
    plain = {"Accept-Encoding": "identity"}
    async with browser.get(between.url + "/app-1.js", headers=plain) as answer:
        assert (answer.headers.get("Content-Encoding"), await answer.read()) == (None, b"1")
        assert "immutable" in answer.headers["Cache-Control"]
    packed = {"Accept-Encoding": "gzip, br"}
    async with (
        aiohttp.ClientSession(auto_decompress=False) as other,
        other.get(between.url + "/app-1.js", headers=packed) as answer,
    ):
        assert (answer.headers["Content-Encoding"], await answer.read()) == ("br", b"packed")
    async with browser.get(between.url, headers=plain) as answer:
        assert (await answer.read(), answer.headers["Cache-Control"]) == (START, "no-cache")


async def test_nothing_of_synapse_and_no_file_outside_the_list_is_there(
    between: Between, browser: aiohttp.ClientSession
) -> None:
    for path in ("/_synapse/admin/v1/server_version", "/list", "/app-1.js.br", "/../list", "/%2e%2e/list", "/_synapse"):
        async with browser.get(between.url + path) as answer:
            assert answer.status == 404
    assert between.reached == []


async def test_what_is_not_encrypted_never_reaches_the_homeserver(
    between: Between, browser: aiohttp.ClientSession
) -> None:
    path = SEND.replace("m.room.encrypted", "m.room.message")
    async with browser.put(between.url + path, json={"body": "rash"}) as answer:
        assert (answer.status, (await answer.json())["errcode"]) == (404, "M_UNRECOGNIZED")
    assert between.reached == []


async def test_the_homeserver_is_told_the_one_address_that_the_proxy_saw(
    between: Between, browser: aiohttp.ClientSession
) -> None:
    claimed = {
        "X-Forwarded-For": "8.8.8.8, 203.0.113.9",
        "Cookie": "a=b",
        "User-Agent": "a phone",
        "Authorization": "Bearer t",
    }
    async with browser.get(between.url + SYNC + "?since=s%201", headers=claimed) as answer:
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
    [(path, headers, _)] = between.reached
    assert path == SYNC + "?since=s%201"
    assert headers["X-Forwarded-For"] == "203.0.113.9"
    assert headers["Authorization"] == "Bearer t"
    assert "Cookie" not in headers and "a phone" not in str(headers)


def test_without_a_proxy_in_front_the_address_is_the_askers() -> None:
    assert browsers_address("127.0.0.1", []) == "127.0.0.1"
    assert browsers_address("127.0.0.1", ["1.1.1.1,2.2.2.2 "]) == "2.2.2.2"


async def test_a_browser_cannot_choose_its_address_where_a_proxy_adds_a_line_of_its_own(
    between: Between, browser: aiohttp.ClientSession
) -> None:
    lines = CIMultiDict([("X-Forwarded-For", "8.8.8.8"), ("X-Forwarded-For", "1.1.1.1, 203.0.113.9")])
    async with browser.get(between.url + SYNC, headers=lines) as answer:
        assert answer.status == 200
    [(_, headers, _)] = between.reached
    assert headers["X-Forwarded-For"] == "203.0.113.9"


async def test_an_upload_is_passed_on_byte_by_byte_up_to_the_cap(
    between: Between, browser: aiohttp.ClientSession
) -> None:
    async with browser.post(between.url + UPLOAD, data=bytes(LARGEST)) as answer:
        assert answer.status == 200
    assert [len(body) for _, _, body in between.reached] == [LARGEST]
    async with browser.post(between.url + UPLOAD, data=bytes(LARGEST + 1)) as answer:
        assert (answer.status, (await answer.json())["errcode"]) == (413, "M_TOO_LARGE")
    assert len(between.reached) == 1


async def test_an_upload_that_hides_its_length_is_cut_off_at_the_cap(
    between: Between, browser: aiohttp.ClientSession
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST // 10_000 + 1):
            yield bytes(10_000)

    async with browser.post(between.url + UPLOAD, data=pieces()) as answer:
        assert answer.status == 413
    assert between.reached == []


async def test_any_other_question_is_short(between: Between, browser: aiohttp.ClientSession) -> None:
    async with browser.put(between.url + SEND, data=bytes(LARGEST_QUESTION + 1)) as answer:
        assert answer.status == 413
    assert between.reached == []


async def test_slow_down_is_passed_on(between: Between, browser: aiohttp.ClientSession) -> None:
    between.status = 429
    async with browser.get(between.url + SYNC) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")


async def test_a_homeserver_that_is_away_is_said_to_be(tmp_path: Path, browser: aiohttp.ClientSession) -> None:
    listen = LoopbackAddress("127.0.0.1", free_port())
    away = f"http://127.0.0.1:{free_port()}"
    server = PageServer(bundle(tmp_path), PageSettings("Hill", "@bot:hs.test", "Call 000.", away, LARGEST, listen))
    await server.start()
    try:
        async with browser.get(f"http://{listen}{SYNC}") as answer:
            assert answer.status == 502
    finally:
        await server.stop()


@pytest.mark.parametrize("name", ["app-1.js", "app-1.js.br"])
def test_a_page_that_is_not_the_one_shipped_is_not_served(name: str, tmp_path: Path) -> None:
    bundle(tmp_path)
    (tmp_path / name).write_bytes(b"2")
    with pytest.raises(Permanent, match="other-page"):
        load_bundle(tmp_path, tmp_path / "list")


@pytest.mark.parametrize("name", ["app-1.js", "app-1.js.br", PACKED_LIST])
def test_a_page_of_which_a_part_is_missing_is_not_served(name: str, tmp_path: Path) -> None:
    bundle(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(Permanent, match="no-page"):
        load_bundle(tmp_path, tmp_path / "list")


def test_the_page_that_is_built_here_is_the_one_shipped() -> None:
    files = load_bundle().files
    assert files["/index.html"].plain.startswith(START)
    assert sum(path.endswith(".wasm") for path in files) == 1
    assert all(set(file.packed) == {"br", "gzip"} for file in files.values())


async def test_a_browser_that_goes_away_while_it_waits_leaves_no_line_in_the_log(
    between: Between, caplog: pytest.LogCaptureFixture
) -> None:
    address = URL(between.url)
    _, gone = await asyncio.open_connection(address.host, address.port)
    gone.write(f"GET {SYNC}?{LATE} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
    while not between.reached:
        await asyncio.sleep(0.01)
    gone.transport.abort()
    async with aiohttp.ClientSession() as another:
        async with another.get(f"{between.url}{SYNC}") as answer:  # by then it is noticed
            assert answer.status == 200
        between.goes_on.set()
        async with another.get(f"{between.url}{SYNC}?{LATE}") as answer:
            assert answer.status == 200
    assert caplog.text == ""
