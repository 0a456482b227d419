"""Pass a question on to the homeserver, and its answer back, piece by piece; nothing is kept or logged.

Guarantees:
- Only what `allowed` lists is asked, redirects are not followed, and no cookie goes either way.
- The homeserver is told one address, the browser's: the one that the proxy in front saw. What a browser claims about
  itself does not count, so limits for each address hold.
- A body over its cap is refused, before it is read where its length is known, and cut off where it is not.
- What the homeserver answers is passed on as it is, also that one is to slow down (429).
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

import aiohttp
from aiohttp import web
from yarl import URL

from .allowed import UPLOAD, is_passed_on
from .page_headers import KEEP_NOTHING, STRICT

LARGEST_QUESTION: Final = 256 * 1024  # bytes; an event may have 64 KiB, a first upload of keys is far smaller
_PIECE: Final = 64 * 1024
_ASKED_WITH: Final = ("Authorization", "Content-Type", "Accept")
_ANSWERED_WITH: Final = ("Content-Type", "Content-Length", "Retry-After")
_LIMITS: Final = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=120)  # a long question takes 30 s


def matrix_error(status: int, code: str, words: str) -> web.Response:
    """Answer as a homeserver would."""
    return web.Response(
        status=status,
        text=json.dumps({"errcode": code, "error": words}),
        content_type="application/json",
        headers={**STRICT, "Cache-Control": KEEP_NOTHING},
    )


def browsers_address(peer: str, forwarded: Sequence[str]) -> str:
    """Return the address that the proxy in front saw: the last that it wrote down, or else who asks us.

    A proxy adds to the line that came, or a line below it; whatever stands before may be the browser's own.
    """
    return forwarded[-1].rpartition(",")[2].strip() if forwarded else peer


class PassingOn:
    """The way to one homeserver. `largest_upload` is in bytes."""

    def __init__(self, homeserver: str, largest_upload: int) -> None:
        self._homeserver = homeserver.rstrip("/")
        self._largest_upload = largest_upload
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        """Answer what the homeserver answers, or 404, 413 or 502 in its stead."""
        path = request.rel_url.raw_path
        if not is_passed_on(request.method, path):
            return matrix_error(404, "M_UNRECOGNIZED", "Not served here")
        cap = self._largest_upload if path == UPLOAD else LARGEST_QUESTION
        if (request.content_length or 0) > cap:
            return matrix_error(413, "M_TOO_LARGE", "Too large")
        body = _CappedBody(request.content, cap)
        try:
            answer = await self._ask(request, body)
        except (aiohttp.ClientError, TimeoutError):
            if body.too_large:
                return matrix_error(413, "M_TOO_LARGE", "Too large")
            return matrix_error(502, "M_UNKNOWN", "The homeserver can't be reached")
        async with answer:  # once this has begun, a failure can only cut the answer short
            try:
                return await _passed_back(request, answer)
            except ConnectionResetError:
                return web.Response()  # whoever asked is gone: nothing is worth a line in the log

    async def _ask(self, request: web.Request, body: _CappedBody) -> aiohttp.ClientResponse:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                connector=aiohttp.TCPConnector(limit=0),  # every open page has one long question
                timeout=_LIMITS,
                auto_decompress=False,
            )
        address = browsers_address(request.remote or "", request.headers.getall("X-Forwarded-For", ()))
        headers = _only(request.headers, _ASKED_WITH) | {"Accept-Encoding": "identity", "X-Forwarded-For": address}
        if request.body_exists and request.content_length is not None:
            headers["Content-Length"] = str(request.content_length)
        return await self._session.request(
            request.method,
            URL(self._homeserver + request.rel_url.raw_path_qs, encoded=True),
            headers=headers,
            data=body.pieces() if request.body_exists else None,
            allow_redirects=False,
        )


def _only(headers: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: headers[name] for name in names if name in headers}


class _CappedBody:
    """A body on its way. What exceeds the cap ends the question to the homeserver in its middle."""

    def __init__(self, body: aiohttp.StreamReader, cap: int) -> None:
        self._body = body
        self._left = cap

    @property
    def too_large(self) -> bool:
        return self._left < 0

    async def pieces(self) -> AsyncIterator[bytes]:
        async for piece in self._body.iter_chunked(_PIECE):
            self._left -= len(piece)
            if self.too_large:
                raise aiohttp.ClientPayloadError
            yield piece


async def _passed_back(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    back = web.StreamResponse(
        status=answer.status,
        headers={**STRICT, **_only(answer.headers, _ANSWERED_WITH), "Cache-Control": KEEP_NOTHING},
    )
    await back.prepare(request)
    async for piece in answer.content.iter_chunked(_PIECE):
        await back.write(piece)
    await back.write_eof()
    return back
