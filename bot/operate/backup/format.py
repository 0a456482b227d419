"""What a backup is, both when it is made and when it is put back: its mark, and how all of it is read."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import OutsideFailure, Permanent
from bot.operate.kept import JOURNAL, KEY_STORE
from bot.operate.sealed_files import OLD_SESSION, SEEDS, SESSION, read_sealed, write_sealed
from storage.outside.checkpoints import signing_key
from storage.sql.database import Database
from storage.sql.database_copies import check_database, read_everything
from storage.vault.directory_vault import DirectoryVault
from storage.vault.key_ring import KeyRing
from storage.vault.master_keys import MasterKeys

FORMAT = 1
ABOUT = "backup.json"
SEAL = "backup"
OBJECTS = Path("data", "objects")
PREFIX = "consentry-"
UNFINISHED = ".part"

Told = Callable[[str, int, int], None]  # what is being done, how much of it is done, how much there is


def silently(_what: str, _done: int, _all: int) -> None:
    pass


def digests(backup: Path) -> dict[str, str]:
    """Return the digest of every file that a backup must hold, except the sealed photos: their record vouches for them."""
    own = {backup / ABOUT, backup / f"{SEAL}.sealed"}
    files = (path for path in sorted(backup.rglob("*")) if path.is_file() and path not in own)
    return {str(path.relative_to(backup)): _digest(path) for path in files if not path.is_relative_to(backup / OBJECTS)}


def differing(backup: Path, expected: Mapping[str, str]) -> str | None:
    """Return the first of these files that is missing or differs from what it was."""
    found = digests(backup)
    return next((name for name, digest in expected.items() if found.get(name) != digest), None)


def belongs(path: Path, backup: Path, expected: Mapping[str, str]) -> bool:
    """Return whether a file is part of the backup, and nothing that somebody else, or their file browser, put there."""
    return path.is_relative_to(backup / OBJECTS) or str(path.relative_to(backup)) in expected


def seal(backup: Path, keys: KeyRing) -> None:
    """Vouch for all that the backup's mark says.

    Digests alone catch accidents: somebody who can write here could write new ones.
    """
    write_sealed(keys, backup, SEAL, _digest(backup / ABOUT).encode())


def is_sealed(backup: Path, keys: KeyRing) -> bool:
    """Return whether all that the backup's mark says is what these keys vouched for."""
    try:
        return read_sealed(keys, backup, SEAL) == _digest(backup / ABOUT).encode()
    except Permanent:
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def read_back(data: Path, keys: KeyRing, progress: Callable[[int, int], None]) -> int:
    """Read all of a copy as the bot would read it; return the number of sealed objects.

    A wrong key raises `WrongKey` before anything else.
    """
    database = await Database.open(data / JOURNAL, keys.database, read_only=True)
    try:
        for name in (SESSION, OLD_SESSION, SEEDS):
            read_sealed(keys, data, name)
        if (data / KEY_STORE).exists():
            await check_database(data / KEY_STORE, keys.matrix_store)
        return await read_everything(database, DirectoryVault(data, MasterKeys(database, keys)), progress)
    finally:
        await database.close()


def unfinished(backup: Path, keys: KeyRing) -> Path:
    """Return the name of a backup while it is made or removed. Another practice may keep its backups in the same directory."""
    return backup.with_name(f"{backup.name}.{_of(keys)}{UNFINISHED}")


def clear_unfinished(destination: Path, keys: KeyRing) -> None:
    """Remove what an interrupted command of this practice left."""
    for left in destination.glob(f"{PREFIX}*.{_of(keys)}{UNFINISHED}"):
        shutil.rmtree(left)


def _of(keys: KeyRing) -> str:
    """Return a name that tells practices apart and says nothing of the keys; the key that checks checkpoints is public."""
    return hashlib.sha256(signing_key(keys).public_key().public_bytes_raw()).hexdigest()[:8]


@contextmanager
def on_disk(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutsideFailure(f"{where}: {error.strerror}") from None
