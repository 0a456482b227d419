"""A line to an archive that fails as it is told: cut, stalled, answered by somebody between, one byte flipped on its way back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from enum import Enum

import aiohttp
from aiohttp import web

MOST = 64 << 20


class Fault(Enum):
    CUT_BEFORE = "the archive hears nothing"
    CUT_AFTER = "the archive did it, and nobody hears so"
    STALL_BEFORE = "nothing comes back, and the archive heard nothing"
    STALL_AFTER = "nothing comes back, and the archive did it"
    FLIP = "one byte of the answer is another"
    TOO_MANY = 429
    BROKEN = 500
    BUSY = 503
    TOO_LARGE = 413
    SAYS = "what it is told to say"


Removing = Callable[[str], Awaitable[int]]
Chosen = Callable[[str, str], Fault | None]  # method and path of a request


def _nothing(method: str, path: str) -> Fault | None:
    return None


class FaultyLine:
    """`fault` decides for each request; `sent` is what reached the archive."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self.fault: Chosen = _nothing
        self.flips_in = b""  # what is looked for in an answer, to flip one byte in the middle of it
        self.says = (200, b"")
        self.removes: Removing | None = None  # as an archive does that knows a DELETE; returns the status
        self.sent: list[tuple[str, str]] = []
        self._passing: set[asyncio.Task[tuple[bytes, int, str]]] = set()
        self._to = f"http://127.0.0.1:{port}"

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        fault = self.fault(request.method, request.path)
        body = await request.read()
        if fault is not None and isinstance(fault.value, int):
            return web.Response(status=fault.value, text="somebody in between")
        if fault is Fault.SAYS:
            return web.Response(status=self.says[0], body=self.says[1])
        if fault is Fault.CUT_BEFORE:
            return self._cut(request)
        if request.method == "DELETE" and self.removes is not None:
            return web.Response(status=await self.removes(request.path))
        if fault is Fault.STALL_BEFORE:
            return await self._stalled()
        self.sent.append((request.method, request.path))
        passing = asyncio.create_task(self._answer_to(request, body))
        self._passing.add(passing)
        passing.add_done_callback(self._passing.discard)
        content, status, kind = await asyncio.shield(passing)
        if fault is Fault.CUT_AFTER:
            return self._cut(request)
        if fault is Fault.STALL_AFTER:
            return await self._stalled()
        if fault is Fault.FLIP and content:
            at = max(content.find(self.flips_in), 0) + len(self.flips_in) // 2
            content = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        return web.Response(status=status, body=content, headers={"Content-Type": kind} if kind else {})

    async def quiet(self) -> None:
        """The archive has done all that reached it, also what nobody waits for any more."""
        await asyncio.gather(*self._passing, return_exceptions=True)

    async def _answer_to(self, request: web.Request, body: bytes) -> tuple[bytes, int, str]:
        headers = {name: value for name, value in request.headers.items() if name not in {"Host", "Content-Length"}}
        async with aiohttp.ClientSession() as session:
            asked = session.request(request.method, f"{self._to}{request.raw_path}", data=body or None, headers=headers)
            async with asked as answer:
                return await answer.read(), answer.status, answer.headers.get("Content-Type", "")

    def _cut(self, request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _stalled(self) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError


@asynccontextmanager
async def faulty_line(port: int) -> AsyncIterator[FaultyLine]:
    line = FaultyLine(port)
    app = web.Application(client_max_size=MOST)
    app.router.add_route("*", "/{path:.*}", line.pass_on)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    line.port = runner.addresses[0][1]
    try:
        yield line
    finally:
        await runner.cleanup()
