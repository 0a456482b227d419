"""A proxy before a server that does to one request what networks and busy servers do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum

import aiohttp
from aiohttp import web


class Fault(StrEnum):
    """Before: the server never hears of it. After: it did what was asked, and nobody hears that it did."""

    CUT_BEFORE = "cut before"
    CUT_AFTER = "cut after"
    STALLED = "stalled"  # after
    BUSY = "429"
    FAILING = "500"
    FAILING_AFTER = "500 after"
    AWAY = "503"
    TOO_LARGE = "413"
    FLIPPED = "one byte of the answer flipped"
    TORN = "half of the answer"


_STATUS = {Fault.BUSY: 429, Fault.FAILING: 500, Fault.FAILING_AFTER: 500, Fault.AWAY: 503, Fault.TOO_LARGE: 413}
_BEFORE = {Fault.CUT_BEFORE, Fault.BUSY, Fault.FAILING, Fault.AWAY, Fault.TOO_LARGE}
Chooses = Callable[[int, web.Request], Fault | None]  # by the number of a request, from 0, and the request


class Between:
    def __init__(self, upstream: str) -> None:
        self._upstream = upstream.removesuffix("/fhir")
        self.chooses: Chooses = lambda _number, _request: None
        self.count = 0
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        fault = self.chooses(self.count, request)
        self.count += 1
        body = await request.read()
        if fault in _BEFORE:
            return self._fails(request, fault)
        headers = {name: value for name, value in request.headers.items() if name != "Host"}
        async with (
            aiohttp.ClientSession(auto_decompress=False) as http,
            http.request(request.method, f"{self._upstream}{request.raw_path}", data=body, headers=headers) as got,
        ):
            content, kind = await got.read(), got.headers.get("Content-Type", "")
        if fault is Fault.STALLED:
            await asyncio.Event().wait()
        if fault in (Fault.CUT_AFTER, Fault.FAILING_AFTER):
            return self._fails(request, fault)
        if fault is Fault.FLIPPED and content:
            middle = len(content) // 2
            content = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        if fault is Fault.TORN:
            response = web.StreamResponse(headers={"Content-Type": kind, "Content-Length": str(len(content) + 1)})
            await response.prepare(request)
            await response.write(content[: len(content) // 2])
            return self._fails(request, Fault.CUT_AFTER)
        return web.Response(status=got.status, body=content, headers={"Content-Type": kind})

    @staticmethod
    def _fails(request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault in _STATUS:
            return web.Response(status=_STATUS[fault])
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


@asynccontextmanager
async def between(upstream: str) -> AsyncIterator[Between]:
    proxy = Between(upstream)
    app = web.Application(client_max_size=512 << 20)
    app.router.add_route("*", "/{path:.*}", proxy.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    proxy.url = f"http://{host}:{port}/fhir"
    try:
        yield proxy
    finally:
        await runner.cleanup()
