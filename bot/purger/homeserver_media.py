"""The homeserver's side: the only code of the purger that holds the admin token, and its only admin requests.

Rules: the token is read from a file that others cannot read; it travels in a header, to loopback or over TLS, never through
redirects or the environment's proxies. A 404 counts only when it is Synapse's own word that it does not have the media, because a
proxy that hides the admin interface answers 404 as well.
"""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from bot.capped_http import NoAnswer, TooLong, ask_once

from .protocol import Media
from .refusals import CannotServe, Forbidden, HomeserverAway

_PATIENCE = 20.0  # seconds
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class HomeserverMedia:
    """The media of the homeserver at `url`, looked up and deleted with the token in `token_file`."""

    def __init__(self, url: str, token_file: Path) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise CannotServe("the homeserver must be on loopback or behind https: the token would travel in clear")
        self._url = url.rstrip("/")
        self._token_file = token_file
        self._token = _read_token(token_file)
        self._server_name = ""

    async def server_name(self) -> str:
        """Return the name of the homeserver, as it stands in the token's own user id."""
        if not self._server_name:
            status, body = await self._ask("GET", "/_matrix/client/v3/account/whoami")
            if status != 200:
                raise HomeserverAway(f"whoami: {status}")
            self._server_name = str(body.get("user_id", "")).partition(":")[2]
            if not self._server_name:
                raise HomeserverAway("whoami: no user id")
        return self._server_name

    async def owner(self, media: Media) -> str | None:
        """Return the account that uploaded it or reserved its id; None when the homeserver does not have it."""
        status, body = await self._ask("GET", f"/_synapse/admin/v1/media/{media.server}/{media.media_id}")
        if status == 404 and body.get("errcode") == "M_NOT_FOUND":
            return None
        info = body.get("media_info")
        owner = info.get("user_id") if isinstance(info, dict) else None
        if status != 200 or not isinstance(owner, str):
            raise HomeserverAway(f"owner: {status}")
        return owner

    async def uploads(self, owner: str, before: int, start: int) -> tuple[tuple[str, ...], int]:
        """Return the ids of what this account uploaded as ciphertext before a time, and where to go on (0 at the end).

        Looks at ten uploads at a time, from `start` on; `before` is in milliseconds since 1970.
        """
        user = quote(owner, safe="")
        status, body = await self._ask("GET", f"/_synapse/admin/v1/users/{user}/media?limit=10&from={max(0, start)}")
        found = body.get("media")
        if status == 404:
            return (), 0
        if status != 200 or not isinstance(found, list):
            raise HomeserverAway(f"list: {status}")
        ids = tuple(
            str(upload["media_id"])
            for upload in found
            if isinstance(upload, dict)
            and upload.get("media_type") == "application/octet-stream"  # which a profile picture is not
            and int(upload.get("created_ts") or 0) < before
        )
        return ids, int(body.get("next_token") or 0)

    async def delete(self, media: Media) -> None:
        """Delete it; return once the homeserver says that it is deleted or that it never had it."""
        status, body = await self._ask("DELETE", f"/_synapse/admin/v1/media/{media.server}/{media.media_id}")
        deleted = status == 200 and media.media_id in body.get("deleted_media", ())
        absent = status == 404 and body.get("errcode") == "M_NOT_FOUND"
        if not (deleted or absent):
            raise HomeserverAway(f"delete: {status}")

    async def _ask(self, method: str, path: str) -> tuple[int, Mapping[str, Any]]:
        status, body = await self._ask_once(method, path)
        if status == 401:  # the token file may have been renewed since it was read
            self._token = await asyncio.to_thread(_read_token, self._token_file)
            status, body = await self._ask_once(method, path)
        if status in (401, 403):
            raise Forbidden
        return status, body

    async def _ask_once(self, method: str, path: str) -> tuple[int, Mapping[str, Any]]:
        try:
            reply = await ask_once(method, self._url, path, token=self._token, seconds=_PATIENCE)
        except NoAnswer as error:
            raise HomeserverAway(str(error)) from None
        except TooLong:
            raise HomeserverAway("an answer too large") from None
        return reply.status, reply.body


def _read_token(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        token = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise CannotServe(f"the token file {path} cannot be read: {type(error).__name__}") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CannotServe(f"the token file {path} is readable by others: chmod 600 it")
    if not token or any(character.isspace() for character in token):
        raise CannotServe(f"the token file {path} does not hold one token")
    return token
