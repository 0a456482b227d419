"""Whatever a server answers: it is read up to a cap, within a time, and a failure names nothing of what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.capped_http import NoAnswer, TooLong, ask_once


@pytest.fixture
async def server() -> AsyncIterator[str]:
    async def answered(request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/long":
                return web.Response(body=b'"' + b"x" * 70_000 + b'"')
            case "/deep":
                return web.Response(body=b"[" * 60_000, content_type="application/json")
            case "/slow":
                await asyncio.Event().wait()
            case "/elsewhere":
                raise web.HTTPFound("/asked")
        return web.json_response({"headers": dict(request.headers), "said": await request.text()})

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", answered)
    runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}/"
    await runner.cleanup()


async def headers(server: str, **more: Any) -> dict[str, str]:
    found: dict[str, str] = (await ask_once("GET", server, "/asked", **more)).body["headers"]
    return found


async def test_a_question_and_its_answer_are_json(server: str) -> None:
    reply = await ask_once("POST", server, "/asked", {"a": "é"})
    assert (reply.status, reply.body["said"]) == (200, '{"a": "\\u00e9"}')
    assert reply.date is not None


async def test_the_token_travels_in_a_header_and_nothing_comes_packed(server: str) -> None:
    sent = await headers(server, token="syt_secret")
    assert sent["Authorization"] == "Bearer syt_secret"
    assert sent["Accept-Encoding"] == "identity"
    assert "Authorization" not in await headers(server)


async def test_no_more_is_read_than_the_cap(server: str) -> None:
    with pytest.raises(TooLong):
        await ask_once("GET", server, "/long")


async def test_json_nested_too_deep_is_no_object_and_no_failure(server: str) -> None:
    assert (await ask_once("GET", server, "/deep")).body == {}


async def test_a_redirect_is_an_answer_and_is_not_followed(server: str) -> None:
    assert (await ask_once("GET", server, "/elsewhere")).status == 302


async def test_who_is_too_slow_did_not_answer(server: str) -> None:
    with pytest.raises(NoAnswer):
        await ask_once("GET", server, "/slow", seconds=0.2)


async def test_a_failure_names_nothing_of_what_was_asked() -> None:
    with pytest.raises(NoAnswer) as failed:
        await ask_once("GET", "http://127.0.0.1:9", "/rooms/!secret/event")
    assert str(failed.value) == "ClientConnectorError"
    assert failed.value.__cause__ is None and failed.value.__suppress_context__
