"""Requests against a server that misbehaves, over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.domain.errors import OutsideFailure, Permanent
from bot.matrix.failures import TooLarge
from bot.matrix.homeserver_client import HomeserverClient

PIECE = bytes(10_000)
asked: list[str] = []


@pytest.fixture
async def client() -> AsyncIterator[HomeserverClient]:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()  # chunked: no length is announced
        await response.prepare(request)
        for _ in range(20):
            await response.write(PIECE)
        return response

    async def moved(_: web.Request) -> web.Response:
        raise web.HTTPFound("/endless")

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>welcome</html>")

    async def silent(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.01)

    async def bomb(request: web.Request) -> web.Response:
        asked.append(request.headers.get("Accept-Encoding", ""))
        response = web.Response(body=b"[" + b" " * 40_000_000 + b"]", content_type="application/json")
        response.enable_compression()
        return response

    app = web.Application()
    app.add_routes([web.get("/silent", silent), web.get("/drip", drip), web.get("/bomb", bomb)])
    app.add_routes([web.get("/endless", endless), web.get("/moved", moved), web.get("/page", page)])
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    client = HomeserverClient(f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield client
    await client.close()
    await runner.cleanup()


async def test_a_body_that_does_not_say_how_long_it_is_ends_at_the_limit(client: HomeserverClient) -> None:
    assert len(await client.get_bytes("/endless", 200_000)) == 200_000
    with pytest.raises(Permanent) as refused:
        await client.get_bytes("/endless", 199_999)
    assert refused.value.code == "too-large"


@pytest.mark.parametrize("where", ["/silent", "/drip"])
async def test_a_connection_on_which_nothing_or_hardly_anything_comes_is_given_up(
    client: HomeserverClient, where: str
) -> None:
    with pytest.raises(OutsideFailure, match="Timeout"):
        await client.call("GET", where, timeout=0.3)


async def test_an_answer_larger_than_what_is_read_is_a_failure_that_can_be_asked_again(
    client: HomeserverClient,
) -> None:
    with pytest.raises(TooLarge) as refused:
        await client.call("GET", "/bomb")
    assert not isinstance(refused.value, Permanent)
    assert asked == ["identity"], "nothing is asked for that unpacks to more than it looks"


async def test_a_redirect_is_not_followed(client: HomeserverClient) -> None:
    for request in (client.get_bytes("/moved", 1_000_000), client.call("GET", "/moved")):
        with pytest.raises(OutsideFailure):
            await request


async def test_a_success_that_is_no_json_is_a_failure(client: HomeserverClient) -> None:
    with pytest.raises(OutsideFailure, match="without JSON"):
        await client.call("GET", "/page")
