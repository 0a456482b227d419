"""Requests to the homeserver: every one has a time limit and a size limit, every failure is an exception.

Guarantees: an answer is never larger than its cap, a request never outlives its time, redirects are not followed, and the access
token travels in a header only. Network trouble, 5xx and 429 are `OutsideFailure`; the rest is `Permanent`.

Deliberately not nio's AsyncClient. Its sync saves the token before the events are handled, returns errors as values, raises out
of the loop on a member's malformed message, and copies cleartext into decrypted events. The sound parts of nio, its Olm machine
and key store, need no client (see `olm_machine` and `store`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from bot.domain.errors import (
    OutsideFailure,
    Permanent,
)

from .failures import (
    TooLarge,
    failure,
)
from .foreign_json import (
    as_list,
    as_object,
    parse,
)

CLIENT = "/_matrix/client/v3"
_JSON_LIMIT = 32 * 1024 * 1024  # parsed, a hostile answer may take some thirty times as much memory
_CHUNK = 256 * 1024
_SLOWEST = 50_000  # bytes a second; below that a transfer counts as failed


@dataclass(frozen=True, slots=True)
class HomeserverAnswer:
    """What the homeserver answered, successful or not. `items` is set instead of `body` where it answers with a list."""

    status: int
    body: dict[str, Any]
    items: list[Any]
    retry_after: str | None = None

    def successful(self) -> HomeserverAnswer:
        """Itself; raises when it is not."""
        if not 200 <= self.status < 300:
            raise failure(self.status, self.body, self.retry_after)
        return self


def path(*segments: str) -> str:
    """Return a client-server path with escaped segments, so that no id can reach another endpoint."""
    return "/".join([CLIENT, *(quote(segment, safe="") for segment in segments)])


class HomeserverClient:
    """One account's requests. `access_token` may be empty for the few that need none."""

    def __init__(self, homeserver_url: str, access_token: str = "") -> None:
        self._base = homeserver_url.rstrip("/")
        # Uncompressed: a few kilobytes could unpack to more than memory holds before the cap is checked.
        self._headers = {"Accept-Encoding": "identity"}
        if access_token:
            self._headers["Authorization"] = f"Bearer {access_token}"
        self._http: aiohttp.ClientSession | None = None

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), connector=aiohttp.TCPConnector(limit=20)
            )
        return self._http

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        timeout: float = 30.0,
    ) -> dict[str, Any]:
        """Return the body of a successful answer; raise for every other."""
        return (await self.ask(method, path, body=body, query=query, timeout=timeout)).successful().body

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        timeout: float = 30.0,
    ) -> HomeserverAnswer:
        """Any answer; raises only when none came."""
        data = None if body is None else json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
        return await self._exchange(method, self._url(path, query), data, "application/json", timeout)

    async def put_bytes(self, path: str, data: bytes) -> dict[str, Any]:
        """Upload bytes without kind or name."""
        timeout = 30 + len(data) / _SLOWEST
        answer = await self._exchange("PUT", self._url(path), data, "application/octet-stream", timeout)
        return answer.successful().body

    async def get_bytes(self, path: str, limit: int, seen: Callable[[bytes], None] | None = None) -> bytes:
        """Return the body, read in pieces; show each piece to `seen`.

        Raises `Permanent("too-large")` as soon as the body exceeds `limit`.
        """
        timeout = aiohttp.ClientTimeout(total=30 + limit / _SLOWEST, sock_connect=10, sock_read=30)
        try:
            async with self._session().get(
                self._url(path), headers=self._headers, timeout=timeout, allow_redirects=False
            ) as response:
                if response.status != 200:
                    (await _answer(response)).successful()
                    raise OutsideFailure(f"HTTP {response.status} instead of media")
                if response.content_length is not None and response.content_length > limit:
                    raise Permanent("too-large", f"{response.content_length} bytes")
                return await _read(response, limit, seen)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise OutsideFailure(f"homeserver: {type(error).__name__}") from None

    async def _exchange(self, method: str, url: URL, data: bytes | None, kind: str, timeout: float) -> HomeserverAnswer:
        limits = aiohttp.ClientTimeout(total=timeout, sock_connect=10)
        headers = self._headers if data is None else {**self._headers, "Content-Type": kind}
        try:
            async with self._session().request(
                method, url, data=data, headers=headers, timeout=limits, allow_redirects=False
            ) as response:
                return await _answer(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # The message of a client error names the URL, and with it room and event; its class says enough.
            raise OutsideFailure(f"homeserver: {type(error).__name__}") from None

    def _url(self, path: str, query: Mapping[str, str] | None = None) -> URL:
        return URL(self._base + path + (f"?{urlencode(query)}" if query else ""), encoded=True)


async def _read(response: aiohttp.ClientResponse, limit: int, seen: Callable[[bytes], None] | None = None) -> bytes:
    received = BytesIO()  # it hands out its bytes without a copy: a photo is in memory once
    async for chunk in response.content.iter_chunked(_CHUNK):
        received.write(chunk)
        if seen is not None:
            seen(chunk)
        if received.tell() > limit:
            raise Permanent("too-large", f"over {limit} bytes")
    return received.getvalue()


async def _answer(response: aiohttp.ClientResponse) -> HomeserverAnswer:
    """The answer read; a success that is not JSON is the homeserver failing, an error that is not has no detail."""
    try:
        raw = await _read(response, _JSON_LIMIT)
    except Permanent:
        raise TooLarge(f"HTTP {response.status}, over {_JSON_LIMIT} bytes of JSON") from None
    value = parse(raw)
    if 200 <= response.status < 300 and not isinstance(value, (dict, list)):
        raise OutsideFailure(f"HTTP {response.status} without JSON")
    return HomeserverAnswer(
        response.status,
        body=as_object(value),
        items=as_list(value),
        retry_after=response.headers.get("Retry-After"),
    )
