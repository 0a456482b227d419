"""Signed checkpoints of the audit chain: how long it was, and how it ended, at one moment; kept outside the data directory (R27).

A checkpoint holds the number and the hash of one row, and an Ed25519 signature over both. Cutting entries off the end, putting
an older copy back, or computing the whole chain anew contradicts one. Each is one file, `<row>-<hash>.json`: written beside,
made durable, renamed. What is there already is never written again. None holds a name or anything about health, so the
directory may lie where others can read it.

Deliberately not here: protection of the directory from people who may delete in it. A removed newest checkpoint is not missed.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.domain.errors import OutsideFailure, Permanent
from bot.durable import UNFINISHED, appearing
from storage.journal import audit_chain
from storage.sql.database import Database
from storage.sql.schema import canonical
from storage.vault.key_ring import KeyRing

from .far_disk import FarDisk

LABEL = b"consentry audit checkpoint 1\n"
NAME = re.compile(r"[0-9]{12}-[0-9a-f]{16}\.json")
LARGEST = 4096  # bytes
PATIENCE = 10.0  # seconds for one file: stopping waits no longer than this for a dead share


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A statement that row `seq` of the chain had this hash at this time."""

    seq: int
    hash: str  # hex
    at: datetime

    @property
    def name(self) -> str:
        return f"{self.seq:012d}-{self.hash[:16]}.json"

    @property
    def signed_bytes(self) -> bytes:
        return LABEL + canonical({"seq": self.seq, "hash": self.hash, "at": self.at.isoformat()}).encode()


def signing_key(keys: KeyRing) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.checkpoints)


def public_text(key: Ed25519PublicKey) -> str:
    """Return the public key as people copy it."""
    return base64.urlsafe_b64encode(key.public_bytes_raw()).decode().rstrip("=")


def public_key(text: str) -> Ed25519PublicKey:
    """Return the public key in a text; raise `Permanent` when it is none."""
    try:
        raw = base64.urlsafe_b64decode(text.strip() + "=" * (-len(text.strip()) % 4))
        return Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise Permanent("bad-public-key", "this is not a checkpoint key; `consentry audit verify` prints it") from None


class CheckpointDirectory:
    """The port `Witness`: makes checkpoints of one database's chain."""

    def __init__(self, database: Database, directory: Path, key: Ed25519PrivateKey, *, every: timedelta, entries: int):
        self._database = database
        self._directory = directory
        self._key = key
        self._every = every
        self._entries = entries
        self._last: Checkpoint | None = None
        self._disk = FarDisk("checkpoint: the directory does not answer", PATIENCE)

    async def note(self, now: datetime, *, at_once: bool = False) -> bool:
        """Make a checkpoint if one is due; return whether one was made. Raises `OutsideFailure` when it can't be written."""
        async with self._database.reading() as connection:
            seq, digest = await audit_chain.head(connection)
        if seq == 0 or (self._last is not None and self._last.seq == seq):
            return False
        if not at_once and self._last is not None:
            soon = now - self._last.at < self._every
            if soon and seq - self._last.seq < self._entries:
                return False
        made = Checkpoint(seq, digest.hex(), now)
        try:
            await self._disk.do(lambda: _write(self._directory, made, self._key))
        except OSError as error:
            raise OutsideFailure(f"checkpoint: errno {error.errno}") from None
        self._last = made
        return True


def _write(directory: Path, made: Checkpoint, key: Ed25519PrivateKey) -> None:
    """Write a checkpoint, but never make its directory: a disk that is not mounted must not look like an empty one."""
    path = directory / made.name
    if path.exists():
        return
    said = {
        "seq": made.seq,
        "hash": made.hash,
        "at": made.at.isoformat(),
        "key": public_text(key.public_key()),
        "signature": base64.b64encode(key.sign(made.signed_bytes)).decode(),
    }
    beside = directory / f".{made.name}.{secrets.token_hex(8)}{UNFINISHED}"
    with appearing(path, beside=beside, mode=0o644) as file:
        file.write(canonical(said).encode() + b"\n")


@dataclass(frozen=True, slots=True)
class CheckpointsFound:
    """What a directory of checkpoints holds: those that are signed, in order, and the names of files that are not."""

    signed: tuple[Checkpoint, ...]
    false: tuple[str, ...]


def read(directory: Path, key: Ed25519PublicKey) -> CheckpointsFound:
    """Return all checkpoints in a directory, each believed for its signature alone. `OutsideFailure` when it can't be read."""
    signed, false = [], []
    try:
        for path in sorted(directory.iterdir()):
            if NAME.fullmatch(path.name) is None:
                continue
            found = _parse(path, key)
            if found is None:
                false.append(path.name)
            else:
                signed.append(found)
    except OSError as error:
        raise OutsideFailure(f"the checkpoints in {directory} can't be read ({error.strerror})") from None
    return CheckpointsFound(tuple(sorted(signed, key=lambda one: (one.seq, one.at))), tuple(false))


def _parse(path: Path, key: Ed25519PublicKey) -> Checkpoint | None:
    with path.open("rb") as file:
        text = file.read(LARGEST)
    try:
        said = json.loads(text)
        found = Checkpoint(int(said["seq"]), str(said["hash"]), datetime.fromisoformat(said["at"]))
        key.verify(base64.b64decode(said["signature"]), found.signed_bytes)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError, InvalidSignature):
        return None
    return found if found.name == path.name else None


def contradiction(checkpoints: Sequence[Checkpoint]) -> Checkpoint | None:
    """Return the later of two checkpoints that name different hashes for one row: the log was rewritten between them."""
    seen: dict[int, str] = {}
    for checkpoint in checkpoints:
        if seen.setdefault(checkpoint.seq, checkpoint.hash) != checkpoint.hash:
            return checkpoint
    return None
