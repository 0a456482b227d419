"""The bot on Matrix: `Matrix` implements the ports `Feed` and `Chat`.

Once started, it is reachable (device and one-time keys published), cross-signed by its own identity, and seen to be so;
otherwise it does not start. Everything sent is encrypted for exactly the devices that its audience allows, checked against the
room as it is at that moment. Messages to one room are sent one after another; rooms do not wait for each other.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.arrivals import Arrival, Batch
from bot.domain.errors import Permanent
from bot.domain.identifiers import Account, EventId, MediaId, RoomId
from bot.ports import Audience, NewRoom, UnsafeRoom

from .cross_signing import Seeds, sign_own_device
from .device_lists import DeviceDirectory
from .encrypted_files import decrypt_attachment, encrypt_attachment, media_id
from .feed import SyncFeed
from .homeserver_client import HomeserverClient
from .media import MediaRepository
from .olm_machine import OlmMachine
from .opened import LOOKED_AT, shows_opened
from .own_keys import OwnKeys
from .room_keys import RoomKeys
from .room_state import Rooms
from .sas import Ourselves
from .session import Session
from .store import KeyStore
from .trust import require_safe, room_state, who_may_read
from .verifications import Verifications


class Matrix:
    """One running session of the bot. Make it with `start`, end it with `close`."""

    def __init__(self, client: HomeserverClient, store: KeyStore, session: Session, seeds: Seeds) -> None:
        self._client, self._store, self._session, self._seeds = client, store, session, seeds
        self._machine = OlmMachine(store, session.user_id, session.device_id)
        self._devices = DeviceDirectory(client)
        self._room_keys = RoomKeys(client, self._machine)
        self._feed = SyncFeed(client, store, self._machine, self._devices, self._room_keys)
        self._media = MediaRepository(client)
        self._rooms = Rooms(client, store)
        self._sending: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        ours = Ourselves(session.user_id, session.device_id, self._machine.ed25519, seeds.identity)
        self.verifications = Verifications(client, self._devices, ours, seeds, self._send_to_all)

    @classmethod
    async def start(
        cls, homeserver_url: str, session: Session, store_path: Path, store_key: bytes, seeds: Seeds
    ) -> Matrix:
        """Start a session on the key store in the file `store_path`.

        Raises `SignedOut`, `IdentityConflict`, `OutsideFailure`, or `Permanent` with the code "already-running", "wrong-key",
        "key-store-lost" or "not-cross-signed".
        """
        store = KeyStore(store_path, store_key, session.user_id, session.device_id)
        client = HomeserverClient(homeserver_url, session.access_token)
        try:
            matrix = cls(client, store, session, seeds)
            await matrix._become_reachable()
        except BaseException:  # also when it is cancelled: the lock of the key store must go
            await client.close()
            store.close()
            raise
        return matrix

    async def _become_reachable(self) -> None:
        await OwnKeys(self._client, self._machine).publish()
        await sign_own_device(self._client, self._machine, self._seeds)

    async def close(self) -> None:
        await self._client.close()
        self._store.close()

    # -- who the bot is

    @property
    def user_id(self) -> Account:
        return self._session.user_id

    @property
    def device_id(self) -> str:
        return self._session.device_id

    # -- Feed

    async def next_batch(self, since: str | None, timeout: timedelta) -> Batch:
        return await self._feed.next_batch(since, timeout)

    async def decrypt_again(self, arrival: Arrival) -> Arrival | None:
        return await self._feed.decrypt_again(arrival)

    # -- Chat

    async def send(
        self,
        room_id: RoomId,
        content: Mapping[str, Any],
        audience: Audience,
        *,
        transaction_id: str,
        event_type: str = "m.room.message",
    ) -> EventId:
        async with self._sending[room_id]:
            room = room_state(await self._rooms.state(room_id))
            require_safe(room, audience, self.user_id)
            members = (room.joined | room.invited) - {self.user_id}
            identities = await self._devices.identities(members)
            readers = who_may_read(room, audience, identities, self.user_id)
            encrypted = await self._room_keys.encrypt(room_id, event_type, content, readers)
            return await self._rooms.send(room_id, "m.room.encrypted", encrypted, transaction_id)

    async def _send_to_all(
        self, room_id: RoomId, event_type: str, content: Mapping[str, Any], transaction_id: str
    ) -> EventId:
        everyone = Audience({}, open=True)
        try:
            return await self.send(room_id, content, everyone, transaction_id=transaction_id, event_type=event_type)
        except UnsafeRoom as unsafe:
            raise Permanent(f"unsafe-room-{unsafe.reason}") from unsafe

    async def send_in_clear(self, room_id: RoomId, body: str, *, transaction_id: str) -> None:
        """Send in clear, only where there is no encryption at all: else `UnsafeRoom("encrypted")`."""
        async with self._sending[room_id]:
            if room_state(await self._rooms.state(room_id)).algorithm:
                raise UnsafeRoom("encrypted")
            content = {"msgtype": "m.notice", "body": body}
            await self._rooms.send(room_id, "m.room.message", content, transaction_id)

    async def is_opened(self, room_id: RoomId, event_id: EventId) -> bool:
        return shows_opened(await self._rooms.snapshot(room_id, LOOKED_AT), event_id, self.user_id)

    async def redact(self, room_id: RoomId, event_id: EventId, *, transaction_id: str) -> None:
        await self._rooms.redact(room_id, event_id, transaction_id)

    async def reserve_media(self) -> MediaId:
        return await self._media.reserve()

    async def put(self, mxc: MediaId, data: bytes) -> dict[str, Any]:
        """Encrypt and upload under a reserved id; return the EncryptedFile to send, which alone can open it.

        Raises `Permanent("already-uploaded")` when an earlier try got through: its key is lost, so reserve another id.
        """
        ciphertext, file = await asyncio.to_thread(encrypt_attachment, data)
        await self._media.upload(mxc, ciphertext)
        return {"url": mxc, **file}

    async def fetch(self, file: Mapping[str, Any], limit: int) -> bytes:
        """Download, check the hash and decrypt. Raises `Permanent`: "too-large", "gone", "wrong-hash", "bad-attachment"."""
        digest = hashlib.sha256()  # computed during the download, while there is only the next piece to wait for
        ciphertext = await self._media.download(media_id(file), limit, digest.update)
        return await asyncio.to_thread(decrypt_attachment, file, ciphertext, digest.digest())

    async def media_is_gone(self, mxc: MediaId) -> bool:
        return await self._media.is_gone(mxc)

    async def create_room(self, wish: NewRoom) -> RoomId:
        return await self._rooms.create(wish)

    async def invite(self, room_id: RoomId, user_id: Account) -> None:
        await self._rooms.invite(room_id, user_id)

    async def remove(self, room_id: RoomId, user_id: Account) -> None:
        await self._rooms.remove(room_id, user_id)

    async def join(self, room_id: RoomId) -> None:
        await self._rooms.join(room_id)

    async def leave(self, room_id: RoomId) -> None:
        await self._rooms.leave(room_id)
