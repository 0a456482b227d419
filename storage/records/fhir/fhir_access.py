"""How the bot shows a FHIR server who it is: a token that the practice was given, or one it asks for (SMART backend services).

Secrets are read from their files each time they are needed, so that a new one counts at once, and stand nowhere else. A token
that was asked for is kept until shortly before it ends.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlencode, urlsplit

from bot.capped_http import CappedHttp, NoAnswer, TooLong, object_in
from bot.domain.errors import OutsideFailure

NOT_LET_IN: Final = "not-let-in"
_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FORM: Final = "application/x-www-form-urlencoded"
_LASTS: Final = timedelta(minutes=4)  # an assertion; servers take five at most
_SHORTLY: Final = timedelta(seconds=30)
_SMALL: Final = 64 * 1024
_SECONDS: Final = 30.0
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


class Access(Protocol):
    async def token(self, http: CappedHttp, *, anew: bool = False) -> str:
        """Return a token; one that was not given out before where `anew`, because the last was not taken."""


@dataclass(frozen=True, slots=True)
class GivenToken:
    """A token that lies in a file."""

    file: Path

    async def token(self, http: CappedHttp, *, anew: bool = False) -> str:
        return _secret(self.file)


class SmartBackend:
    """Exchange a signed statement of who we are for a token (SMART backend services, `private_key_jwt` with ES384)."""

    def __init__(self, client_id: str, key_file: Path, scopes: str, key_id: str | None) -> None:
        self._client_id = client_id
        self._key_file = key_file
        self._scopes = scopes
        self._key_id = key_id
        self._token, self._until = "", datetime.min.replace(tzinfo=UTC)
        self._turn = asyncio.Lock()

    async def token(self, http: CappedHttp, *, anew: bool = False) -> str:
        """Return the token; `anew` says that it was refused. Two who ask at once get the same one: a server may end the first."""
        refused = self._token if anew else None
        async with self._turn:
            now = datetime.now(UTC)
            if self._token == refused or now + _SHORTLY >= self._until:
                await self._ask(http, now)
            return self._token

    async def _ask(self, http: CappedHttp, now: datetime) -> None:
        status, told = await _answered(http, "GET", "/.well-known/smart-configuration")
        url = str(told.get("token_endpoint", ""))
        parts = urlsplit(url)
        _require_well(status)
        if status != 200 or not (parts.scheme == "https" or parts.hostname in _LOOPBACK):
            raise OutsideFailure(NOT_LET_IN)
        form = {
            "grant_type": "client_credentials",
            "scope": self._scopes,
            "client_assertion_type": _ASSERTION,
            "client_assertion": self._statement(url, now),
        }
        at = CappedHttp(f"{parts.scheme}://{parts.netloc}")
        try:
            status, told = await _answered(at, "POST", parts.path, urlencode(form).encode())
        finally:
            await at.close()
        _require_well(status)
        if status != 200 or not isinstance(told.get("access_token"), str):
            raise OutsideFailure(NOT_LET_IN)
        seconds = told.get("expires_in")
        self._token = told["access_token"]
        self._until = now + timedelta(seconds=seconds if isinstance(seconds, int) else 60)

    def _statement(self, url: str, now: datetime) -> str:
        import jwt  # nobody with a token of another kind waits for it at the start

        claims: dict[str, Any] = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": url,
            "iat": now,
            "exp": now + _LASTS,
            "jti": secrets.token_hex(16),
        }
        headers = {"kid": self._key_id} if self._key_id else None
        try:
            return jwt.encode(claims, _secret(self._key_file), algorithm="ES384", headers=headers)
        except (jwt.PyJWTError, ValueError, TypeError):  # its own text may quote the key
            raise OutsideFailure("no-secret") from None


async def _answered(http: CappedHttp, method: str, path: str, form: bytes | None = None) -> tuple[int, dict[str, Any]]:
    try:
        async with http.asking(method, path, form, _FORM, seconds=_SECONDS) as answer:
            return answer.status, object_in(await answer.read(_SMALL))
    except (NoAnswer, TooLong):
        raise OutsideFailure("away") from None


def _require_well(status: int) -> None:
    """Tell a server that has trouble from one that does not let us in: people look for something else."""
    if status == 429 or status >= 500:
        raise OutsideFailure("busy" if status == 429 else "unwell")


def _secret(file: Path) -> str:
    """Return what a file holds; never name the file or what it holds in a failure."""
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise OutsideFailure("no-secret") from None
    if not secret:
        raise OutsideFailure("no-secret")
    return secret
