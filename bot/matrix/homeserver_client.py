"""Requests to the homeserver: every one is timed and capped (`capped_http`), every failure is an exception.

Network trouble, 5xx and 429 are `OutsideFailure`; the rest is `Permanent`.

Deliberately not nio's AsyncClient. Its sync saves the token before the events are handled, returns errors as values, raises out
of the loop on a member's malformed message, and copies cleartext into decrypted events. The sound parts of nio, its Olm machine
and key store, need no client (see `olm_machine` and `store`).
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from bot import capped_http
from bot.capped_http import JSON, CappedHttp, NoAnswer, TooLong
from bot.domain.errors import OutsideFailure, Permanent

from .failures import TooLarge, failure
from .foreign_json import as_list, as_object, parse

CLIENT = "/_matrix/client/v3"
_JSON_LIMIT = 32 * 1024 * 1024  # what a hostile homeserver may make of it in memory is some thirty times as much
_SLOWEST = 50_000  # bytes a second; below that a transfer counts as failed


@dataclass(frozen=True, slots=True)
class HomeserverAnswer:
    """What the homeserver answered, successful or not. `items` is set instead of `body` where it answers with a list."""

    status: int
    body: dict[str, Any]
    items: list[Any]
    retry_after: str | None = None

    def successful(self) -> HomeserverAnswer:
        """Return the answer itself; raise when it is not a success."""
        if not 200 <= self.status < 300:
            raise failure(self.status, self.body, self.retry_after)
        return self


def path(*segments: str) -> str:
    """Return a client-server path with escaped segments, so that no id can reach another endpoint."""
    return "/".join([CLIENT, *(quote(segment, safe="") for segment in segments)])


class HomeserverClient:
    """One account's requests. `access_token` may be empty for the few that need none."""

    def __init__(self, homeserver_url: str, access_token: str = "") -> None:
        self._http = CappedHttp(homeserver_url, access_token)

    async def close(self) -> None:
        await self._http.close()

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
        """Return any answer; raise only when none came."""
        data = None if body is None else json.dumps(body, separators=(",", ":"), allow_nan=False).encode()
        asked = path + (f"?{urlencode(query)}" if query else "")
        return await self._exchange(method, asked, data, JSON, timeout)

    async def put_bytes(self, path: str, data: bytes) -> dict[str, Any]:
        """Upload bytes without kind or name."""
        timeout = 30 + len(data) / _SLOWEST
        answer = await self._exchange("PUT", path, data, "application/octet-stream", timeout)
        return answer.successful().body

    async def get_bytes(self, path: str, limit: int, seen: Callable[[bytes], None] | None = None) -> bytes:
        """Return the body, read in pieces, each of which is shown to `seen`; `Permanent("too-large")` as
        soon as it exceeds `limit`.
        """
        async with self._asking("GET", path, seconds=30 + limit / _SLOWEST, silence=30) as answer:
            if answer.status != 200:
                (await _answer(answer)).successful()
                raise OutsideFailure(f"HTTP {answer.status} instead of media")
            if answer.length is not None and answer.length > limit:
                raise Permanent("too-large", f"{answer.length} bytes")
            try:
                return await answer.read(limit, seen)
            except TooLong as why:
                raise Permanent("too-large", str(why)) from None

    async def _exchange(
        self, method: str, path: str, data: bytes | None, kind: str, timeout: float
    ) -> HomeserverAnswer:
        async with self._asking(method, path, data, kind, seconds=timeout) as answer:
            return await _answer(answer)

    @asynccontextmanager
    async def _asking(
        self,
        method: str,
        path: str,
        data: bytes | None = None,
        kind: str = JSON,
        *,
        seconds: float,
        silence: float | None = None,
    ) -> AsyncIterator[capped_http.HttpAnswer]:
        try:
            async with self._http.asking(method, path, data, kind, seconds=seconds, silence=silence) as answer:
                yield answer
        except NoAnswer as why:
            raise OutsideFailure(f"homeserver: {why}") from None


async def _answer(answer: capped_http.HttpAnswer) -> HomeserverAnswer:
    """Return the answer read; a success that is not JSON is the homeserver failing, an error that is not has no detail."""
    try:
        raw = await answer.read(_JSON_LIMIT)
    except TooLong:
        raise TooLarge(f"HTTP {answer.status}, over {_JSON_LIMIT} bytes of JSON") from None
    value = parse(raw)
    if 200 <= answer.status < 300 and not isinstance(value, (dict, list)):
        raise OutsideFailure(f"HTTP {answer.status} without JSON")
    return HomeserverAnswer(
        answer.status,
        body=as_object(value),
        items=as_list(value),
        retry_after=answer.header("Retry-After"),
    )
