"""The key ring of one data directory: one root secret, every other key derived from it and for one use only.

The root is 32 random bytes in `master.key`, in a directory of its own apart from the data, so that a copied data directory or
backup opens nothing. Derivation is HKDF-SHA256 with a labelled purpose: no two uses share a key, and knowing one derived key
gives no other. The recovery secret *is* the root: with it and the data one has everything, and without either it or
`master.key` the data is lost for good. Nothing stronger is claimed.

Rules: key files are written once and never replaced; a missing key is never silently made anew; a key that others on this
machine can read is refused. No key is in a `repr`, an error or a log.

Not here: passphrases, hardware tokens, another root in the place of the first, and the vault's master keys, which are random
and sealed by this ring (`master_keys`).
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import OutsideFailure, Permanent
from bot.durable import appearing, sync_directory

SIZE = 32
FILE = "master.key"
SEALED_FORMAT = b"\x01"
NONCE = 12


class KeysRefused(Permanent):
    """The keys are missing, readable by others, malformed, or already there. The text says what to do about it."""


def never_replaced(path: Path) -> str:
    return f"{path} is there already and is never replaced; if it is the wrong one, move it away"


def random_key() -> bytes:
    return secrets.token_bytes(SIZE)


class KeyRing:
    """The keys of one data directory. Made by `create`, `load` or `recover`."""

    __slots__ = ("_root",)

    def __init__(self, root: bytes) -> None:
        if len(root) != SIZE:
            raise KeysRefused("bad-key", "a recovery secret has 32 bytes; check that the recovery key is complete")
        self._root = root

    @classmethod
    def create(cls, directory: Path) -> KeyRing:
        """Make a new ring and write it durably; refuse where one exists."""
        return cls.recover(random_key(), directory)

    @classmethod
    def recover(cls, secret: bytes, directory: Path) -> KeyRing:
        """Write the ring that a recovery secret stands for; refuse where one exists."""
        ring = cls(secret)
        try:
            _write(directory, secret)
        except OSError as error:
            raise OutsideFailure(f"keys-not-written: errno {error.errno}, {directory}") from None
        return ring

    @classmethod
    def load(cls, directory: Path) -> KeyRing:
        """Return the ring kept in `directory`; raise `KeysRefused` when it is not there or not private.

        What a crash left beside it while it was written goes: it may hold the key too.
        """
        ring = cls(_read(directory))
        for left in directory.glob(f".{FILE}.*"):
            with suppress(OSError):
                left.unlink()
        return ring

    def recovery_secret(self) -> bytes:
        """Return what recreates this ring: to be shown once, kept off this machine, and never stored."""
        return self._root

    @property
    def database(self) -> bytes:
        return self._derive("database")

    @property
    def matrix_store(self) -> bytes:
        """Return the key for the store of Matrix room keys."""
        return self._derive("matrix-store")

    @property
    def checkpoints(self) -> bytes:
        """Return the seed with which checkpoints of the audit chain are signed."""
        return self._derive("checkpoints")

    def seal_secret(self, name: str, secret: bytes) -> bytes:
        """Seal a small secret for a file of that name. Only `open_secret` with the same name opens it."""
        nonce = secrets.token_bytes(NONCE)
        return SEALED_FORMAT + nonce + AESGCM(self._derive(f"secret/{name}")).encrypt(nonce, secret, name.encode())

    def open_secret(self, name: str, sealed: bytes) -> bytes:
        """Return the secret; raise `Permanent("damaged")` if it was changed, sealed under another name, or by another ring."""
        nonce, body = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        try:
            if sealed[:1] != SEALED_FORMAT or len(body) < 16:
                raise InvalidTag
            return AESGCM(self._derive(f"secret/{name}")).decrypt(nonce, body, name.encode())
        except InvalidTag:
            raise Permanent("damaged", f"the sealed file {name} does not open with these keys") from None

    def _derive(self, purpose: str) -> bytes:
        return HKDF(SHA256(), SIZE, salt=None, info=f"consentry/1/{purpose}".encode()).derive(self._root)


def _write(directory: Path, root: bytes) -> None:
    """Write the key file: it appears whole or not at all, and never takes another's place."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    sync_directory(directory.parent)
    _refuse_if_loose(directory, directory.stat())
    path, beside = directory / FILE, directory / f".{FILE}.{secrets.token_hex(8)}"
    try:
        with appearing(path, beside=beside, replaces=False) as file:
            file.write(root)
    except FileExistsError:
        raise KeysRefused("keys-exist", never_replaced(path)) from None


def _read(directory: Path) -> bytes:
    path = directory / FILE
    try:
        _refuse_if_loose(directory, directory.stat())
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise KeysRefused(
            "no-keys",
            f"{path} is missing; restore the keys directory, or recover it with the recovery key: `consentry keys restore`",
        ) from None
    except OSError as error:  # mostly: not permitted
        raise KeysRefused(
            "no-keys", f"{path} cannot be opened (errno {error.errno}); run as the owner of the keys"
        ) from None
    with os.fdopen(descriptor, "rb") as file:
        _refuse_if_loose(path, os.fstat(file.fileno()))
        root = file.read(SIZE + 1)
    if len(root) != SIZE:
        raise KeysRefused(
            "bad-key",
            f"{path} is not a key file; restore it, or recover it with the recovery key: `consentry keys restore`",
        )
    return root


def _refuse_if_loose(path: Path, found: os.stat_result) -> None:
    if stat.S_IMODE(found.st_mode) & 0o077:
        mode = "700" if stat.S_ISDIR(found.st_mode) else "600"
        raise KeysRefused("loose-keys", f"others on this machine may open {path}; run: chmod {mode} {path}")
    if found.st_uid not in (os.geteuid(), 0):
        raise KeysRefused("loose-keys", f"{path} belongs to another user; make it belong to the one who runs the bot")
