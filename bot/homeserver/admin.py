"""What only the owner of the homeserver can do: make accounts and registration tokens, over its own HTTP interface.

The bot never holds any of this. Secrets travel in bodies and headers to loopback, never in a URL or an error's text.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.capped_http import NoAnswer, TooLong, ask_once
from bot.domain.errors import OutsideFailure, Permanent


@dataclass(frozen=True, slots=True)
class RegisteredAccount:
    """A login. `repr` keeps the password to itself."""

    user_id: str
    password: str

    def __repr__(self) -> str:
        return f"RegisteredAccount({self.user_id})"


async def register(url: str, shared_secret: str, localpart: str, password: str, *, admin: bool) -> str:
    """Make an account and return its user id; raise `Permanent("M_USER_IN_USE")` when there is one already."""
    nonce = str((await _ask("GET", url, "/_synapse/admin/v1/register"))["nonce"])
    parts = [nonce, localpart, password, "admin" if admin else "notadmin"]
    mac = hmac.new(
        shared_secret.encode(), "\0".join(parts).encode(), hashlib.sha1
    ).hexdigest()  # the interface's choice
    body = {"nonce": nonce, "username": localpart, "password": password, "admin": admin, "mac": mac}
    made = await _ask("POST", url, "/_synapse/admin/v1/register", body | {"inhibit_login": True})
    return str(made["user_id"])


async def login(url: str, localpart: str, password: str, device_id: str) -> str:
    """Return an access token, for the same device each time, so that devices don't pile up."""
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": localpart},
        "password": password,
        "device_id": device_id,
    }
    return str((await _ask("POST", url, "/_matrix/client/v3/login", body))["access_token"])


async def offer_registration(url: str, power: str, token: str, expires: datetime) -> None:
    """Let one account be made with this token until it expires."""
    body = {"token": token, "uses_allowed": 1, "expiry_time": int(expires.timestamp() * 1000)}
    await _ask("POST", url, "/_synapse/admin/v1/registration_tokens/new", body, power)


async def answers(url: str) -> bool:
    """Return whether a homeserver answers there."""
    try:
        await _ask("GET", url, "/_matrix/client/versions")
    except OutsideFailure:
        return False
    return True


async def token_works(url: str, token: str) -> bool:
    """Return whether this access token is still good; raise when the homeserver is away."""
    try:
        await _ask("GET", url, "/_matrix/client/v3/account/whoami", token=token)
    except Permanent:
        return False
    return True


async def _ask(
    method: str, url: str, path: str, body: Mapping[str, object] | None = None, token: str = ""
) -> Mapping[str, Any]:
    try:
        reply = await ask_once(method, url, path, body, token)
    except (NoAnswer, TooLong) as error:
        raise OutsideFailure(f"homeserver: {error}") from None
    if reply.status < 400 and not reply.body:
        raise OutsideFailure(f"homeserver: {reply.status} without an object")
    if reply.status >= 400:
        code = str(reply.body.get("errcode", reply.status))
        if reply.status >= 500 or reply.status == 429 or not reply.body:
            raise OutsideFailure(f"homeserver: {reply.status} {code}")
        raise Permanent(code, path)
    return reply.body
