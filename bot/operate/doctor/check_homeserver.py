"""The homeserver, what the bot may do there, and the purger beside it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from bot.capped_http import NoAnswer, TooLong, ask_once
from bot.config import Config
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.rooms import RoomKind
from bot.ids import SystemClock
from bot.matrix.device_lists import parse_identity
from bot.matrix.homeserver_client import HomeserverClient, path
from bot.matrix.session import Session, session_of
from bot.operate.kept import Kept
from bot.operate.sealed_files import SESSION
from bot.purger.socket_client import SocketPurger

from .finding import Finding, told

CLOCKS_APART = timedelta(seconds=60)


async def homeserver(config: Config, kept: Kept | None) -> AsyncIterator[Finding]:
    start = (
        "start it with `consentry homeserver`" if config.homeserver.embedded else "check homeserver.url and the network"
    )
    try:
        versions, date = await _greeting(config.homeserver.url)
    except (NoAnswer, TooLong, ValueError) as error:
        why = str(error) if isinstance(error, NoAnswer) else type(error).__name__
        yield Finding("Homeserver", False, f"{config.homeserver.url} does not answer ({why})", start)
        return
    newest = versions[-1] if versions else "none"
    yield Finding(
        "Homeserver", "v1.11" in versions, f"{config.homeserver.url} speaks Matrix up to {newest}", "update it"
    )
    yield clock(date, SystemClock().now())
    signed_in = kept_session(config, kept)
    if signed_in is None:
        yield Finding("Login", None, "not yet", "the first start logs in with the password file")
        return
    client = HomeserverClient(config.homeserver.url, signed_in.access_token)
    try:
        await session_of(config.homeserver.url, signed_in.access_token)
        yield Finding("Login", True, f"{signed_in.user_id}, device {signed_in.device_id}")
        yield await _cross_signed(client, signed_in)
        if kept is not None:
            yield await _power(client, kept, signed_in)
    except Permanent as failure:
        yield Finding("Login", False, told(failure), "`consentry sign-in`, then start the bot")
    except OutsideFailure as failure:
        yield Finding("Login", False, told(failure), start)
    finally:
        await client.close()


async def _greeting(url: str) -> tuple[list[str], datetime | None]:
    """Return the versions spoken, in the order given, and the time on the homeserver's clock."""
    reply = await ask_once("GET", url, "/_matrix/client/versions", seconds=10)
    spoken = reply.body.get("versions")
    if reply.status != 200 or not isinstance(spoken, list):
        raise ValueError("not a homeserver")
    return [str(version) for version in spoken], parsedate_to_datetime(reply.date) if reply.date else None


def clock(theirs: datetime | None, ours: datetime) -> Finding:
    if theirs is None:
        return Finding("Clock", None, "the homeserver does not tell its time", "compare the clocks by hand")
    apart = abs(ours - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)))
    what = f"{apart.total_seconds():.0f} s from the homeserver's"
    return Finding("Clock", apart <= CLOCKS_APART, what, "set both clocks by NTP: deadlines and receipts rest on them")


def _sealed(config: Config) -> Path:
    return config.data.directory / f"{SESSION}.sealed"


def kept_session(config: Config, kept: Kept | None) -> Session | None:
    if kept is None or not _sealed(config).exists():
        return None
    return Session(**json.loads(kept.keys.open_secret(SESSION, _sealed(config).read_bytes())))


async def _cross_signed(client: HomeserverClient, session: Session) -> Finding:
    body: dict[str, dict[str, list[str]]] = {"device_keys": {session.user_id: []}}
    shown = parse_identity(session.user_id, await client.call("POST", path("keys", "query"), body=body))
    own = next((device for device in shown.devices if device.device_id == session.device_id), None)
    if own is not None and own.signed:
        return Finding("Cross-signing", True, f"this device is signed; fingerprint {shown.master[:8]}…")
    what = "this device is not signed by the bot's identity" if shown.master else "the account has no identity"
    return Finding("Cross-signing", False, what, "restart the bot: it signs itself, and refuses to run unsigned")


async def _power(client: HomeserverClient, kept: Kept, session: Session) -> Finding:
    """Check whether the bot made its rooms, because the maker of a room may redact everything in it.

    The power levels themselves do not say so in newer rooms.
    """
    async with kept.journal.reading() as rows:
        rooms = [room for room in await rows.rooms.every() if room.kind is not RoomKind.LOBBY]
    strange = 0
    for room in rooms:
        made = await client.ask("GET", path("rooms", room.id, "state", "m.room.create", ""), query={"format": "event"})
        strange += made.status != 200 or made.body.get("sender") != session.user_id
    if not rooms:
        return Finding("Power to redact", None, "no rooms yet", "the first start makes the practice's room")
    what = f"the bot made {len(rooms) - strange} of its {len(rooms)} rooms"
    return Finding(
        "Power to redact", not strange, what, "people must use the rooms the bot made: elsewhere nothing is purged"
    )


async def purger(config: Config) -> Finding:
    if config.purger.socket is None:
        what = "none: deleted photos stay on the homeserver, encrypted, beyond the bot's reach; receipts say so"
        return Finding.risk("Purger", what, "run the purger beside the homeserver and name its socket in [purger]")
    if await SocketPurger(config.purger.socket).available():
        return Finding("Purger", True, f"answers at {config.purger.socket}")
    mend = "start `consentry homeserver`" if config.homeserver.embedded else "start the purger"
    return Finding("Purger", False, f"nobody answers at {config.purger.socket}", mend)
