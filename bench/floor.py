"""The floor: the least that has to be done with a photo, by a bare script that keeps no promise but these.

Download the ciphertext, check its hash, decrypt, hash, seal, write and fsync; read the file back, open it and compare: that is
*verified*. Delete the media, redact the event: that is *purged*. It is handed events that are decrypted already. It has no
database, no audit, no consent, no answer to anybody, judges no sender, observes nothing, and after a crash knows nothing.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import aiohttp
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bench.people import Sent

CHUNK = 64 * 1024


@dataclass(frozen=True)
class Took:
    """Seconds from the moment the event is there."""

    verified: float
    purged: float


class Floor:
    def __init__(self, url: str, token: str, admin_token: str, directory: Path) -> None:
        self._url = url
        self._own = {"Authorization": f"Bearer {token}"}
        self._admin = {"Authorization": f"Bearer {admin_token}"}
        self._directory = directory

    async def __aenter__(self) -> Floor:
        self._http = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def handle(self, sent: Sent) -> Took:
        began = time.monotonic()
        media = sent.file["url"].removeprefix("mxc://")
        async with self._http.get(f"{self._url}/_matrix/client/v1/media/download/{media}", headers=self._own) as answer:
            assert answer.status == 200
            ciphertext = await answer.read()
        await asyncio.to_thread(self._keep, sent, ciphertext)
        verified = time.monotonic()
        async with self._http.delete(f"{self._url}/_synapse/admin/v1/media/{media}", headers=self._admin) as answer:
            assert answer.status == 200
        where = f"rooms/{quote(sent.room_id)}/redact/{quote(sent.event_id)}/{secrets.token_hex(8)}"
        async with self._http.put(f"{self._url}/_matrix/client/v3/{where}", json={}, headers=self._own) as answer:
            assert answer.status == 200
        return Took(verified - began, time.monotonic() - began)

    async def handle_all(self, several: list[Sent], in_flight: int) -> float:
        """All of them, so many at a time; in how many seconds."""
        free = asyncio.Semaphore(in_flight)

        async def one(sent: Sent) -> None:
            async with free:
                await self.handle(sent)

        began = time.monotonic()
        await asyncio.gather(*(one(sent) for sent in several))
        return time.monotonic() - began

    def _keep(self, sent: Sent, ciphertext: bytes) -> None:
        digest = base64.b64decode(sent.file["hashes"]["sha256"] + "==")
        assert hashlib.sha256(ciphertext).digest() == digest
        key, iv = base64.urlsafe_b64decode(sent.file["key"]["k"] + "=="), base64.b64decode(sent.file["iv"] + "==")
        plain = Cipher(algorithms.AES(key), modes.CTR(iv)).decryptor().update(ciphertext)
        kept = hashlib.sha256(plain).hexdigest()
        cipher, path = ChaCha20Poly1305(ChaCha20Poly1305.generate_key()), self._directory / secrets.token_hex(8)
        with path.with_suffix(".part").open("wb") as file:
            for number, start in enumerate(range(0, len(plain), CHUNK)):
                file.write(cipher.encrypt(number.to_bytes(12, "big"), plain[start : start + CHUNK], None))
            file.flush()
            os.fsync(file.fileno())
        path.with_suffix(".part").rename(path)
        descriptor = os.open(self._directory, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        again, number = hashlib.sha256(), 0
        with path.open("rb") as file:
            while chunk := file.read(CHUNK + 16):
                again.update(cipher.decrypt(number.to_bytes(12, "big"), chunk, None))
                number += 1
        assert again.hexdigest() == kept
