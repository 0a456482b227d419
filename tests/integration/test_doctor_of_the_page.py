"""The doctor looks at the page as patients reach it: the page's own process, and in front of it a proxy that may do wrong."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.config import Config, LoopbackAddress, load
from bot.operate.doctor import Finding
from bot.operate.doctor.check_page import page
from bot.page import load_bundle
from tests.bot_process import SOURCES
from tests.homeserver import Homeserver, free_port
from tests.integration.test_doctor import practice
from tests.patience import PATIENCE

Change = Callable[[web.Request, web.Response], None]
LARGE = "Behind the page's proxy"
PARTS = {"Page", "Page's headers", "Page's practice", "Behind the page", LARGE}
EMBEDDED = 'embedded = true\nregistration_tokens = "registration-tokens.json"\n'  # a page gives out accounts there
APP = next(path for path in load_bundle().files if path.startswith("/app-"))


@pytest.fixture(scope="module")
def served(homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A practice whose page is served by a process of its own, until the module ends."""
    directory = tmp_path_factory.mktemp("page")
    practice(directory, homeserver.url, "@bot:practice.test", "secret-password")
    file = directory / "config.toml"
    ours = file.read_text(encoding="utf-8").replace("embedded = false\n", EMBEDDED)
    page = f'\n[page]\nurl = "http://127.0.0.1:1"\nlisten = "127.0.0.1:{free_port()}"\n'
    file.write_text(ours + page, encoding="utf-8")
    return load(file)


@pytest.fixture(scope="module", autouse=True)
def page_process(served: Config) -> Iterator[None]:
    file = served.data.directory.parent / "config.toml"
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "page", "--config", file],
        cwd=SOURCES,
        env={"PATH": "", "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert b"ready" in process.stdout.readline()
    yield
    process.terminate()
    assert process.wait(PATIENCE) == 0
    process.stdout.close()


def with_url(config: Config, url: str) -> Config:
    return config.model_copy(update={"page": config.page.model_copy(update={"url": url})})


def nothing(_: web.Request, __: web.Response) -> None:
    """Pass on as it came."""


@asynccontextmanager
async def proxy(
    config: Config, change: Change = nothing, admin_at: str = "", largest: int = 1 << 30
) -> AsyncIterator[Config]:
    """A proxy in front of the page; `change` changes answers, and `admin_at` is asked for what begins with /_synapse.

    It takes no more bytes than `largest` at once.
    """

    async def passed_on(request: web.Request) -> web.Response:
        to = admin_at if admin_at and request.path.startswith("/_synapse") else f"http://{config.page.listen}"
        headers = {"Accept-Encoding": request.headers["Accept-Encoding"]}
        sent = await request.read()
        async with session.request(
            request.method, to + request.rel_url.raw_path_qs, headers=headers, data=sent
        ) as theirs:
            kept = {
                name: value
                for name, value in theirs.headers.items()
                if name not in ("Content-Length", "Date", "Transfer-Encoding")
            }
            kept["Server"] = "a proxy"
            answer = web.Response(status=theirs.status, body=await theirs.read(), headers=kept)
        change(request, answer)
        return answer

    listen = LoopbackAddress("127.0.0.1", free_port())
    app = web.Application(client_max_size=largest)
    app.router.add_route("*", "/{anything:.*}", passed_on)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, *listen).start()
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield with_url(config, f"http://{listen}")
    await runner.cleanup()


async def found(config: Config) -> dict[str, Finding]:
    findings = [finding async for finding in page(config)]
    assert all(finding.mend for finding in findings if finding.ok is not True)
    return {finding.name: finding for finding in findings}


async def wrong(config: Config) -> dict[str, str]:
    return {name: finding.what for name, finding in (await found(config)).items() if finding.ok is False}


async def test_a_page_that_is_as_it_was_shipped_is_right_in_every_part(served: Config) -> None:
    async with proxy(served) as config:
        findings = await found(config)
    assert {name: finding.ok for name, finding in findings.items()} == dict.fromkeys(PARTS, True)


async def test_a_proxy_that_packs_by_itself_changes_nothing(served: Config) -> None:
    def pack(request: web.Request, answer: web.Response) -> None:
        if "gzip" in request.headers["Accept-Encoding"] and answer.headers.get("Content-Encoding") == "gzip":
            assert isinstance(answer.body, bytes)
            answer.body = gzip.compress(gzip.decompress(answer.body), 1)

    async with proxy(served, pack) as config:
        assert await wrong(config) == {}


@pytest.mark.parametrize("coding", ["", "gzip", "br"])
async def test_one_byte_more_in_one_file_is_seen_however_it_is_packed(served: Config, coding: str) -> None:
    def add(request: web.Request, answer: web.Response) -> None:
        if request.path == APP and answer.headers.get("Content-Encoding", "") == coding:
            assert isinstance(answer.body, bytes)
            answer.body += b" "

    async with proxy(served, add) as config:
        assert await wrong(config) == {
            "Page": f"{config.page.url} serves something else than was shipped: {APP}",
        }


async def test_another_start_is_seen(served: Config) -> None:
    def another(request: web.Request, answer: web.Response) -> None:
        if request.path == "/" and not answer.headers.get("Content-Encoding"):
            answer.body = b"<!doctype html>"

    async with proxy(served, another) as config:
        assert (await wrong(config))["Page"].endswith("was shipped: /")


async def test_a_header_that_is_lost_or_loosened_is_named(served: Config) -> None:
    def loosen(_: web.Request, answer: web.Response) -> None:
        del answer.headers["Cross-Origin-Opener-Policy"]
        answer.headers["Content-Security-Policy"] = "default-src *"

    async with proxy(served, loosen) as config:
        lost = "Content-Security-Policy, Cross-Origin-Opener-Policy"
        assert await wrong(config) == {"Page's headers": f"lost or changed on the way: {lost}"}


async def test_the_administration_of_the_homeserver_is_not_there(served: Config, homeserver: Homeserver) -> None:
    async with proxy(served, admin_at=homeserver.url) as config:
        found_wrong = await wrong(config)
        assert found_wrong.keys() == {"Behind the page"}
        assert "the homeserver's administration can be reached" in found_wrong["Behind the page"]


async def test_the_homeserver_whole_is_not_there(served: Config, homeserver: Homeserver) -> None:
    assert "can be reached" in (await wrong(with_url(served, homeserver.url)))["Behind the page"]


async def test_a_proxy_that_takes_less_than_the_largest_photo_is_named(served: Config) -> None:
    async with proxy(served, largest=1_000_000) as config:
        found_wrong = await wrong(config)
        assert found_wrong.keys() == {LARGE}
        assert "a photo of 50 MB" in found_wrong[LARGE]


async def test_a_page_that_does_not_answer_and_one_of_another_practice_are_told(served: Config) -> None:
    away = await found(with_url(served, f"http://127.0.0.1:{free_port()}"))
    assert "does not answer" in away["Page"].what and str(served.page.listen) in away["Page"].mend
    async with proxy(served) as config:
        renamed = config.practice.model_copy(update={"name": "Another"})
        assert (await wrong(config.model_copy(update={"practice": renamed}))).keys() == {"Page's practice"}


async def test_a_practice_without_a_page_is_told_nothing_of_it(served: Config) -> None:
    none = served.model_copy(update={"page": served.page.model_copy(update={"url": None})})
    assert await found(none) == {}
