"""Logging in: who the bot is to the homeserver.

A `Session` is made once and kept sealed by the caller: logging in again makes a new device, which nobody trusts until it is
cross-signed. The password is used for the request and kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.domain.errors import OutsideFailure
from bot.domain.identifiers import Account

from .homeserver_client import HomeserverClient, path


@dataclass(frozen=True, slots=True)
class Session:
    """An account, one device of it, and the token that speaks for both. The token is never printed."""

    user_id: Account
    device_id: str
    access_token: str = field(repr=False)


async def login(homeserver_url: str, user: str, password: str, device_name: str = "consentry") -> Session:
    """Log in with the password and return a new session; raise `Permanent("forbidden")` when name or password is wrong."""
    client = HomeserverClient(homeserver_url)
    try:
        return _session(
            await client.call(
                "POST",
                path("login"),
                body={
                    "type": "m.login.password",
                    "identifier": {"type": "m.id.user", "user": user},
                    "password": password,
                    "initial_device_display_name": device_name,
                },
            )
        )
    finally:
        await client.close()


async def session_of(homeserver_url: str, access_token: str) -> Session:
    """Return the session that an existing access token belongs to; raise `SignedOut` when it is not valid."""
    client = HomeserverClient(homeserver_url, access_token)
    try:
        return _session({**await client.call("GET", path("account", "whoami")), "access_token": access_token})
    finally:
        await client.close()


def _session(body: dict[str, Any]) -> Session:
    user_id, device_id, token = body.get("user_id"), body.get("device_id"), body.get("access_token")
    if not (isinstance(user_id, str) and isinstance(device_id, str) and isinstance(token, str)):
        raise OutsideFailure("login answered without user, device or token")
    return Session(Account(user_id), device_id, token)
