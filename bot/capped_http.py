"""Ask a server over HTTP: every request is timed, every answer capped, and nothing that was asked is named in a failure.

Redirects are not followed, cookies and proxies of the environment not used; the access token travels in a header only. Answers
come uncompressed: a few kilobytes could unpack to more than memory holds before the cap is looked at.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
from yarl import URL

JSON = "application/json"
_SMALL = 64 * 1024  # more than any answer that `ask_once` is asked for
_PIECE = 256 * 1024


class NoAnswer(Exception):
    """No answer came, or not in time. The text is a class of error: a client error's own names URL, room and event."""


class TooLong(Exception):
    """The answer is longer than is read."""


class HttpAnswer:
    """An answer whose body is still to be read."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.status = response.status
        self.length = response.content_length

    def header(self, name: str) -> str | None:
        return self._response.headers.get(name)

    async def read(self, limit: int, seen: Callable[[bytes], None] | None = None) -> bytes:
        """Return the body; show each piece to `seen` as it comes. `TooLong` as soon as it exceeds `limit`."""
        received = BytesIO()  # it hands out the bytes it holds: a photo is in memory once
        async for piece in self._response.content.iter_chunked(_PIECE):
            received.write(piece)
            if seen is not None:
                seen(piece)
            if received.tell() > limit:
                raise TooLong(f"over {limit} bytes")
        return received.getvalue()


class CappedHttp:
    """One account's requests to one server, over connections that are kept until it is closed.

    With another `coding` than none, answers may come so encoded, and are read as they come.
    """

    def __init__(self, base_url: str, token: str = "", *, coding: str = "identity") -> None:
        self._base = base_url.rstrip("/")
        self._headers = {"Accept-Encoding": coding} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @asynccontextmanager
    async def asking(
        self,
        method: str,
        path: str,
        data: bytes | None = None,
        kind: str = JSON,
        *,
        seconds: float,
        silence: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[HttpAnswer]:
        """Ask, allowing so many seconds, with at most `silence` of them between bytes; `path` is escaped
        already, `headers` go besides our own. Raises `NoAnswer`.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=20), auto_decompress=False
            )
        sent = {**self._headers, **(headers or {})} | ({} if data is None else {"Content-Type": kind})
        limits = aiohttp.ClientTimeout(total=seconds, sock_connect=10, sock_read=silence)
        try:
            async with self._session.request(
                method,
                URL(self._base + path, encoded=True),
                data=data,
                headers=sent,
                timeout=limits,
                allow_redirects=False,
            ) as response:
                yield HttpAnswer(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. `body` is empty when it is no JSON object; `date` is what the server's clock said."""

    status: int
    body: Mapping[str, Any]
    date: str | None


async def ask_once(
    method: str,
    base_url: str,
    path: str,
    body: Mapping[str, object] | None = None,
    token: str = "",
    *,
    seconds: float = 30.0,
) -> Reply:
    """Ask one question with a short answer, over a connection of its own. Raises `NoAnswer` or `TooLong`."""
    http = CappedHttp(base_url, token)
    data = None if body is None else json.dumps(body).encode()
    try:
        async with http.asking(method, path, data, seconds=seconds) as answer:
            return Reply(answer.status, object_in(await answer.read(_SMALL)), answer.header("Date"))
    finally:
        await http.close()


def object_in(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in a body; an empty one when it is none."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
