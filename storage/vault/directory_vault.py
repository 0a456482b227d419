"""Sealed blobs on disk: `objects/ab/<object id>`, one file per object, never a byte of plaintext in any of them.

Each object has a random key of its own, wrapped by the vault's master key and bound to object id and patient: a key taken from
another row, object or patient does not open it. Destroying every copy of the wrapped key destroys the object. A blob is
durable before `seal` returns (temp, fsync, rename, fsync directory), and appears whole or not at all.

Rules: the caller stores what `seal` returned in its next commit. Sealing an id again makes every earlier `SealedObject` of
that id useless, so an id is sealed again only while none is committed. After a crash `clear_unfinished` must run once, before
any sealing, in the one process that writes.

Not here: who may open what, and any list of objects; the database knows both.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import errno
import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import PatientId
from bot.domain.sealed import SealedObject
from bot.durable import UNFINISHED, appearing, sync_directory

from . import stream
from .master_keys import MasterKeys

OBJECT_ID = re.compile(r"[a-z0-9]{2,64}")
NONCE = 12
LABEL = "consentry key wrap 1"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DirectoryVault:
    """The port `Vault` over a directory. All file work and cryptography runs in threads."""

    def __init__(self, directory: Path, keys: MasterKeys) -> None:
        self._objects = directory / "objects"
        self._keys = keys

    async def seal(self, object_id: str, patient_id: PatientId, data: bytes) -> SealedObject:
        key = secrets.token_bytes(stream.KEY_SIZE)
        # Both take processor time and let go of the interpreter, so they run side by side.
        sha256, _ = await asyncio.gather(
            asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest()),
            asyncio.to_thread(self._seal, object_id, data, key),
        )
        return await self._wrapped(SealedObject(object_id, patient_id, "", 0, len(data), sha256), key)

    async def open(self, sealed: SealedObject) -> bytes:
        return await asyncio.to_thread(self._open, sealed, await self._unwrapped(sealed))

    async def digest(self, sealed: SealedObject) -> str:
        return await asyncio.to_thread(self._digest, sealed, await self._unwrapped(sealed))

    async def rewrap(self, sealed: SealedObject, patient_id: PatientId) -> SealedObject:
        return await self._wrapped(replace(sealed, patient_id=patient_id), await self._unwrapped(sealed))

    async def put_back(self, sealed: SealedObject, data: bytes) -> None:
        """Write a blob that was lost or damaged from a copy of its bytes: under the same key the same bytes are the same file."""
        if hashlib.sha256(data).hexdigest() != sealed.sha256:  # sealing other bytes under this key would give both away
            raise Permanent("damaged", f"what is to be put back as object {sealed.object_id}")
        key = await self._unwrapped(sealed)
        await asyncio.to_thread(self._seal, sealed.object_id, data, key)

    async def destroy(self, object_id: str) -> None:
        await asyncio.to_thread(self._destroy, object_id)

    def object_ids(self) -> set[str]:
        """Return the id of every blob there is."""
        return {path.name for path in self._objects.glob("*/*") if OBJECT_ID.fullmatch(path.name)}

    def clear_unfinished(self) -> None:
        """Remove what a crash left half written. Only for the one process that writes, before it seals anything."""
        for path in self._objects.glob(f"*/*{UNFINISHED}"):
            path.unlink(missing_ok=True)

    def _seal(self, object_id: str, data: bytes, key: bytes) -> None:
        """Write the blob to the disk; its key is still to be wrapped."""
        path = self._path(object_id)
        with _disk(object_id):
            self._make_room_for(path)
            unfinished = path.with_name(f"{object_id}.{secrets.token_hex(8)}{UNFINISHED}")
            with appearing(path, beside=unfinished) as file:
                stream.seal_into(file, key, object_id, data)

    def _open(self, sealed: SealedObject, key: bytes) -> bytes:
        with self._blob(sealed) as file:
            data = stream.unseal_from(file, key, sealed.object_id)
        if len(data) != sealed.size:
            raise Permanent("damaged", f"object {sealed.object_id}")
        return data

    def _digest(self, sealed: SealedObject, key: bytes) -> str:
        with self._blob(sealed) as file:
            digest, size = stream.digest_from(file, key, sealed.object_id)
        if size != sealed.size:
            raise Permanent("damaged", f"object {sealed.object_id}")
        return digest

    @contextmanager
    def _blob(self, sealed: SealedObject) -> Iterator[BinaryIO]:
        with _disk(sealed.object_id):
            try:
                with self._path(sealed.object_id).open("rb") as file:
                    yield file
            except FileNotFoundError:
                raise Permanent("missing", f"object {sealed.object_id}") from None
            except stream.NotAuthentic:
                raise Permanent("damaged", f"object {sealed.object_id}") from None

    def _destroy(self, object_id: str) -> None:
        path = self._path(object_id)
        with _disk(object_id), suppress(FileNotFoundError):
            path.unlink()
            sync_directory(path.parent)

    def _make_room_for(self, path: Path) -> None:
        """Make the directories of a blob, each durable in its parent, or a power cut could lose the blob with its path."""
        for directory in (self._objects.parent, self._objects, path.parent):
            if not directory.exists():
                directory.mkdir(mode=0o700, parents=True, exist_ok=True)
                sync_directory(directory.parent)

    def _path(self, object_id: str) -> Path:
        if not OBJECT_ID.fullmatch(object_id):  # it becomes a file name
            raise ValueError("an object id is 2 to 64 lower-case letters and digits")
        return self._objects / object_id[:2] / object_id

    async def _wrapped(self, sealed: SealedObject, key: bytes) -> SealedObject:
        (version, master), nonce = await self._keys.current(), secrets.token_bytes(NONCE)
        wrapped = nonce + AESGCM(master).encrypt(nonce, key, _binding(sealed))
        return replace(sealed, wrapped_key=base64.b64encode(wrapped).decode(), key_version=version)

    async def _unwrapped(self, sealed: SealedObject) -> bytes:
        self._path(sealed.object_id)
        master = await self._keys.of(sealed.key_version)
        try:
            wrapped = base64.b64decode(sealed.wrapped_key, validate=True)
            return AESGCM(master).decrypt(wrapped[:NONCE], wrapped[NONCE:], _binding(sealed))
        except (InvalidTag, binascii.Error, ValueError):
            raise Permanent("damaged", f"the key of object {sealed.object_id}") from None


def _binding(sealed: SealedObject) -> bytes:
    """Return what binds a key to its object and patient. It is unambiguous, because an object id holds no NUL."""
    return f"{LABEL}\0{sealed.object_id}\0{sealed.patient_id}".encode()


@contextmanager
def _disk(object_id: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = "disk-full" if error.errno in FULL else "disk-error"
        raise OutsideFailure(f"{what}: errno {error.errno}, object {object_id}") from None
