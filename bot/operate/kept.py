"""What is kept on disk: keys, database, journal, vault and record; opened by one bot at a time, and only when it is whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from bot.config import Config
from bot.domain.destination import THE_SECOND_COPY
from bot.domain.errors import Permanent
from bot.ports import CopyPlace
from storage.journal.encrypted_journal import EncryptedJournal
from storage.outside.checkpoints import CheckpointDirectory, signing_key
from storage.outside.outside_register import RegisterFiles
from storage.records.embedded import EmbeddedRecord
from storage.records.mirror import Mirror
from storage.sql.database import Database
from storage.sql.page_key import fits
from storage.vault.directory_vault import DirectoryVault
from storage.vault.key_ring import KeyRing
from storage.vault.master_keys import MasterKeys

from .destination_adapters import destination_adapters
from .sealed_files import OLD_SESSION, SEALED, SEEDS, SESSION, read_sealed

JOURNAL = "journal.db"
KEY_STORE = "matrix-keys.db"
LOCK = "consentry.lock"


class AlreadyRunning(Permanent):
    def __init__(self, directory: Path) -> None:
        super().__init__(
            "already-running", f"another consentry is running on {directory}; stop it first, or use another directory"
        )


@asynccontextmanager
async def only_one(config: Config) -> AsyncIterator[None]:
    """Hold the data directory; raise `AlreadyRunning` when another process does."""
    config.data.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(config.data.directory / LOCK, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyRunning(config.data.directory) from None
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept on disk, opened."""

    keys: KeyRing
    masters: MasterKeys
    database: Database
    journal: EncryptedJournal
    vault: DirectoryVault
    record: EmbeddedRecord
    mirror: Mirror | None = None  # the second copy, from which things are taken back
    places: tuple[CopyPlace, ...] = ()  # all further copies, that one first


def mirror_of(config: Config, keys: KeyRing) -> Mirror | None:
    return Mirror(config.record.mirror, keys) if config.record.mirror is not None else None


def places_of(mirror: Mirror | None, further: Sequence[CopyPlace] = ()) -> tuple[CopyPlace, ...]:
    """Return the places of all copies, the second copy first."""
    second = (CopyPlace(THE_SECOND_COPY, mirror),) if mirror is not None else ()
    return (*second, *further)


@asynccontextmanager
async def opened(config: Config, *, read_only: bool = False) -> AsyncIterator[Kept]:
    keys = KeyRing.load(config.data.keys_directory)
    database = await Database.open(config.data.directory / JOURNAL, keys.database, read_only=read_only)
    try:
        masters = MasterKeys(database, keys)
        vault = DirectoryVault(config.data.directory, masters)
        mirror = mirror_of(config, keys)
        places = places_of(mirror, destination_adapters(config, database))
        record = EmbeddedRecord(database, vault, destinations=[place.destination for place in places])
        yield Kept(keys, masters, database, EncryptedJournal(database), vault, record, mirror, places)
    finally:
        await database.close()


def what_lies_here(directory: Path) -> list[str]:
    """Return the names of what in a data directory opens with the keys only.

    Empty files don't count: they hold nothing that the keys could open.
    """
    names = (JOURNAL, KEY_STORE, *(f"{name}{SEALED}" for name in (SESSION, OLD_SESSION, SEEDS)))
    return [name for name in names if (directory / name).exists() and (directory / name).stat().st_size]


def opens_what_lies_here(directory: Path, keys: KeyRing) -> bool | None:
    """Return whether these keys open any of what lies here; None when nothing does. Nothing is made or changed by looking.

    Any is enough: one file may be damaged, and must not keep the right keys out. Wrong keys open none.
    """
    names = what_lies_here(directory)
    return any(_opens(directory, name, keys) for name in names) if names else None


def _opens(directory: Path, name: str, keys: KeyRing) -> bool:
    if name in (JOURNAL, KEY_STORE):
        return fits(directory / name, keys.database if name == JOURNAL else keys.matrix_store)
    try:
        read_sealed(keys, directory, name.removesuffix(SEALED))
    except Permanent:
        return False
    return True


def require_whole(config: Config) -> None:
    """Refuse when a part of what is kept is gone: made anew it would be an empty record, or a device nobody knows."""
    directory = config.data.directory
    used = [name for name in (f"{SESSION}.sealed", f"{SEEDS}.sealed", "objects") if (directory / name).exists()]
    if used and not (directory / JOURNAL).exists():
        raise Permanent(
            "record-lost",
            f"the record {directory / JOURNAL} is missing and no new one is begun beside what is left of it; move "
            f"{directory} away and restore a backup with `consentry restore`",
        )
    if (directory / f"{SESSION}.sealed").exists() and not (directory / KEY_STORE).exists():
        raise Permanent(
            "key-store-lost",
            f"the keys of the chat, {directory / KEY_STORE}, are missing; put them back with `consentry keys restore FILE`, "
            "or do without: `consentry sign-in`, then messages sent to the bot before can't be read",
        )


def witness_of(config: Config, kept: Kept) -> CheckpointDirectory | None:
    """Return the place where the end of the audit log is noted; None when the practice has none."""
    at = config.audit.checkpoints
    if at is None:
        return None
    every, entries = config.audit.checkpoint_every, config.audit.checkpoint_entries
    return CheckpointDirectory(kept.database, at, signing_key(kept.keys), every=every, entries=entries)


def register_of(config: Config, keys: KeyRing, *more: Path) -> RegisterFiles:
    """Return the destruction register outside the data: beside the keys, and in every other place that the practice named."""
    named = (config.data.keys_directory, config.record.mirror, config.audit.checkpoints, *more)
    return RegisterFiles([place for place in named if place is not None], keys)
