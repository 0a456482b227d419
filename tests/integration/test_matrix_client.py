"""Requests against a server that misbehaves, over a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.domain.errors import OutsideFailure, Permanent
from bot.matrix.client import HomeserverClient

PIECE = bytes(10_000)


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

    app = web.Application()
    app.add_routes([web.get("/endless", endless), web.get("/moved", moved), web.get("/page", page)])
    runner = web.AppRunner(app)
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


async def test_a_redirect_is_not_followed(client: HomeserverClient) -> None:
    for request in (client.get_bytes("/moved", 1_000_000), client.call("GET", "/moved")):
        with pytest.raises(OutsideFailure):
            await request


async def test_a_success_that_is_no_json_is_a_failure(client: HomeserverClient) -> None:
    with pytest.raises(OutsideFailure, match="without JSON"):
        await client.call("GET", "/page")
