"""The bot's own secrets, sealed beside the data: who it is to the homeserver, and the identity people know it by.

A file is there whole or not at all, and opens only under its own name.
"""

from __future__ import annotations

from pathlib import Path

from bot.durable import write_durably
from storage.vault.key_ring import KeyRing

SESSION = "matrix-session"
OLD_SESSION = "matrix-session-old"  # of a device that is to be replaced
SEEDS = "cross-signing-seeds"
SEALED = ".sealed"  # how the name of such a file ends


def read_sealed(keys: KeyRing, directory: Path, name: str) -> bytes | None:
    path = directory / f"{name}{SEALED}"
    return keys.open_secret(name, path.read_bytes()) if path.exists() else None


def write_sealed(keys: KeyRing, directory: Path, name: str, secret: bytes) -> None:
    write_durably(directory / f"{name}{SEALED}", keys.seal_secret(name, secret))


def retire_session(keys: KeyRing, directory: Path) -> None:
    """Mark the session, if there is one, as that of a device which is to be replaced."""
    session = read_sealed(keys, directory, SESSION)
    if session is not None:
        write_sealed(keys, directory, OLD_SESSION, session)
        (directory / f"{SESSION}{SEALED}").unlink()
