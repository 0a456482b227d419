"""A new device in the place of an old one: after the session was ended, or on another machine from a backup.

The new device can read what the old one could, and what still waits for the old one is read first. Nothing is ever sent with the
old device's keys: a ratchet from a backup would encrypt with keys that were used before. At the end no other device of the
account is signed in, so that a lost or stolen machine hears nothing more.

Each step may be done twice, so an interrupted start begins again.
"""

from __future__ import annotations

from pathlib import Path

from bot.domain.errors import Permanent, SignedOut

from .device_lists import DeviceDirectory
from .failures import failure
from .feed import SyncFeed
from .foreign_json import as_list, as_object
from .homeserver_client import CLIENT, HomeserverClient, path
from .olm_machine import OlmMachine
from .room_keys import RoomKeys
from .session import Session
from .store import KeyStore


async def read_what_waits(homeserver_url: str, old: Session, file: Path, key: bytes, since: str | None) -> None:
    """Store the room keys that were sent to the old device and that it never fetched; none if it is signed out already."""
    store = KeyStore(file, key, old.user_id, old.device_id)
    client = HomeserverClient(homeserver_url, old.access_token)
    try:
        machine = OlmMachine(store, old.user_id, old.device_id)
        feed = SyncFeed(client, store, machine, DeviceDirectory(client), RoomKeys(client, machine))
        await feed.read_key_messages(since)
    except SignedOut:
        return
    finally:
        await client.close()
        store.close()


def take_over(new: Session, old: Session, file: Path, key: bytes) -> None:
    store = KeyStore(file, key, new.user_id, new.device_id)
    try:
        OlmMachine(store, new.user_id, new.device_id)  # makes the account the keys go to
        store.take_over_room_keys(old.device_id, new.device_id)
    finally:
        store.close()


async def sign_out_others(homeserver_url: str, session: Session, password: str) -> None:
    """Sign out every other device of the account; return once they are seen to be gone."""
    client = HomeserverClient(homeserver_url, session.access_token)
    try:
        if not (others := await _others(client, session)):
            return
        where, body = f"{CLIENT}/delete_devices", {"devices": others}
        answer = await client.ask("POST", where, body=body)
        if answer.status == 401 and "flows" in answer.body:
            identifier = {"type": "m.id.user", "user": session.user_id}
            proof = {"type": "m.login.password", "identifier": identifier, "password": password}
            answer = await client.ask(
                "POST", where, body=body | {"auth": {**proof, "session": answer.body.get("session", "")}}
            )
        if answer.status != 200:
            raise failure(answer.status, answer.body, answer.retry_after)
        if await _others(client, session):
            raise Permanent("not-signed-out", "the homeserver does not sign the old device out; sign it out by hand")
    finally:
        await client.close()


async def _others(client: HomeserverClient, session: Session) -> list[str]:
    shown = as_list((await client.call("GET", path("devices"))).get("devices"))
    ids = [as_object(device).get("device_id") for device in shown]
    return [device_id for device_id in ids if isinstance(device_id, str) and device_id != session.device_id]
