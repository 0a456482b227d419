"""A homeserver that lies: a proxy between the bot and the real one, which tells what a test wants told.

Everything passes unchanged except what a test asked for. A *lie* sees every JSON answer and may change it; an *injection* is
handed to the bot as if it had just come; a *fault* answers instead of the homeserver. What the bot asks for is noted, so that
a test can say what it sent, and to whom.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import secrets
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from yarl import URL

from tests.patience import PATIENCE

Lie = Callable[[str, dict[str, Any] | list[Any]], None]  # path, answer to change in place
Fault = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


@dataclass(frozen=True)
class Asked:
    """One request of the bot."""

    method: str
    path: str
    body: Any

    @property
    def sent_to(self) -> str:
        """The room of a message, or ""."""
        found = re.search(r"/rooms/([^/]+)/send/", self.path)
        return unquote(found[1]) if self.method == "PUT" and found else ""

    @property
    def key_holders(self) -> set[tuple[str, str]]:
        """(user, device) that a to-device message went to."""
        if "/sendToDevice/" not in self.path:
            return set()
        return {(user, device) for user, devices in self.body["messages"].items() for device in devices}


class LyingProxy:
    """`url` is what the bot takes for its homeserver."""

    def __init__(self, homeserver: str) -> None:
        self._homeserver = homeserver
        self._lies: list[Lie] = []
        self._fault: Fault | None = None
        self._injected: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._since = ""
        self.asked: list[Asked] = []
        self.syncs = 0
        self.url = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[LyingProxy]:
        app = web.Application(client_max_size=100_000_000)
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        runner = web.AppRunner(app, shutdown_timeout=0.2, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False) as self._http:
            try:
                yield self
            finally:
                await runner.cleanup()

    # ---- what a test asks for

    @contextmanager
    def telling(self, lie: Lie) -> Iterator[None]:
        """Every JSON answer goes through `lie`."""
        self._lies.append(lie)
        try:
            yield
        finally:
            self._lies.remove(lie)

    @contextmanager
    def failing(self, fault: Fault) -> Iterator[None]:
        """What `fault` answers, unless it is None, is answered instead."""
        self._fault = fault
        try:
            yield
        finally:
            self._fault = None

    def inject(self, room_id: str, *events: dict[str, Any]) -> None:
        """The next sync brings these events of the room."""
        timeline = {"events": list(events), "limited": False}
        self._injected.put_nowait({"rooms": {"join": {room_id: {"timeline": timeline}}}})

    def inject_sync(self, **parts: Any) -> None:
        """The next sync brings these parts."""
        self._injected.put_nowait(parts)

    def mark(self) -> int:
        return len(self.asked)

    def messages(self, room_id: str, since: int) -> int:
        """How many messages the bot sent into the room since the mark."""
        return sum(one.sent_to == room_id for one in self.asked[since:])

    def key_holders(self, since: int) -> set[tuple[str, str]]:
        return {holder for one in self.asked[since:] for holder in one.key_holders}

    async def until(self, true: Callable[[], Any], within: float = PATIENCE) -> Any:
        """What `true` returns as soon as it is true of what the bot asked."""
        end = time.monotonic() + within
        while not (found := true()):
            if time.monotonic() > end:
                raise AssertionError("the bot did not do it")
            await asyncio.sleep(0.02)
        return found

    async def synced(self, times: int = 2) -> None:
        """The bot has come back for more, so what it was told is stored."""
        wanted = self.syncs + times
        while self.syncs < wanted:
            self.inject_sync()
            before = self.syncs

            def came_back(before: int = before) -> bool:
                return self.syncs > before

            await self.until(came_back)

    # ---- what passes

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path
        body = await request.read()
        with contextlib.suppress(ValueError):
            self.asked.append(Asked(request.method, path, json.loads(body) if body else None))
        if self._fault is not None and (instead := await self._fault(request)) is not None:
            return instead
        if path.endswith("/v3/sync"):
            self.syncs += 1
            return await self._sync(request)
        status, headers, answer = await self._ask(request, body)
        return self._told(path, status, headers, answer)

    async def _sync(self, request: web.Request) -> web.StreamResponse:
        since = request.query.get("since", "")
        asking = asyncio.create_task(self._ask(request, b""))
        waiting = asyncio.create_task(self._injected.get())
        try:
            if since:
                await asyncio.wait({asking, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if since and waiting.done():
                return web.json_response({"next_batch": since, **waiting.result()})
            return self._told(request.path, *await asking)
        finally:
            asking.cancel()
            waiting.cancel()

    async def _ask(self, request: web.Request, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        url = URL(self._homeserver + request.raw_path, encoded=True)
        async with self._http.request(
            request.method, url, data=body or None, headers=headers, allow_redirects=False
        ) as answer:
            kept = {name: answer.headers[name] for name in ("Content-Type", "Retry-After") if name in answer.headers}
            return answer.status, kept, await answer.read()

    def _told(self, path: str, status: int, headers: dict[str, str], body: bytes) -> web.Response:
        if self._lies and status == 200 and "json" in headers.get("Content-Type", ""):
            answer = json.loads(body)
            for lie in list(self._lies):
                lie(path, answer)
            body = json.dumps(answer).encode()
        return web.Response(status=status, headers=headers, body=body)


@contextmanager
def lying_in_between(homeserver: str) -> Iterator[LyingProxy]:
    """The proxy for tests that don't await anything, in a thread of its own."""
    listens: Future[tuple[LyingProxy, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def listen() -> None:
        try:
            async with LyingProxy(homeserver).listening() as proxy:
                over = asyncio.Event()
                listens.set_result((proxy, asyncio.get_running_loop(), over))
                await over.wait()
        except BaseException as failed:
            if not listens.done():
                listens.set_exception(failed)
            raise

    with ThreadPoolExecutor(1) as thread:
        ended = thread.submit(asyncio.run, listen())
        proxy, loop, over = listens.result()
        try:
            yield proxy
        finally:
            loop.call_soon_threadsafe(over.set)
            ended.result()


class Drops:
    """Takes one message into a room, the first or the second, for itself; the bot is told that it was sent."""

    def __init__(self, room_id: str, which: int) -> None:
        self._room_id, self._which = room_id, which
        self.came: list[str] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse | None:
        path = request.rel_url.raw_path
        if Asked(request.method, path, None).sent_to != self._room_id:
            return None
        if path not in self.came:  # tried again, it is the same message
            self.came.append(path)
        dropped = path == self.came[self._which - 1] if len(self.came) >= self._which else False
        return web.json_response({"event_id": f"${secrets.token_urlsafe(32)}"}) if dropped else None


class Holds:
    """Takes its time with every upload until it is let go, and puts nobody out of a room although it says so."""

    def __init__(self) -> None:
        self.holding, self._go = threading.Event(), threading.Event()

    def let_go(self) -> None:
        self._go.set()

    async def __call__(self, request: web.Request) -> web.StreamResponse | None:
        if request.path.endswith("/kick"):
            return web.json_response({})
        if request.method == "PUT" and "/media/" in request.path:
            self.holding.set()
            await asyncio.to_thread(self._go.wait)
        return None


def renamed(event: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A copy of an event under a new id, with some of it changed."""
    return {**deepcopy(event), "event_id": f"${secrets.token_urlsafe(32)}", **changed}
