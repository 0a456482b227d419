"""What a user would build instead: nio's own client, its download and decryption in a callback, a plain file.

Nothing is kept safe, and nothing purged.
"""

from __future__ import annotations

import time
from pathlib import Path

from nio import AsyncClient, AsyncClientConfig, RoomEncryptedImage
from nio.crypto import decrypt_attachment

from bot.homeserver import RegisteredAccount


class NioCallback:
    def __init__(self, url: str, account: RegisteredAccount, directory: Path) -> None:
        directory.mkdir()
        config = AsyncClientConfig(encryption_enabled=True, store_sync_tokens=False)
        self._client = AsyncClient(url, account.user_id, store_path=str(directory), config=config)
        self._account, self._directory = account, directory
        self.took: list[float] = []
        self._client.add_event_callback(self._image, RoomEncryptedImage)

    async def enter(self, room_id: str) -> None:
        await self._client.login(self._account.password)
        await self._client.keys_upload()
        await self._client.join(room_id)
        await self._client.sync()

    async def look(self, until: int) -> None:
        """Sync, with the callbacks of what it brought, until so many photos were taken."""
        for _ in range(30):
            await self._client.sync(timeout=1000)
            if len(self.took) >= until:
                return
        raise AssertionError("nio did not get the photo")

    async def _image(self, _room: object, event: RoomEncryptedImage) -> None:
        began = time.monotonic()
        answer = await self._client.download(event.url)
        plain = decrypt_attachment(answer.body, event.key["k"], event.hashes["sha256"], event.iv)
        (self._directory / event.event_id.replace("/", "_")).write_bytes(plain)
        self.took.append(time.monotonic() - began)

    async def close(self) -> None:
        await self._client.close()
